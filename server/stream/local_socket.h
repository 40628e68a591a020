// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "stream/task.h"

#include <filesystem>
#include <sys/stat.h>
#include <utility>

namespace clawloops::stream {

class Descriptor {
public:
    explicit Descriptor(int fd = -1) : m_fd(fd) {}
    Descriptor(Descriptor&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept;
    ~Descriptor();
    [[nodiscard]] int get() const { return m_fd; }
    [[nodiscard]] bool valid() const { return m_fd >= 0; }
    [[nodiscard]] int release() { return std::exchange(m_fd, -1); }

private:
    int m_fd;
};

// Opens `below` step by step under `base` without following a link; plain names only. The last step is O_PATH.
[[nodiscard]] Descriptor openBeneath(const std::filesystem::path& base, const std::filesystem::path& below);
// "/proc/self/fd/7": a name for what is open, short enough for a socket address, and safe from renames.
[[nodiscard]] std::string procPath(const Descriptor& descriptor);

// A listening unix socket. Removes an old socket of its own at that name first, never anything else.
struct LocalSocket {
    Descriptor socket;
    Descriptor directory;
    std::string name;
    ino_t inode = 0;
    dev_t device = 0;
    void unlink() const; // only if the name still means this socket
};
[[nodiscard]] Result<LocalSocket> listenLocally(const std::filesystem::path& path, mode_t mode);

} // namespace clawloops::stream
