// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "gateway/fingerprint.h"
#include "model/budget_ledger.h"
#include "model/dialect.h"
#include "model/rate_limits.h"
#include "model/refusal_reason.h"
#include "model/runaway_brake.h"
#include "model/route_table.h"
#include "stream/http.h"
#include "wire/gateway_configuration.h"
#include "wire/gateway_verbs.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace clawloops::gateway {

// Who may use how much, asked once a request, before it is sent: the route's context, the brake, limits, price, budgets, in this order
// (resources/docs/models.md, "One pipeline"). What it lets in is held by a Grant and settled by what the upstream reported. One thread.
class Governor {
public:
    static constexpr std::int64_t usualOutput = 4096; // tokens of an answer where a budget applies and neither client nor route says less

    // `spool`: the id of the spool that usage is booked in.
    Governor(const Clock& clock, std::string spool) : m_clock(clock), m_ledger(std::move(spool)) {}

    [[nodiscard]] Result<void> configure(const gateway_verbs::Configuration& configuration);
    void remember(const gateway_verbs::UsageEvent& event); // that the spool had at the start

    struct Question {
        const model::Caller& caller;
        const model::Route& route;
        std::string_view traceId;
        std::int64_t promptBytes = 0;
        bool answers = true; // in tokens: not an embedding
        std::optional<std::int64_t> askedOutput; // what the client limits its answer to
        std::int64_t choices = 1; // answers that it wants at once
        Fingerprint fingerprint{};
    };
    struct Grant {
        model::Reservation reservation; // of the budgets that apply
        model::Admission admission; // to the limits that apply
        std::optional<std::int64_t> outputLimit; // what the request is to be limited to
        std::int64_t tokens = 0; // as reserved
        std::int64_t nanos = 0;
    };
    [[nodiscard]] std::variant<Grant, model::RefusalReason> admit(const Question& question);

    // After the usage event `seq` was booked.
    void settle(Grant& grant, std::string_view user, std::string_view route, WallTime startedAt, std::int64_t seq, std::int64_t tokens, std::int64_t nanos);

    // The brake, by an admin. False: there was nothing to release.
    void hold(std::string_view user, std::string_view sentence);
    bool release(std::string_view user);
    [[nodiscard]] std::vector<model::BrakeReport> brakes() const { return m_brake.reports(m_clock.steadyNow()); }
    void onBrake(std::function<void(const model::BrakeReport&)> callback) { m_braked = std::move(callback); }

    // What is left of limits and of the tightest budget, in the vendors' conventions.
    void addHeaders(stream::Fields& fields, model::Dialect dialect, const model::Caller& caller, std::string_view route, std::string_view traceId);
    [[nodiscard]] json::array budgets(); // the verb `budgets`

private:
    [[nodiscard]] model::RateLimits::Request limitsOf(const model::Caller& caller, std::string_view route, std::int64_t tokens) const;

    const Clock& m_clock;
    model::BudgetLedger m_ledger;
    model::RateLimits m_limits;
    model::RunawayBrake m_brake;
    std::function<void(const model::BrakeReport&)> m_braked;
};

} // namespace clawloops::gateway
