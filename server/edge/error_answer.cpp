// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "edge/error_answer.h"

#include "base/json.h"
#include "base/log.h"
#include "wire/api_types.h"

namespace clawloops {

namespace {
constexpr Log log("edge");
}

int httpStatus(ErrorCode code) {
    switch (code) {
    case ErrorCode::Unauthenticated:
    case ErrorCode::InvalidCredentials: return 401;
    case ErrorCode::AccessDenied:
    case ErrorCode::UserDisabled:
    case ErrorCode::PasswordChangeRequired: return 403;
    case ErrorCode::UserNotFound:
    case ErrorCode::RuntimeNotFound:
    case ErrorCode::InvitationNotFound:
    case ErrorCode::ModelNotFound:
    case ErrorCode::NotFound: return 404;
    case ErrorCode::RuntimeActionConflict:
    case ErrorCode::InvitationAlreadyConsumed:
    case ErrorCode::InvitationRevoked: return 409;
    case ErrorCode::InvitationExpired: return 410;
    case ErrorCode::InvitationUsernameMismatch:
    case ErrorCode::InvitationPasswordInvalid:
    case ErrorCode::CurrentPasswordIncorrect:
    case ErrorCode::PasswordChangeInvalid:
    case ErrorCode::QuotaExceeded: return 422;
    case ErrorCode::InvalidRequest: return 400;
    case ErrorCode::PayloadTooLarge: return 413;
    case ErrorCode::RateLimited: return 429;
    case ErrorCode::Unavailable: return 503;
    case ErrorCode::RuntimeStartFailed: // a task's error, never an answer's
    case ErrorCode::Internal: return 500;
    }
    return 500;
}

HttpResponse errorAnswer(const Error& error, const std::string& rid) {
    const int status = httpStatus(error.code);
    if (!error.detail.empty() || status >= 500)
        log.warning("answered with an error", rid,
                    {{"code", errorCodeName(error.code)}, {"message", error.message}, {"detail", error.detail}});
    return HttpResponse::json(
        status, json::serialize(wire::toJson(wire::ErrorBody{std::string(errorCodeName(error.code)), error.message, rid})));
}

} // namespace clawloops
