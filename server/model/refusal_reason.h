// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/json.h"
#include "model/dialect.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace clawloops::model {

struct RefusalNumber {
    std::string_view name; // of static storage: "spent", "limit", "subject"
    std::variant<std::int64_t, std::string> value; // nano-units, tokens, milliseconds or a count, as the name says; or a word
};

// Why a request was refused: one rule, one sentence, the rule's numbers at that moment, and how to change it. What the client reads,
// the log keeps, and `clawloopsctl trace` and the desktop app show. Holds no content of a request and no secret.
struct RefusalReason {
    Refusal kind = Refusal::WrongRequest; // how it is answered
    std::string_view rule; // of static storage; one of the table in models.md: "budget"
    std::string sentence; // what happened, why, what to do next
    std::vector<RefusalNumber> numbers;
    std::string change; // who changes what so that it would be let in
    std::chrono::milliseconds retryAfter{0}; // 0: waiting does not help, or nobody knows

    [[nodiscard]] json::object numbersJson() const; // {"spent":12,"subject":"usr_…"}
    // For the header: whole seconds, rounded up, at least 1; 0 where there is none to send.
    [[nodiscard]] std::int64_t retryAfterSeconds() const;
};

// "3 s", "4 min", "2 h", "5 days": rounded up, for sentences. Never "0 s".
[[nodiscard]] std::string spanText(std::chrono::milliseconds span);

} // namespace clawloops::model
