// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "stream/sweeper.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace clawloops::stream {

// A flag that a coroutine can wait for: set() wakes all who wait, and later ones do not wait at all until reset().
class Signal {
public:
    explicit Signal(Executor executor) : m_timer(executor, std::chrono::steady_clock::time_point::max()) {}

    void set() {
        m_set = true;
        m_timer.cancel();
    }
    void reset() { m_set = false; }
    [[nodiscard]] bool isSet() const { return m_set; }
    Task<void> wait() {
        while (!m_set)
            co_await m_timer.async_wait(asio::as_tuple(asio::use_awaitable_t<Executor>{}));
    }

private:
    Timer m_timer;
    bool m_set = false;
};

} // namespace clawloops::stream
