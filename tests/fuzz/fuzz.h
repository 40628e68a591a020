// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

// What every fuzz target shares. A target is one file with the function take(), which gets the bytes to try.
namespace clawloops::fuzz {

// An invariant: says what is wrong and aborts, so that libFuzzer keeps the input.
void require(bool holds, const char* what);

// The first byte says how long the pieces are that the rest arrives in; it must not change any outcome.
struct Pieces {
    std::size_t length = 1;
    std::string_view bytes;
    static Pieces of(std::string_view input);
    template <class Sink> void feed(Sink sink) const {
        for (std::string_view rest = bytes; !rest.empty(); rest.remove_prefix(std::min(length, rest.size())))
            sink(rest.substr(0, length));
    }
};

void take(std::string_view input);

} // namespace clawloops::fuzz
