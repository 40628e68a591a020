// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "edge/http.h"

#include <string>

namespace clawloops {

// The one place that maps error codes to HTTP.
[[nodiscard]] int httpStatus(ErrorCode code);
// {code, message, requestId}. What belongs to a log only (detail) stays here: it is logged, with the id.
[[nodiscard]] HttpResponse errorAnswer(const Error& error, const std::string& rid);

} // namespace clawloops
