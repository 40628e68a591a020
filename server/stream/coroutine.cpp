// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "stream/coroutine.h"

#include <boost/asio/execution_context.hpp>
#include <boost/asio/post.hpp>

namespace clawloops::stream {

namespace {

// A link of the list of all coroutines that run for themselves on one io_context.
struct Link {
    Link* before = this;
    Link* after = this;

    void leave() {
        before->after = after;
        after->before = before;
        before = after = this;
    }
    void join(Link& list) {
        before = list.before;
        after = &list;
        before->after = this;
        list.before = this;
    }
};

// Outermost frame: owns the task, is owned by nobody, ends with it.
class Root {
public:
    struct promise_type : Link {
        asio::io_context* context = nullptr;

        static void* operator new(std::size_t bytes) { return frame_pool::take(bytes); }
        static void operator delete(void* frame, std::size_t bytes) noexcept { frame_pool::give(frame, bytes); }
        ~promise_type() { leave(); }
        Root get_return_object() noexcept { return Root(std::coroutine_handle<promise_type>::from_promise(*this)); }
        [[nodiscard]] std::suspend_always initial_suspend() const noexcept { return {}; }
        [[nodiscard]] std::suspend_never final_suspend() const noexcept { return {}; }
        void return_void() const noexcept {}
        void unhandled_exception() const noexcept {}
    };

    explicit Root(std::coroutine_handle<promise_type> handle) : m_handle(handle) {}
    Root(Root&& other) noexcept : m_handle(std::exchange(other.m_handle, {})) {}
    ~Root() { // before it began
        if (m_handle)
            m_handle.destroy();
    }
    void begin(asio::io_context& io);

private:
    std::coroutine_handle<promise_type> m_handle;
};

class Roots final : public asio::execution_context::service {
public:
    static asio::execution_context::id id;
    explicit Roots(asio::execution_context& context) : asio::execution_context::service(context) {}
    Link list;

private:
    void shutdown() override {
        while (list.after != &list)
            std::coroutine_handle<Root::promise_type>::from_promise(static_cast<Root::promise_type&>(*list.after)).destroy();
    }
};
asio::execution_context::id Roots::id;

void Root::begin(asio::io_context& io) {
    const auto handle = std::exchange(m_handle, {});
    handle.promise().context = &io;
    handle.promise().join(asio::use_service<Roots>(io).list);
    handle.resume();
}

Root rootOf(Task<void> task) {
    co_await task;
}

} // namespace

void spawn(asio::io_context& io, Task<void> task) {
    Root root = rootOf(std::move(task));
    if (io.get_executor().running_in_this_thread())
        root.begin(io);
    else
        asio::post(io, [&io, begun = std::move(root)]() mutable { begun.begin(io); });
}

} // namespace clawloops::stream
