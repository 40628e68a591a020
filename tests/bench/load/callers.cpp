// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "callers.h"

#include "sockets.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <sstream>
#include <sys/epoll.h>
#include <sys/uio.h>
#include <unistd.h>

namespace clawloops::bench {

namespace {
constexpr std::size_t digits = 12;
}

Callers::Callers(const std::string& targetsFile, const std::string& bodyFile)
    : m_poll(::epoll_create1(EPOLL_CLOEXEC)), m_buffer(256 * 1024) {
    const std::string body = contentOf(bodyFile);
    const std::size_t model = body.find("@MODEL@");
    const std::size_t number = body.find("@NUMBER@");
    if (model == std::string::npos || number == std::string::npos || number < model)
        die("the body has no @MODEL@ and @NUMBER@ in this order");
    m_rest = body.substr(number + 8);
    std::istringstream lines(contentOf(targetsFile));
    for (std::string address, token, name; lines >> address >> token >> name;) {
        auto caller = std::make_unique<Caller>();
        const std::string start = body.substr(0, model) + name + body.substr(model + 7, number - model - 7);
        caller->head = "POST /v1/chat/completions HTTP/1.1\r\nHost: gateway.clawloops\r\nAuthorization: Bearer " + token
                       + "\r\nAccept: application/json\r\nContent-Type: application/json\r\nUser-Agent: OpenAI/JS 6.10.0\r\nX-Stainless-Lang: js\r\n"
                         "X-Stainless-Runtime: node\r\nAccept-Encoding: gzip, deflate\r\nContent-Length: "
                       + std::to_string(start.size() + digits + m_rest.size()) + "\r\n\r\n" + start;
        caller->descriptor = connectTo(address);
        epoll_event event{EPOLLIN | EPOLLOUT | EPOLLET, {}};
        event.data.ptr = caller.get();
        ::epoll_ctl(m_poll, EPOLL_CTL_ADD, caller->descriptor, &event);
        m_callers.push_back(std::move(caller));
    }
}

void Callers::send(Caller& caller) {
    std::array<char, digits + 1> number{};
    std::snprintf(number.data(), number.size(), "%0*llu", static_cast<int>(digits), static_cast<unsigned long long>(++m_number));
    caller.busy = true;
    caller.answer.reset();
    caller.sentAt = nowNanos();
    caller.lastFrame = 0;
    std::array<iovec, 3> parts{iovec{caller.head.data(), caller.head.size()}, iovec{number.data(), digits}, iovec{m_rest.data(), m_rest.size()}};
    const ssize_t sent = ::writev(caller.descriptor, parts.data(), static_cast<int>(parts.size()));
    if (sent < 0 && errno != EAGAIN)
        die(std::string("a request cannot be sent: ") + std::strerror(errno));
    auto gone = static_cast<std::size_t>(std::max<ssize_t>(0, sent));
    for (const iovec& part : parts) {
        const std::size_t here = std::min(gone, part.iov_len);
        caller.waiting.append(static_cast<const char*>(part.iov_base) + here, part.iov_len - here);
        gone -= here;
    }
}

void Callers::flush(Caller& caller) {
    const ssize_t sent = ::write(caller.descriptor, caller.waiting.data(), caller.waiting.size());
    if (sent < 0 && errno != EAGAIN)
        die(std::string("a request cannot be sent: ") + std::strerror(errno));
    caller.waiting.erase(0, static_cast<std::size_t>(std::max<ssize_t>(0, sent)));
}

void Callers::read(Caller& caller, const std::function<void(Caller&, std::string_view)>& piece, const std::function<void(Caller&)>& whole) {
    while (true) {
        const ssize_t got = ::read(caller.descriptor, m_buffer.data(), m_buffer.size());
        if (got < 0 && errno == EAGAIN)
            return;
        if (got <= 0 || !caller.busy)
            die(caller.busy ? "the connection was closed in the middle of an answer" : "an idle connection was closed");
        std::string_view bytes(m_buffer.data(), static_cast<std::size_t>(got));
        const auto state = caller.answer.push(bytes, [&](std::string_view part) { piece(caller, part); });
        if (state == MessageParser::State::Wrong || (state == MessageParser::State::Whole && !bytes.empty()))
            die("what came is no HTTP answer");
        if (state == MessageParser::State::Whole) {
            if (caller.answer.status() != 200)
                die("the answer was: " + std::string(caller.answer.head()) + m_buffer.data());
            caller.busy = false;
            whole(caller);
        }
        if (static_cast<std::size_t>(got) < m_buffer.size())
            return; // edge-triggered: what comes later says so
    }
}

void Callers::wait(int millis, const std::function<void(Caller&, std::string_view)>& piece, const std::function<void(Caller&)>& whole) {
    std::array<epoll_event, 128> events{};
    const int count = ::epoll_wait(m_poll, events.data(), static_cast<int>(events.size()), millis);
    for (int i = 0; i < count; ++i) {
        const epoll_event& event = events[static_cast<std::size_t>(i)];
        Caller& caller = *static_cast<Caller*>(event.data.ptr);
        if (!caller.waiting.empty() && (event.events & EPOLLOUT) != 0)
            flush(caller);
        if ((event.events & (EPOLLIN | EPOLLHUP | EPOLLERR | EPOLLRDHUP)) != 0)
            read(caller, piece, whole);
    }
}

} // namespace clawloops::bench
