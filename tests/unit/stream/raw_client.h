// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace clawloops::test {

// A blocking client of a unix socket or a loopback port that writes whatever it is told, right or wrong.
class RawClient {
public:
    static RawClient local(const std::string& path);
    static RawClient tcp(int port);
    explicit RawClient(int fd = -1) : m_fd(fd) {}
    RawClient(RawClient&& other) noexcept;
    RawClient& operator=(RawClient&& other) noexcept;
    ~RawClient();

    [[nodiscard]] bool connected() const { return m_fd >= 0; }
    [[nodiscard]] int fd() const { return m_fd; }
    bool send(std::string_view bytes); // false when the other side closed
    // Everything until the other side closes, `enough` is seen, or the time is over.
    std::string receive(std::string_view enough = {}, std::chrono::milliseconds within = std::chrono::seconds(30));
    [[nodiscard]] bool sawEnd() const { return m_end; } // the last receive() ended because the other side closed
    void finishSending();
    void close();

private:
    int m_fd = -1;
    bool m_end = false;
};

} // namespace clawloops::test
