// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "stream/task.h"

#include <string>

namespace clawloops::test {

// The whole body of an Exchange's request or an UpstreamCall's answer; TooLarge above the limit.
template <class Source> stream::Task<stream::Outcome<std::string>> readWhole(Source& source, std::size_t limit) {
    std::string whole;
    while (true) {
        const auto piece = co_await source.read();
        if (!piece)
            co_return piece.fault;
        if (piece.value.empty())
            co_return whole;
        if (whole.size() + piece.value.size() > limit)
            co_return stream::Fault::TooLarge;
        whole.append(piece.value);
    }
}

} // namespace clawloops::test
