// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "stream/task.h"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/execution_context.hpp>
#include <chrono>
#include <vector>

namespace clawloops::stream {

class Transport;
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;

// Closes transports whose deadline has passed. One timer for all of an io_context's connections: setting a deadline then costs a
// store, where a timer for each operation costs two heap operations and a system call.
class Sweeper final : public asio::execution_context::service {
public:
    static asio::execution_context::id id;
    explicit Sweeper(asio::execution_context& context);

    void add(Transport& transport);
    void remove(Transport& transport);
    void arm(); // there is a deadline

private:
    void shutdown() override;
    [[nodiscard]] bool sweep(); // whether a deadline is left

    asio::io_context& m_io;
    std::unique_ptr<Timer> m_timer;
    std::vector<Transport*> m_transports;
    bool m_armed = false;
};

} // namespace clawloops::stream
