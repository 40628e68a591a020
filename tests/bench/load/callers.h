// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "message_parser.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace clawloops::bench {

// One keep-alive connection and the request that is always sent on it, with another number in it each time: identical requests
// are what a runaway sends. Whatever goes wrong ends the program: a figure with errors in it is none.
struct Caller {
    int descriptor = -1;
    std::string head; // up to the number in the body
    bool busy = false;
    std::int64_t sentAt = 0;
    std::string waiting{}; // what the socket did not take
    MessageParser answer{};
    // of a streamed answer
    std::string line{};
    std::int64_t lastFrame = 0;
    std::int64_t widestGap = 0;
};

// All callers of a run, from a file with a line `ADDRESS TOKEN MODEL` for each, and a body in which @MODEL@ and @NUMBER@ stand once
// each in this order.
class Callers {
public:
    Callers(const std::string& targetsFile, const std::string& bodyFile);
    [[nodiscard]] std::size_t size() const { return m_callers.size(); }
    [[nodiscard]] Caller& operator[](std::size_t index) { return *m_callers[index]; }

    void send(Caller& caller);
    // Waits at most so long for answers. `piece` gets the body as it comes in, `whole` is called once at the end of each answer.
    void wait(int millis, const std::function<void(Caller&, std::string_view)>& piece, const std::function<void(Caller&)>& whole);

private:
    void flush(Caller& caller);
    void read(Caller& caller, const std::function<void(Caller&, std::string_view)>& piece, const std::function<void(Caller&)>& whole);

    int m_poll;
    std::string m_rest; // of the body, behind the number
    std::uint64_t m_number = 0;
    std::vector<std::unique_ptr<Caller>> m_callers;
    std::vector<char> m_buffer;
};

} // namespace clawloops::bench
