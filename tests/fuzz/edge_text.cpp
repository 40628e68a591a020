// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the control plane takes from a browser's head: cookies, Host, Origin.
#include "fuzz.h"

#include "edge/addresses.h"
#include "edge/cookies.h"

#include <string>

namespace clawloops::fuzz {

void take(std::string_view input) {
    const std::string kept = withoutOurCookies(input);
    require(cookieValue(kept, portalCookie).empty() && cookieValue(kept, workspaceCookie).empty() && cookieValue(kept, readerCookie).empty(), "nobody beyond the edge sees ours");
    require(withoutOurCookies(kept) == kept, "nothing is left to remove");
    const Secret value = cookieValue(input, portalCookie);
    require(value.empty() || input.find(value.reveal()) != std::string_view::npos, "a value that was sent");

    static const Addresses addresses({"box.test", "192.0.2.7", "2001:db8::7"}, 8443, 443);
    for (const auto& host : {addresses.portalHost(input), addresses.workspaceHost(input)})
        require(!host || *host == "box.test" || *host == "192.0.2.7" || *host == "2001:db8::7" || *host == "[2001:db8::7]", "a host of ours");
}

} // namespace clawloops::fuzz
