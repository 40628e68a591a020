// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "stream/http.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace clawloops::relay {

// An answer that the relay makes itself: a page for a person's navigation, `{code, message}` for everything else.
struct CleanAnswer {
    stream::ResponseHead head;
    std::string body;
};

struct Refusal {
    int status = 0;
    std::string_view code; // the API's vocabulary
    std::string_view title; // of the page
    std::string_view message; // one sentence: what, why, what to do
    bool retry = false; // the page tries again by itself
};

[[nodiscard]] bool isNavigation(const stream::RequestHead& request);
[[nodiscard]] CleanAnswer cleanAnswer(const Refusal& refusal, const stream::RequestHead& request, std::string_view rid,
                                      std::uint16_t portalPort);
// "host:8444" → "https://host:8443/"
[[nodiscard]] std::string portalUrl(std::string_view host, std::uint16_t portalPort);

} // namespace clawloops::relay
