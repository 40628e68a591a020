// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "stream/input_buffer.h"

#include <cstring>

namespace clawloops::stream {

void InputBuffer::makeRoom() {
    const std::size_t held = m_end - m_begin;
    if (held == 0)
        m_begin = m_end = 0;
    std::size_t wanted = m_capacity == 0 ? least : m_capacity;
    if ((m_wantMore || held == m_capacity) && m_capacity != 0 && wanted < most)
        wanted *= 2;
    if (wanted != m_capacity) {
        auto bigger = BlockStock::take(wanted);
        if (held > 0)
            std::memcpy(bigger.get(), m_data.get() + m_begin, held);
        m_data = std::move(bigger);
        m_capacity = wanted;
    } else if (m_begin > 0) {
        std::memmove(m_data.get(), m_data.get() + m_begin, held);
    }
    m_begin = 0;
    m_end = held;
}

Task<Done> InputBuffer::fill(Transport& transport) {
    makeRoom();
    const std::size_t room = m_capacity - m_end;
    if (room == 0)
        co_return Fault::TooLarge;
    const auto got = co_await transport.read(asio::mutable_buffer(m_data.get() + m_end, room));
    if (!got)
        co_return got.fault;
    m_end += got.value;
    m_wantMore = got.value == room;
    co_return Done();
}

void InputBuffer::releaseIfEmpty() {
    if (!empty())
        return;
    m_data.reset();
    m_capacity = m_begin = m_end = 0;
    m_wantMore = false;
}

} // namespace clawloops::stream
