// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/rate_limits.h"

#include <algorithm>
#include <cmath>

namespace clawloops::model {
namespace {

constexpr std::array<std::string_view, 3> scopes{"key", "person", "route"};
constexpr std::array allScopes{LimitScope::Key, LimitScope::Person, LimitScope::Route};

constexpr std::int64_t largest = 1'000'000'000'000'000; // a limit above is this one: sums of it stay exact
constexpr double longestDebt = 60; // minutes
constexpr double nearly = 1e-6; // what sums of doubles may lack of a whole one

std::size_t indexOf(LimitScope scope) {
    return static_cast<std::size_t>(scope);
}

double inMinutes(SteadyTime::duration span) {
    return std::chrono::duration<double, std::ratio<60>>(span).count();
}

std::chrono::milliseconds timeFor(double amount, std::int64_t perMinute) {
    return std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil(std::max(0.0, amount - nearly) * 60'000 / static_cast<double>(perMinute))));
}

void fill(LimitUse& use, SteadyTime now) {
    const double minutes = inMinutes(std::max(SteadyTime::duration::zero(), now - use.at));
    use.at = std::max(use.at, now);
    const auto filled = [minutes](double left, std::int64_t limit) {
        return limit == 0 ? 0 : std::min(static_cast<double>(limit), left + minutes * static_cast<double>(limit)); // no limit: nothing is used of it
    };
    use.requests = filled(use.requests, use.requestsPerMinute);
    use.tokens = filled(use.tokens, use.tokensPerMinute);
}

// Never above full: fill() sees to it.
void spend(LimitUse& use, double tokens) {
    use.tokens = std::max(use.tokens - tokens, -longestDebt * static_cast<double>(use.tokensPerMinute));
}

bool isFull(const LimitUse& use) {
    return use.underWay == 0 && use.requests >= static_cast<double>(use.requestsPerMinute) && use.tokens >= static_cast<double>(use.tokensPerMinute);
}

RateLimits::Window windowOf(double left, std::int64_t limit) {
    return {limit, std::max<std::int64_t>(0, static_cast<std::int64_t>(std::floor(left + nearly))), timeFor(static_cast<double>(limit) - left, limit)};
}

} // namespace

Admission& Admission::operator=(Admission&& other) noexcept {
    if (this != &other) {
        finish(0);
        m_uses = std::exchange(other.m_uses, {});
        m_tokens = other.m_tokens;
    }
    return *this;
}

void Admission::finish(std::int64_t tokens) {
    for (LimitUse*& use : m_uses) {
        if (!use)
            continue;
        --use->underWay;
        spend(*use, static_cast<double>(std::max<std::int64_t>(0, tokens)) - static_cast<double>(m_tokens));
        use = nullptr;
    }
}

Result<void> RateLimits::configure(const std::vector<gateway_verbs::Limit>& limits, SteadyTime now) {
    std::array<TextMap<gateway_verbs::Limit>, 3> own;
    std::array<gateway_verbs::Limit, 3> each{};
    std::array<bool, 3> seen{};
    for (gateway_verbs::Limit limit : limits) {
        const auto scope = std::ranges::find(scopes, limit.scope);
        if (scope == scopes.end())
            return Error{ErrorCode::InvalidRequest, "A limit has the scope \"" + limit.scope + "\"; it is key, person or route.", {}};
        if (limit.requestsPerMinute < 0 || limit.tokensPerMinute < 0 || limit.streams < 0)
            return Error{ErrorCode::InvalidRequest, "A limit is below 0; 0 is none.", {}};
        limit.requestsPerMinute = std::min(limit.requestsPerMinute, largest);
        limit.tokensPerMinute = std::min(limit.tokensPerMinute, largest);
        const auto index = static_cast<std::size_t>(scope - scopes.begin());
        const bool first = limit.subject.empty() ? !std::exchange(seen[index], true) : own[index].emplace(limit.subject, limit).second;
        if (!first)
            return Error{ErrorCode::InvalidRequest, "The limit of " + limit.scope + " \"" + limit.subject + "\" is there twice.", {}};
        if (limit.subject.empty())
            each[index] = limit;
    }
    m_limits = std::move(own);
    m_each = std::move(each);
    for (const LimitScope scope : allScopes) {
        auto& uses = m_uses[indexOf(scope)];
        for (auto& [subject, use] : uses)
            fill(use, now);
        std::erase_if(uses, [](const auto& entry) { return isFull(entry.second); }); // as if it had never been
        for (auto& [subject, use] : uses)
            setLimit(use, limitOf(scope, subject), now);
    }
    return {};
}

const gateway_verbs::Limit& RateLimits::limitOf(LimitScope scope, std::string_view subject) const {
    const auto& own = m_limits[indexOf(scope)];
    const auto it = own.find(subject);
    return it == own.end() ? m_each[indexOf(scope)] : it->second;
}

// What was used stays used: the same amount is missing from the new limit as from the old one.
void RateLimits::setLimit(LimitUse& use, const gateway_verbs::Limit& limit, SteadyTime now) const {
    use.requests += static_cast<double>(limit.requestsPerMinute - use.requestsPerMinute);
    use.tokens += static_cast<double>(limit.tokensPerMinute - use.tokensPerMinute);
    use.requestsPerMinute = limit.requestsPerMinute;
    use.tokensPerMinute = limit.tokensPerMinute;
    use.streams = limit.streams;
    use.at = now;
}

LimitUse* RateLimits::useOf(LimitScope scope, std::string_view subject, SteadyTime now) {
    if (subject.empty())
        return nullptr;
    auto& uses = m_uses[indexOf(scope)];
    auto it = uses.find(subject);
    if (it == uses.end()) {
        it = uses.emplace(subject, LimitUse{}).first;
        setLimit(it->second, limitOf(scope, subject), now);
    }
    fill(it->second, now);
    return &it->second;
}

std::variant<Admission, LimitRefusal> RateLimits::admit(const Request& request, SteadyTime now) {
    const std::array subjects{request.key, request.person, request.route};
    std::array<LimitUse*, 3> uses{};
    const std::int64_t tokens = std::max<std::int64_t>(0, request.tokens);
    for (const LimitScope scope : allScopes) {
        const std::string_view subject = subjects[indexOf(scope)];
        LimitUse* const use = uses[indexOf(scope)] = useOf(scope, subject, now);
        if (!use)
            continue;
        if (use->streams > 0 && use->underWay >= use->streams)
            return LimitRefusal{LimitOf::Streams, scope, std::string(subject), use->streams, use->underWay, 1, std::chrono::seconds(1)};
        if (use->requestsPerMinute > 0 && use->requests < 1 - nearly) {
            const auto used = static_cast<std::int64_t>(std::ceil(static_cast<double>(use->requestsPerMinute) - use->requests));
            return LimitRefusal{LimitOf::Requests, scope, std::string(subject), use->requestsPerMinute, std::min(used, use->requestsPerMinute),
                                1, timeFor(1 - use->requests, use->requestsPerMinute)};
        }
        const double needed = static_cast<double>(std::min(tokens, use->tokensPerMinute));
        if (use->tokensPerMinute > 0 && use->tokens < needed - nearly) {
            const auto used = static_cast<std::int64_t>(std::ceil(static_cast<double>(use->tokensPerMinute) - use->tokens));
            return LimitRefusal{LimitOf::Tokens, scope, std::string(subject), use->tokensPerMinute, used,
                                tokens, timeFor(needed - use->tokens, use->tokensPerMinute)};
        }
    }
    Admission admission;
    admission.m_tokens = tokens;
    admission.m_uses = uses;
    for (LimitUse* use : uses) {
        if (!use)
            continue;
        ++use->underWay;
        use->requests -= 1;
        spend(*use, static_cast<double>(tokens));
    }
    return admission;
}

RateLimits::Headers RateLimits::headers(const Request& request, SteadyTime now) {
    const std::array subjects{request.key, request.person, request.route};
    Headers headers;
    const auto take = [](std::optional<Window>& into, const Window& window) {
        if (!into || window.remaining < into->remaining)
            into = window;
    };
    for (const LimitScope scope : allScopes) {
        const LimitUse* const use = useOf(scope, subjects[indexOf(scope)], now);
        if (use && use->requestsPerMinute > 0)
            take(headers.requests, windowOf(use->requests, use->requestsPerMinute));
        if (use && use->tokensPerMinute > 0)
            take(headers.tokens, windowOf(use->tokens, use->tokensPerMinute));
    }
    return headers;
}

RefusalReason LimitRefusal::reason() const {
    RefusalReason reason;
    reason.kind = Refusal::TooMany;
    reason.retryAfter = retryAfter;
    reason.numbers = {{"scope", std::string(scopes[indexOf(scope)])}, {"subject", subject}, {"limit", limit}, {"current", current}, {"asked", asked}};
    const std::string whose = scope == LimitScope::Key ? "This key" : scope == LimitScope::Person ? "You" : "The model \"" + subject + "\"";
    const std::string may = scope == LimitScope::Person ? " have" : " has";
    const std::string wait = " Try again in " + spanText(retryAfter) + ".";
    switch (which) {
    case LimitOf::Requests:
        reason.rule = "requests_per_minute";
        reason.sentence = whose + may + " a limit of " + std::to_string(limit) + " requests a minute, which is used up." + wait;
        break;
    case LimitOf::Tokens:
        reason.rule = "tokens_per_minute";
        reason.sentence = whose + may + " a limit of " + std::to_string(limit) + " tokens a minute; " + std::to_string(std::max<std::int64_t>(0, limit - current)) +
                          " are left, and this request may take " + std::to_string(asked) + "." + wait;
        break;
    case LimitOf::Streams:
        reason.rule = "parallel_streams";
        reason.sentence = whose + may + " a limit of " + std::to_string(limit) + " requests at once, and " + std::to_string(current) +
                          " are under way. Try again when one of them has ended.";
        break;
    }
    reason.change = "An admin changes the limits on the Usage page.";
    return reason;
}

} // namespace clawloops::model
