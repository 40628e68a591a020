// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "edge/http.h"

#include <string_view>

// Which pages may use a person's cookies. Ports share cookies and are one site, so SameSite alone lets a page of the workspace
// origin speak to the portal; these rules do not.
namespace clawloops {

// A request to the API that authenticates by cookie, or that would set one:
// | Sec-Fetch-Site         | safe method                | changing                     |
// | same-origin            | yes                        | yes                          |
// | none (typed by a person) | yes                      | no                           |
// | anything else          | no                         | no                           |
// | absent                 | yes, unless Origin differs | only with Origin = ourOrigin |
[[nodiscard]] bool mayUseCookie(const HttpRequest& request, std::string_view ourOrigin);

// One without a cookie that will set one (sign-in): the same, but a client that sends neither header is no browser and passes.
[[nodiscard]] bool maySignIn(const HttpRequest& request, std::string_view ourOrigin);

// A person going to a page: a top-level GET, not a frame, script or fetch.
[[nodiscard]] bool isNavigation(const HttpRequest& request);

} // namespace clawloops
