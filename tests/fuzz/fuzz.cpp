// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz.h"

#include <cstdio>
#include <cstdlib>

namespace clawloops::fuzz {

void require(bool holds, const char* what) {
    if (holds)
        return;
    std::fprintf(stderr, "\nviolated: %s\n", what);
    std::abort();
}

Pieces Pieces::of(std::string_view input) {
    if (input.empty())
        return {};
    return {static_cast<std::size_t>(static_cast<unsigned char>(input.front())) + 1, input.substr(1)};
}

} // namespace clawloops::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    clawloops::fuzz::take({reinterpret_cast<const char*>(data), size});
    return 0;
}
