// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "edge/origin_rule.h"

namespace clawloops {

bool mayUseCookie(const HttpRequest& request, std::string_view ourOrigin) {
    const bool hasOrigin = request.has("origin");
    if (hasOrigin && request.joined("origin", ",") != ourOrigin)
        return false;
    if (request.has("sec-fetch-site")) {
        const std::string site = request.joined("sec-fetch-site", ",");
        return site == "same-origin" || (site == "none" && request.isSafe());
    }
    return request.isSafe() || hasOrigin;
}

bool maySignIn(const HttpRequest& request, std::string_view ourOrigin) {
    if (!request.has("sec-fetch-site") && !request.has("origin"))
        return true;
    return mayUseCookie(request, ourOrigin);
}

bool isNavigation(const HttpRequest& request) {
    if (request.method != "GET")
        return false;
    if (request.has("sec-fetch-mode"))
        return request.header("sec-fetch-mode") == "navigate" && request.header("sec-fetch-dest") == "document";
    return request.header("accept").find("text/html") != std::string_view::npos;
}

} // namespace clawloops
