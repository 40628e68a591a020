// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace clawloops::model {

// Tokens of one answer.
struct UsageCounts {
    std::int64_t prompt = 0; // cached ones too
    std::int64_t completion = 0; // reasoning ones too
    bool estimated = false;
    std::int64_t cached = 0;
    std::int64_t reasoning = 0;
};

// How a model request ended. `name` is what the usage event and the log say.
enum class Ending {
    Ok,
    UpstreamError, // it answered with an error, or with an error event
    UpstreamUnreachable, // no target could be connected to
    UpstreamTruncated, // it died, or ended without its terminal event
    UpstreamTimedOut,
    ClientGone, // status 499 where nothing had been sent
    Cut, // by us: disabled, signed out, stopped
};
[[nodiscard]] constexpr std::string_view endingName(Ending ending) {
    switch (ending) {
    case Ending::Ok: return "ok";
    case Ending::UpstreamError: return "upstream_error";
    case Ending::UpstreamUnreachable: return "upstream_unreachable";
    case Ending::UpstreamTruncated: return "upstream_truncated";
    case Ending::UpstreamTimedOut: return "upstream_timeout";
    case Ending::ClientGone: return "client_gone";
    case Ending::Cut: return "cut";
    }
    return "";
}

// Where the upstream says nothing: about four bytes of JSON a token in, and one token an event (a streamed answer) or four
// bytes (one in one piece) out.
[[nodiscard]] constexpr UsageCounts estimateUsage(std::uint64_t requestBytes, std::uint64_t events, std::uint64_t answerBytes) {
    const std::uint64_t completion = events > 0 ? events : answerBytes / 4;
    return {static_cast<std::int64_t>(requestBytes / 4), static_cast<std::int64_t>(completion), true, 0, 0};
}

} // namespace clawloops::model
