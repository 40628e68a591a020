// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <functional>
#include <future>
#include <thread>

#include "stream/task.h"

namespace clawloops::test {

// An io_context with a thread of its own, so that a test can talk to what runs there with blocking sockets. What was made with
// run() is to be destroyed with run(), after finish() if it has connections.
class IoThread {
public:
    IoThread() : m_guard(m_io.get_executor()), m_thread([this] { m_io.run(); }) {}
    ~IoThread() { finish(); }

    boost::asio::io_context& io() { return m_io; }
    template <class Function> auto run(Function function) {
        std::packaged_task<decltype(function())()> task(std::move(function));
        auto result = task.get_future();
        boost::asio::post(m_io, [&task] { task(); });
        return result.get();
    }
    template <class T> T await(stream::Task<T> task) {
        std::promise<T> promise;
        auto result = promise.get_future();
        stream::spawn(m_io, fulfil(std::move(task), std::move(promise)));
        return result.get();
    }
    // Runs what is left, without new work. Everything must have been closed.
    void finish() {
        m_guard.reset();
        if (m_thread.joinable())
            m_thread.join();
    }

private:
    template <class T> static stream::Task<void> fulfil(stream::Task<T> task, std::promise<T> promise) {
        try {
            if constexpr (std::is_void_v<T>) {
                co_await task;
                promise.set_value();
            } else {
                promise.set_value(co_await task);
            }
        } catch (...) {
            promise.set_exception(std::current_exception());
        }
    }

    boost::asio::io_context m_io{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> m_guard;
    std::thread m_thread;
};

} // namespace clawloops::test
