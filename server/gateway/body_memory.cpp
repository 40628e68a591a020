// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/body_memory.h"

namespace clawloops::gateway {

std::uint64_t BodyMemory::heldBy(std::string_view cell) const {
    const auto found = m_cells.find(cell);
    return found == m_cells.end() ? 0 : found->second;
}

BodyMemory::Answer BodyMemory::Share::take(std::uint64_t bytes) {
    const Limits& limits = m_memory.m_limits;
    const std::uint64_t ofCell = m_memory.heldBy(m_cell) + bytes;
    if (ofCell > limits.cell)
        return Answer::CellFull;
    if (ofCell > limits.reserve && m_memory.m_held + bytes > limits.all)
        return Answer::AllFull;
    m_memory.m_cells[m_cell] = ofCell;
    m_memory.m_held += bytes;
    m_held += bytes;
    return Answer::Granted;
}

void BodyMemory::Share::release() {
    const auto cell = m_memory.m_cells.find(m_cell);
    if (m_held == 0 || cell == m_memory.m_cells.end())
        return;
    cell->second -= m_held;
    if (cell->second == 0)
        m_memory.m_cells.erase(cell);
    m_memory.m_held -= m_held;
    m_held = 0;
}

} // namespace clawloops::gateway
