// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace clawloops {

// Protocol-neutral error codes. The names (errorCodeName) are the API's vocabulary; api/ maps them to HTTP statuses and
// nothing else does. tst_result walks every value.
enum class ErrorCode {
    Unauthenticated,
    InvalidCredentials,
    AccessDenied,
    UserDisabled,
    PasswordChangeRequired,
    UserNotFound,
    RuntimeNotFound,
    InvitationNotFound,
    ModelNotFound,
    RuntimeActionConflict,
    RuntimeStartFailed, // only as a task's error
    InvitationAlreadyConsumed,
    InvitationRevoked,
    InvitationExpired,
    InvitationUsernameMismatch,
    InvitationPasswordInvalid,
    CurrentPasswordIncorrect,
    PasswordChangeInvalid,
    QuotaExceeded,
    InvalidRequest,
    NotFound,
    PayloadTooLarge,
    RateLimited,
    Unavailable, // a part of the appliance is not there right now; trying again may work
    Internal,
};

[[nodiscard]] std::string_view errorCodeName(ErrorCode code); // "INVALID_REQUEST"
[[nodiscard]] std::optional<ErrorCode> errorCodeFromName(std::string_view name);
inline constexpr int errorCodeCount = static_cast<int>(ErrorCode::Internal) + 1;

// `message` may reach a person: one sentence, what happened, why, what to do. `detail` goes to a log only.
struct Error {
    ErrorCode code = ErrorCode::Internal;
    std::string message;
    std::string detail;
};

// A value or an Error. Taking the wrong one asserts.
template <class T> class [[nodiscard]] Result {
public:
    Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : m_state(std::in_place_index<1>, std::move(error)) {}

    [[nodiscard]] bool ok() const { return m_state.index() == 0; }
    explicit operator bool() const { return ok(); }
    [[nodiscard]] T& value() & { assert(ok()); return std::get<0>(m_state); }
    [[nodiscard]] const T& value() const& { assert(ok()); return std::get<0>(m_state); }
    [[nodiscard]] T&& value() && { assert(ok()); return std::get<0>(std::move(m_state)); }
    [[nodiscard]] T& operator*() & { return value(); }
    [[nodiscard]] const T& operator*() const& { return value(); }
    [[nodiscard]] T&& operator*() && { return std::move(*this).value(); }
    [[nodiscard]] T* operator->() { return &value(); }
    [[nodiscard]] const T* operator->() const { return &value(); }
    [[nodiscard]] const Error& error() const { assert(!ok()); return std::get<1>(m_state); }

private:
    std::variant<T, Error> m_state;
};

template <> class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Error error) : m_error(std::move(error)) {}

    [[nodiscard]] bool ok() const { return !m_error.has_value(); }
    explicit operator bool() const { return ok(); }
    [[nodiscard]] const Error& error() const { assert(m_error); return *m_error; }

private:
    std::optional<Error> m_error;
};

using Status = Result<void>;

} // namespace clawloops
