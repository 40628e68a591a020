// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/refusals.h"

#include "base/log.h"

#include <algorithm>

namespace clawloops::gateway {
namespace {

constexpr Log log("gateway");

} // namespace

model::RefusalReason reasonOf(model::Refusal kind, std::string_view rule, std::string sentence, std::string change) {
    model::RefusalReason reason;
    reason.kind = kind;
    reason.rule = rule;
    reason.sentence = std::move(sentence);
    reason.change = std::move(change);
    return reason;
}

stream::Task<void> respondRefusal(stream::Exchange& exchange, model::Dialect dialect, const model::RefusalReason& reason, const std::string& rid) {
    stream::ResponseHead head;
    head.status = model::statusOf(reason.kind);
    head.fields.add("Content-Type", "application/json");
    head.fields.add("X-Request-Id", rid);
    std::int64_t seconds = reason.retryAfterSeconds();
    if (seconds == 0 && (reason.kind == model::Refusal::TooMany || reason.kind == model::Refusal::Busy))
        seconds = 1;
    if (seconds > 0)
        head.fields.add("Retry-After", std::to_string(seconds));
    const std::string body = model::errorBody(dialect, reason.kind, reason.sentence);
    static_cast<void>(co_await exchange.respond(std::move(head), body));
}

void RefusalBook::note(const model::RefusalReason& reason, std::string_view rid, const model::Caller* caller, std::string_view path, std::string_view route) {
    const std::string numbers = json::serialize(reason.numbersJson());
    const bool cell = caller && caller->kind == model::Caller::Kind::Cell;
    log.warning("model request refused", rid,
                {{"cell", cell ? std::string_view(caller->id) : std::string_view()},
                 {"key", caller && !cell ? std::string_view(caller->id) : std::string_view()},
                 {"path", path.substr(0, 200)},
                 {"route", route.substr(0, 200)},
                 {"status", model::statusOf(reason.kind)},
                 {"rule", reason.rule},
                 {"why", reason.sentence},
                 {"numbers", numbers},
                 {"change", reason.change}});
    if (!caller)
        return;
    m_refusals.push_back({{"requestId", rid},
                          {"at", toRfc3339(m_clock.now())},
                          {"user", caller->user},
                          {"caller", caller->id},
                          {"route", route.substr(0, 200)},
                          {"rule", reason.rule},
                          {"sentence", reason.sentence},
                          {"numbers", reason.numbersJson()},
                          {"change", reason.change}});
    if (m_refusals.size() > kept)
        m_refusals.pop_front();
    if (m_noted)
        m_noted(m_refusals.back());
}

json::array RefusalBook::recent(std::string_view user, std::size_t limit) const {
    json::array list;
    for (auto each = m_refusals.rbegin(); each != m_refusals.rend() && list.size() < limit; ++each) {
        if (user.empty() || std::string_view(each->at("user").get_string()) == user)
            list.emplace_back(*each);
    }
    return list;
}

} // namespace clawloops::gateway
