// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "stream/transport.h"
#include "stream/sweeper.h"

#include <boost/asio/error.hpp>

namespace clawloops::stream {

namespace {
constexpr std::chrono::milliseconds sweepEvery{250};
} // namespace

std::string_view faultName(Fault fault) {
    switch (fault) {
    case Fault::None: return "none";
    case Fault::Gone: return "gone";
    case Fault::Truncated: return "truncated";
    case Fault::TimedOut: return "timed out";
    case Fault::Malformed: return "malformed";
    case Fault::TooLarge: return "too large";
    case Fault::Refused: return "refused";
    case Fault::Cut: return "cut";
    }
    return "none";
}

asio::execution_context::id Sweeper::id;

Sweeper::Sweeper(asio::execution_context& context)
    : asio::execution_context::service(context), m_io(static_cast<asio::io_context&>(context)) {}

void Sweeper::shutdown() {
    m_timer.reset();
}

void Sweeper::add(Transport& transport) {
    transport.m_slot = m_transports.size();
    m_transports.push_back(&transport);
}

void Sweeper::remove(Transport& transport) {
    m_transports.back()->m_slot = transport.m_slot;
    m_transports[transport.m_slot] = m_transports.back();
    m_transports.pop_back();
    if (m_transports.empty() && m_armed)
        m_timer->cancel(); // its handler finds nothing to wait for
}

void Sweeper::arm() {
    if (m_armed)
        return;
    if (!m_timer)
        m_timer = std::make_unique<Timer>(m_io.get_executor());
    m_armed = true;
    m_timer->expires_after(sweepEvery);
    m_timer->async_wait([this](const boost::system::error_code& error) {
        if (error && !m_timer)
            return;
        m_armed = false;
        if (sweep())
            arm(); // else nothing can pass: an idle process sleeps, and a closing one runs out of work
    });
}

bool Sweeper::sweep() {
    const auto now = std::chrono::steady_clock::now();
    bool more = false;
    for (std::size_t i = 0; i < m_transports.size(); ++i) {
        Transport& transport = *m_transports[i];
        if (transport.m_deadline > now) {
            more = more || transport.m_deadline != std::chrono::steady_clock::time_point::max();
            continue;
        }
        transport.m_deadline = std::chrono::steady_clock::time_point::max();
        transport.m_timedOut = true;
        transport.close(); // completes what waits later, by the io_context: nothing is destroyed under this loop
    }
    return more;
}

Transport::Transport(asio::io_context& io) : m_sweeper(asio::use_service<Sweeper>(io)) {
    m_sweeper.add(*this);
}

Transport::~Transport() {
    m_sweeper.remove(*this);
}

void Transport::expireIn(std::chrono::milliseconds span) {
    m_span = span;
    m_deadline = std::chrono::steady_clock::now() + span;
    m_sweeper.arm();
}

void Transport::expireAnew() {
    if (m_deadline != std::chrono::steady_clock::time_point::max())
        m_deadline = std::chrono::steady_clock::now() + m_span;
}

Task<Done> Transport::writeAll(std::span<std::string_view> parts) {
    for (std::string_view& part : parts) {
        const Done written = co_await write(part);
        if (!written)
            co_return written;
        part = {};
        expireAnew();
    }
    co_return Done();
}

void Transport::neverExpire() {
    m_deadline = std::chrono::steady_clock::time_point::max();
}

Fault Transport::faultOf(const boost::system::error_code& error) const {
    if (!error)
        return Fault::None;
    if (m_timedOut)
        return Fault::TimedOut;
    return !isOpen() || error == asio::error::operation_aborted ? Fault::Cut : Fault::Gone;
}

} // namespace clawloops::stream
