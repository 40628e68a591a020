// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>

namespace clawloops {

// Blocks of bytes in the three sizes that buffers and bodies have. Each thread keeps a few of those that were given back: the heap would
// tidy itself up at every 64 KiB that are freed, and hand out memory that no cache has any more. 1.4 MiB are kept at most.
struct BlockStock {
    static constexpr std::size_t small = 4 * 1024;
    static constexpr std::size_t medium = 8 * 1024;
    static constexpr std::size_t large = 64 * 1024;

    struct GiveBack {
        std::size_t bytes = 0;
        void operator()(char* block) const noexcept;
    };
    using Block = std::unique_ptr<char[], GiveBack>;
    [[nodiscard]] static Block take(std::size_t bytes); // of any size; other ones are the heap's
};

} // namespace clawloops
