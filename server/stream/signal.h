// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "stream/task.h"

#include <boost/asio/post.hpp>
#include <vector>

namespace clawloops::stream {

// A flag that a coroutine can wait for: set() wakes all who wait, in a later turn, and later ones do not wait at all until
// reset(). Outlives who waits.
class Signal {
public:
    explicit Signal(Executor executor) : m_executor(executor) {}

    void set() {
        m_set = true;
        for (const std::coroutine_handle<> waiting : std::exchange(m_waiting, {}))
            asio::post(m_executor, [waiting] { waiting.resume(); });
    }
    void reset() { m_set = false; }
    [[nodiscard]] bool isSet() const { return m_set; }
    Task<void> wait() {
        while (!m_set)
            co_await Wait{*this};
    }

private:
    struct Wait {
        Signal& signal;
        [[nodiscard]] bool await_ready() const noexcept { return false; }
        void await_suspend(std::coroutine_handle<> waiting) const { signal.m_waiting.push_back(waiting); }
        void await_resume() const noexcept {}
    };

    Executor m_executor;
    std::vector<std::coroutine_handle<>> m_waiting;
    bool m_set = false;
};

} // namespace clawloops::stream
