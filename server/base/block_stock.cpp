// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/block_stock.h"

#include <array>

namespace clawloops {

namespace {

template <std::size_t most> struct Kept {
    std::array<char*, most> blocks{};
    std::size_t count = 0;

    ~Kept() {
        while (count > 0)
            delete[] blocks[--count];
    }
    [[nodiscard]] char* take() { return count > 0 ? blocks[--count] : nullptr; }
    [[nodiscard]] bool give(char* block) noexcept {
        if (count == most)
            return false;
        blocks[count++] = block;
        return true;
    }
};
thread_local Kept<32> smallOnes;
thread_local Kept<32> mediumOnes;
thread_local Kept<16> largeOnes;

} // namespace

BlockStock::Block BlockStock::take(std::size_t bytes) {
    char* block = bytes == small ? smallOnes.take() : bytes == medium ? mediumOnes.take() : bytes == large ? largeOnes.take() : nullptr;
    return Block(block ? block : new char[bytes], GiveBack{bytes});
}

void BlockStock::GiveBack::operator()(char* block) const noexcept {
    const bool kept = bytes == small ? smallOnes.give(block) : bytes == medium ? mediumOnes.give(block) : bytes == large && largeOnes.give(block);
    if (!kept)
        delete[] block;
}

} // namespace clawloops
