// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace clawloops::gateway {

// What the request bodies that wait here may hold, in bytes of memory truly taken (BodyText's blocks), asked for as they come in:
// what a request merely announces costs nobody anything.
//
// | asked for                                               | answer    |
// |---------------------------------------------------------|-----------|
// | the cell would hold more than `cell`                    | CellFull  |
// | the cell would hold at most `reserve`                   | Granted   | however much the others hold: it is that cell's own
// | all would hold more than `all`                          | AllFull   |
// | else                                                    | Granted   |
//
// So all bodies together hold at most `all` plus `reserve` a cell.
class BodyMemory {
public:
    struct Limits {
        std::uint64_t all = 256u << 20;
        std::uint64_t cell = 64u << 20;
        std::uint64_t reserve = 1u << 20;
    };
    enum class Answer { Granted, CellFull, AllFull };

    explicit BodyMemory(Limits limits) : m_limits(limits) {}

    // What one request holds; gives it back at its end. The memory must outlive it.
    class Share {
    public:
        Share(BodyMemory& memory, std::string_view cell) : m_memory(memory), m_cell(cell) {}
        ~Share() { release(); }
        Share(const Share&) = delete;
        Share& operator=(const Share&) = delete;

        [[nodiscard]] Answer take(std::uint64_t bytes);
        void release();

    private:
        BodyMemory& m_memory;
        std::string m_cell;
        std::uint64_t m_held = 0;
    };

    [[nodiscard]] std::uint64_t held() const { return m_held; }
    [[nodiscard]] std::uint64_t heldBy(std::string_view cell) const;

private:
    Limits m_limits;
    std::map<std::string, std::uint64_t, std::less<>> m_cells; // only those that hold something
    std::uint64_t m_held = 0;
};

} // namespace clawloops::gateway
