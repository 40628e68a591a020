// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "model/refusal_reason.h"
#include "model/text_map.h"
#include "wire/gateway_configuration.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace clawloops::model {

enum class LimitScope { Key, Person, Route };
enum class LimitOf { Requests, Tokens, Streams };

struct LimitRefusal {
    LimitOf which = LimitOf::Requests;
    LimitScope scope = LimitScope::Key;
    std::string subject;
    std::int64_t limit = 0; // a minute, or at once
    std::int64_t current = 0; // used of it at this moment
    std::int64_t asked = 1;
    std::chrono::milliseconds retryAfter{0};

    [[nodiscard]] RefusalReason reason() const;
};

class RateLimits;
struct LimitUse { // what one key, person or route has used lately
    double requests = 0; // what is left; full again after a minute
    double tokens = 0;
    SteadyTime at{}; // when they were so
    std::int64_t requestsPerMinute = 0; // 0: none
    std::int64_t tokensPerMinute = 0;
    std::int64_t streams = 0;
    std::int64_t underWay = 0;
};

// One let-in request. It is under way until this goes; what was not finished gives its tokens back. Not after its RateLimits.
class Admission {
public:
    Admission() = default;
    Admission(Admission&& other) noexcept : m_uses(std::exchange(other.m_uses, {})), m_tokens(other.m_tokens) {}
    Admission& operator=(Admission&& other) noexcept;
    ~Admission() { finish(0); }
    // It used this many tokens instead of the estimate. A second time does nothing.
    void finish(std::int64_t tokens);

private:
    friend class RateLimits;
    std::array<LimitUse*, 3> m_uses{};
    std::int64_t m_tokens = 0;
};

// How much one key, person and route may do in a minute and at once: token buckets that hold one minute's worth and fill evenly.
//
// | limit             | lets in while                             | takes                   | at the end                            |
// |-------------------|-------------------------------------------|-------------------------|---------------------------------------|
// | requestsPerMinute | one is left                               | one                     | nothing                               |
// | tokensPerMinute   | the estimate is left, or the bucket is full | the estimate          | what was too much back, too little on |
// | streams           | fewer requests are under way, streamed or not | one                 | it back                               |
// So a request that is estimated larger than a whole minute's worth waits for a full bucket and leaves a debt, instead of never coming in.
// A debt is an hour's worth at most, whatever an upstream reports.
// All limits that match let it in, or none takes anything. A limit of a subject of its own replaces the one of each, whole. 0: no limit.
// A configure keeps what was used. One thread; three look-ups a request.
class RateLimits {
public:
    // Refuses unknown scopes, negative numbers and a subject that is there twice; then all stays as it was.
    [[nodiscard]] Result<void> configure(const std::vector<gateway_verbs::Limit>& limits, SteadyTime now);

    struct Request {
        std::string_view key; // empty: a cell's, which has none
        std::string_view person;
        std::string_view route;
        std::int64_t tokens = 0; // estimate of prompt and answer
    };
    [[nodiscard]] std::variant<Admission, LimitRefusal> admit(const Request& request, SteadyTime now);

    struct Window {
        std::int64_t limit = 0;
        std::int64_t remaining = 0;
        std::chrono::milliseconds reset{0}; // until all of it is there again
    };
    struct Headers { // for x-ratelimit-…: of those that match the one of which the least remains
        std::optional<Window> requests;
        std::optional<Window> tokens;
    };
    [[nodiscard]] Headers headers(const Request& request, SteadyTime now);
    [[nodiscard]] std::size_t remembered() const { return m_uses[0].size() + m_uses[1].size() + m_uses[2].size(); }

private:
    [[nodiscard]] const gateway_verbs::Limit& limitOf(LimitScope scope, std::string_view subject) const;
    void setLimit(LimitUse& use, const gateway_verbs::Limit& limit, SteadyTime now) const;
    LimitUse* useOf(LimitScope scope, std::string_view subject, SteadyTime now);

    std::array<TextMap<gateway_verbs::Limit>, 3> m_limits; // by scope
    std::array<gateway_verbs::Limit, 3> m_each; // for those without one of their own
    std::array<TextMap<LimitUse>, 3> m_uses;
};

} // namespace clawloops::model
