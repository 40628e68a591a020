// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "stream/frame_pool.h"

#include <boost/asio/async_result.hpp>
#include <boost/asio/io_context.hpp>
#include <coroutine>
#include <exception>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

// The coroutines of the two data planes. Asio has its own, which cost a request more than everything that it is for: each layer goes
// through an executor there, and each result through the queue. Here a called coroutine runs at once in its caller's turn, and when it
// need not wait, its caller goes on without having slept. One io_context, one thread; nothing here is thread safe.
namespace clawloops::stream {

namespace asio = boost::asio;
using Executor = asio::io_context::executor_type; // concrete: no type-erased executor on the data path
template <class T = void> class Task;

namespace detail {

struct PromiseBase {
    asio::io_context* context = nullptr; // whose thread it runs on; set when it starts
    std::coroutine_handle<> waiting{}; // who sleeps until this one ends
    std::exception_ptr problem{};

    static void* operator new(std::size_t bytes) { return frame_pool::take(bytes); }
    static void operator delete(void* frame, std::size_t bytes) noexcept { frame_pool::give(frame, bytes); }

    struct End {
        [[nodiscard]] bool await_ready() const noexcept { return false; }
        template <class Promise> std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> ended) const noexcept {
            const std::coroutine_handle<> next = ended.promise().waiting;
            return next ? next : std::noop_coroutine(); // none: its caller sees at once that it is done
        }
        void await_resume() const noexcept {}
    };
    [[nodiscard]] std::suspend_always initial_suspend() const noexcept { return {}; }
    [[nodiscard]] End final_suspend() const noexcept { return {}; }
    void unhandled_exception() noexcept { problem = std::current_exception(); }
};

template <class T> struct Promise : PromiseBase {
    std::optional<T> value;
    Task<T> get_return_object() noexcept;
    template <class U>
        requires std::is_convertible_v<U, T>
    void return_value(U&& made) {
        value.emplace(std::forward<U>(made));
    }
    T take() { return std::move(*value); }
};
template <> struct Promise<void> : PromiseBase {
    Task<void> get_return_object() noexcept;
    void return_void() const noexcept {}
    void take() const noexcept {}
};

} // namespace detail

// A coroutine that gives a T. Starts when it is awaited; destroyed earlier, it never ran.
template <class T> class [[nodiscard]] Task {
public:
    using promise_type = detail::Promise<T>;

    explicit Task(std::coroutine_handle<promise_type> handle) : m_handle(handle) {}
    Task(Task&& other) noexcept : m_handle(std::exchange(other.m_handle, {})) {}
    Task& operator=(Task&& other) noexcept {
        std::swap(m_handle, other.m_handle);
        return *this;
    }
    ~Task() {
        if (m_handle)
            m_handle.destroy();
    }

    [[nodiscard]] bool await_ready() const noexcept { return false; }
    template <class Promise> bool await_suspend(std::coroutine_handle<Promise> caller) {
        m_handle.promise().context = caller.promise().context;
        m_handle.resume();
        if (m_handle.done())
            return false; // it did not wait for anything, nor does its caller
        m_handle.promise().waiting = caller;
        return true;
    }
    T await_resume() {
        if (m_handle.promise().problem)
            std::rethrow_exception(m_handle.promise().problem);
        return m_handle.promise().take();
    }

private:
    std::coroutine_handle<promise_type> m_handle;
};

template <class T> Task<T> detail::Promise<T>::get_return_object() noexcept {
    return Task<T>(std::coroutine_handle<Promise<T>>::from_promise(*this));
}
inline Task<void> detail::Promise<void>::get_return_object() noexcept {
    return Task<void>(std::coroutine_handle<Promise<void>>::from_promise(*this));
}

// Runs a coroutine for itself: at once when called on the io_context's thread, else as soon as that comes to it. What still waits
// when the io_context is destroyed is destroyed with it. An exception that leaves it ends it and nothing else.
void spawn(asio::io_context& io, Task<void> task);

// co_await thisContext() gives the io_context that the coroutine runs on.
class thisContext {
public:
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    template <class Promise> bool await_suspend(std::coroutine_handle<Promise> caller) noexcept {
        m_context = caller.promise().context;
        return false;
    }
    [[nodiscard]] asio::io_context& await_resume() const noexcept { return *m_context; }

private:
    asio::io_context* m_context = nullptr;
};

// co_await operation(…, awaitable) gives what the operation's handler would get, as a tuple; nothing is thrown.
struct Awaitable {};
inline constexpr Awaitable awaitable;

namespace detail {

template <class... Results> struct Outstanding {
    std::coroutine_handle<> waiting;
    std::optional<std::tuple<Results...>> results;
};
template <class... Results> class Handler {
public:
    explicit Handler(Outstanding<Results...>& outstanding) : m_outstanding(&outstanding) {}
    void operator()(Results... results) {
        m_outstanding->results.emplace(std::move(results)...);
        m_outstanding->waiting.resume();
    }

private:
    Outstanding<Results...>* m_outstanding;
};
template <class Initiation, class Arguments, class... Results> class Operation {
public:
    Operation(Initiation initiation, Arguments arguments) : m_initiation(std::move(initiation)), m_arguments(std::move(arguments)) {}
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> caller) {
        m_outstanding.waiting = caller;
        std::apply([&](auto&... each) { std::move(m_initiation)(Handler<Results...>(m_outstanding), std::move(each)...); }, m_arguments);
    }
    std::tuple<Results...> await_resume() { return std::move(*m_outstanding.results); }

private:
    Initiation m_initiation;
    Arguments m_arguments;
    Outstanding<Results...> m_outstanding{};
};

} // namespace detail

} // namespace clawloops::stream

template <class... Results> struct boost::asio::async_result<clawloops::stream::Awaitable, void(Results...)> {
    template <class Initiation, class... Arguments>
    static auto initiate(Initiation initiation, clawloops::stream::Awaitable, Arguments&&... arguments) {
        using Kept = std::tuple<std::decay_t<Arguments>...>;
        return clawloops::stream::detail::Operation<Initiation, Kept, std::decay_t<Results>...>(std::move(initiation),
                                                                                             Kept(std::forward<Arguments>(arguments)...));
    }
};
