// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/governor.h"

#include <algorithm>

namespace clawloops::gateway {
namespace {

// Four bytes of JSON are about a token, and no tokenizer makes one of more than eight of ordinary text.
constexpr std::int64_t bytesOfAToken = 4;
constexpr std::int64_t bytesOfALongToken = 8;

model::RefusalReason contextTooLong(const Governor::Question& question) {
    model::RefusalReason reason;
    reason.kind = model::Refusal::WrongRequest;
    reason.rule = "context_too_long";
    reason.sentence = "This request is longer than the " + std::to_string(question.route.contextTokens) + " tokens that the model \"" + question.route.name +
                      "\" can read at once; shorten the conversation, or use a model with a larger context.";
    reason.numbers = {{"contextTokens", question.route.contextTokens}, {"requestBytes", question.promptBytes}};
    reason.change = "Shorten the conversation; an admin sets the context of a model on its route.";
    return reason;
}

model::RefusalReason unknownPrice(const Governor::Question& question) {
    model::RefusalReason reason;
    reason.kind = model::Refusal::UnknownPrice;
    reason.rule = "unknown_price";
    reason.sentence = "Nobody knows what the model \"" + question.route.name + "\" costs, so it is not used; an admin has to set its price first.";
    reason.change = "An admin sets the price of the route's target, on the Models page or by clawloopsctl price set.";
    return reason;
}

// Tokens as an upper bound: no tokenizer makes more of them than there are bytes.
std::int64_t outputOf(const Governor::Question& question, std::int64_t limit) {
    return question.answers ? std::min<std::int64_t>(limit, INT64_MAX / 1024) * std::min<std::int64_t>(question.choices, 1024) : 0;
}

} // namespace

Result<void> Governor::configure(const gateway_verbs::Configuration& configuration) {
    // Limits first: they leave all as it was when they are refused, and so does the ledger.
    model::RateLimits tried;
    if (auto checked = tried.configure(configuration.limits, m_clock.steadyNow()); !checked)
        return checked;
    if (auto taken = m_ledger.configure(configuration, m_clock.now()); !taken)
        return taken;
    m_brake.configure(configuration.brake, m_clock.steadyNow());
    return m_limits.configure(configuration.limits, m_clock.steadyNow());
}

void Governor::remember(const gateway_verbs::UsageEvent& event) {
    const auto at = fromRfc3339(event.startedAt);
    m_ledger.book(event.userId, event.route, event.seq, event.promptTokens + event.completionTokens, event.costNanos, at.value_or(m_clock.now()), m_clock.now());
}

model::RateLimits::Request Governor::limitsOf(const model::Caller& caller, std::string_view route, std::int64_t tokens) const {
    return {caller.kind == model::Caller::Kind::Key ? std::string_view(caller.id) : std::string_view(), caller.user, route, tokens};
}

std::variant<Governor::Grant, model::RefusalReason> Governor::admit(const Question& question) {
    const WallTime now = m_clock.now();
    if (question.route.contextTokens > 0 && question.promptBytes / bytesOfALongToken > question.route.contextTokens)
        return contextTooLong(question);
    model::RunawayBrake::Request seen;
    seen.user = question.caller.user;
    seen.run = question.traceId.empty() ? 0 : fingerprintOf(question.traceId);
    seen.content = question.fingerprint.content;
    seen.toolCall = question.fingerprint.toolCall;
    seen.usualNanosPerHour = question.caller.person ? question.caller.person->usualNanosPerHour : 0;
    model::RunawayBrake::Verdict verdict = m_brake.check(seen, m_clock.steadyNow(), now);
    if (verdict.change && m_braked)
        m_braked(*verdict.change);
    if (verdict.refusal)
        return std::move(*verdict.refusal);
    Grant grant;
    auto admitted = m_limits.admit(limitsOf(question.caller, question.route.name, question.promptBytes / bytesOfAToken), m_clock.steadyNow());
    if (const auto* refused = std::get_if<model::LimitRefusal>(&admitted))
        return refused->reason();
    grant.admission = std::move(std::get<model::Admission>(admitted));

    model::Price price = question.route.targets.front().price;
    for (const model::Target& target : question.route.targets)
        price = model::dearest(price, target.price);
    if (!model::isKnown(price))
        return unknownPrice(question);

    const bool counted = m_ledger.tightest(question.caller.user, question.route.name, question.traceId, now).has_value();
    if (question.answers && (counted || question.route.outputTokens > 0)) {
        const std::int64_t most = question.route.outputTokens > 0 ? question.route.outputTokens : usualOutput;
        grant.outputLimit = std::min(most, question.askedOutput.value_or(most));
    }
    if (!counted)
        return grant;
    const std::int64_t output = outputOf(question, *grant.outputLimit);
    grant.tokens = question.promptBytes + output;
    grant.nanos = model::costAtMost(price, question.promptBytes, output).value_or(INT64_MAX);
    model::BudgetLedger::Request request;
    request.user = question.caller.user;
    request.route = question.route.name;
    request.traceId = question.traceId;
    request.nanos = grant.nanos;
    request.tokens = grant.tokens;
    auto reserved = m_ledger.reserve(request, now);
    if (const auto* refused = std::get_if<model::BudgetRefusal>(&reserved))
        return refused->reason(now);
    grant.reservation = std::move(std::get<model::Reservation>(reserved));
    return grant;
}

void Governor::hold(std::string_view user, std::string_view sentence) {
    const model::BrakeReport report = m_brake.hold(user, sentence, m_clock.now());
    if (m_braked)
        m_braked(report);
}

bool Governor::release(std::string_view user) {
    const auto report = m_brake.release(user, m_clock.now());
    if (report && m_braked)
        m_braked(*report);
    return report.has_value();
}

void Governor::settle(Grant& grant, std::string_view user, std::string_view route, WallTime startedAt, std::int64_t seq, std::int64_t tokens, std::int64_t nanos) {
    m_brake.spent(user, nanos, m_clock.steadyNow());
    grant.admission.finish(tokens);
    if (grant.reservation.held())
        m_ledger.commit(std::move(grant.reservation), seq, tokens, nanos, m_clock.now());
    else // no budget yet; one that is made before the next baseline begins with it
        m_ledger.book(user, route, seq, tokens, nanos, startedAt, m_clock.now());
}

void Governor::addHeaders(stream::Fields& fields, model::Dialect dialect, const model::Caller& caller, std::string_view route, std::string_view traceId) {
    const bool anthropic = dialect == model::Dialect::Anthropic;
    const auto left = m_limits.headers(limitsOf(caller, route, 0), m_clock.steadyNow());
    const auto add = [&](std::string_view of, const std::optional<model::RateLimits::Window>& window) {
        if (!window)
            return;
        const std::string prefix = anthropic ? "anthropic-ratelimit-" + std::string(of) + "-" : "x-ratelimit-";
        const std::string suffix = anthropic ? std::string() : "-" + std::string(of);
        fields.add(prefix + "limit" + suffix, std::to_string(window->limit));
        fields.add(prefix + "remaining" + suffix, std::to_string(window->remaining));
        fields.add(prefix + "reset" + suffix, anthropic ? toRfc3339(m_clock.now() + window->reset) : std::to_string(window->reset.count()) + "ms");
    };
    add("requests", left.requests);
    add("tokens", left.tokens);
    if (const auto state = m_ledger.tightest(caller.user, route, traceId, m_clock.now())) {
        const bool money = state->unit == model::BudgetUnit::Money;
        fields.add("x-clawloops-budget", state->id);
        fields.add("x-clawloops-budget-remaining", money ? model::moneyText(state->left()) : std::to_string(state->left()) + " tokens");
    }
}

json::array Governor::budgets() {
    json::array list;
    for (const auto& state : m_ledger.states(m_clock.now())) {
        list.emplace_back(json::object{{"id", state.id},
                                       {"subject", state.subject},
                                       {"spent", state.spent},
                                       {"reserved", state.reserved},
                                       {"limit", state.limit},
                                       {"resetsAt", toRfc3339(state.resetsAt)}});
    }
    return list;
}

} // namespace clawloops::gateway
