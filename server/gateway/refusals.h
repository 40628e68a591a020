// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/json.h"
#include "model/refusal_reason.h"
#include "model/route_table.h"
#include "stream/exchange.h"

#include <deque>
#include <functional>
#include <string>
#include <string_view>

namespace clawloops::gateway {

// A reason that needs no numbers.
[[nodiscard]] model::RefusalReason reasonOf(model::Refusal kind, std::string_view rule, std::string sentence, std::string change = {});

// {"error":…} or {"type":"error",…} with X-Request-Id and, where waiting helps, Retry-After, in the endpoint's dialect.
stream::Task<void> respondRefusal(stream::Exchange& exchange, model::Dialect dialect, const model::RefusalReason& reason, const std::string& rid);

// What was refused lately and why, for whoever asks "why was I refused?": each refusal is a line of the log, and the last 1000 of known
// people are kept here. Nothing of a request's content. One thread.
class RefusalBook {
public:
    static constexpr std::size_t kept = 1000;

    explicit RefusalBook(const Clock& clock) : m_clock(clock) {}
    // `caller` null: nobody who is known; that is logged only.
    void note(const model::RefusalReason& reason, std::string_view rid, const model::Caller* caller, std::string_view path, std::string_view route);
    // Newest first; `user` empty: everybody's.
    [[nodiscard]] json::array recent(std::string_view user, std::size_t limit) const;
    void onNoted(std::function<void(const json::object&)> callback) { m_noted = std::move(callback); }

private:
    const Clock& m_clock;
    std::deque<json::object> m_refusals; // newest last
    std::function<void(const json::object&)> m_noted;
};

} // namespace clawloops::gateway
