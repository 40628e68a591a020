// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "wire/api_types.h"

#include <functional>
#include <string>

namespace clawloops::orchestrator {

// Makes a URL of a symbolic one ("component:starter"), or says that there is no such component.
using ResolveUrl = std::function<Result<std::string>(const std::string&)>;

// What can be said of a route without asking the database: InvalidRequest with one sentence for the first thing that is wrong.
// Whether its people and credentials exist is asked where it is stored. Any thread.
[[nodiscard]] Status checkRoute(const wire::Route& route, const ResolveUrl& resolve);

} // namespace clawloops::orchestrator
