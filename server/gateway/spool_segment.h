// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clawloops::gateway {

// A file descriptor that closes itself; shared, because the syncing thread may still use one that the spool has left.
class FileHandle {
public:
    explicit FileHandle(int descriptor) : m_descriptor(descriptor) {}
    ~FileHandle();
    FileHandle(const FileHandle&) = delete;
    FileHandle& operator=(const FileHandle&) = delete;
    [[nodiscard]] int get() const { return m_descriptor; }

private:
    int m_descriptor;
};

// One file of the spool: lines numbered from first(). Knows the place of each 64th line, so that reading from the middle is cheap.
class SpoolSegment {
public:
    static std::filesystem::path pathOf(const std::filesystem::path& directory, std::int64_t first);
    static std::optional<std::int64_t> firstOf(const std::filesystem::path& path); // none: not a segment's name
    // Reads the file through. Lines must be JSON objects whose seq counts from `first`; at the first that is not, the file is cut
    // there when it is the `last` one (a write that a crash broke off), and refused otherwise.
    static Result<SpoolSegment> open(const std::filesystem::path& path, std::int64_t first, bool last);

    [[nodiscard]] std::int64_t first() const { return m_first; }
    [[nodiscard]] std::int64_t next() const { return m_first + m_count; } // seq after its last line
    [[nodiscard]] std::uint64_t bytes() const { return m_bytes; }
    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }
    [[nodiscard]] const std::shared_ptr<FileHandle>& file() const { return m_file; }

    // `line` with its line end; by one write. What a failed write left behind is cut off again.
    Status append(std::string_view line);
    // Lines from `seq` on, at most `limit` and about `bytes`, at least one when there is one.
    [[nodiscard]] Result<std::vector<std::string>> read(std::int64_t seq, std::int64_t limit, std::uint64_t bytes) const;

private:
    void countLine(std::uint64_t at);
    std::filesystem::path m_path;
    std::shared_ptr<FileHandle> m_file;
    std::int64_t m_first = 1;
    std::int64_t m_count = 0;
    std::uint64_t m_bytes = 0;
    std::vector<std::uint64_t> m_places;
};

} // namespace clawloops::gateway
