// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/model_service.h"

#include "base/json.h"
#include "base/log.h"
#include "base/random.h"
#include "gateway/caller_token.h"
#include "gateway/model_request.h"

namespace clawloops::gateway {
namespace {

using model::Refusal;

constexpr Log log("gateway");

// Why somebody known may do nothing at all.
model::RefusalReason stopped(const model::RouteTable& table, const model::Caller& caller, std::string_view sentence) {
    if (!caller.person)
        return reasonOf(Refusal::NotAllowed, "person_disabled", std::string(sentence), "An admin enables the person again, on the People page.");
    const bool alone = !caller.person->frozen.empty();
    const std::string said = table.frozenAll().empty() || alone ? std::string(sentence) : std::string(table.frozenAll());
    return reasonOf(Refusal::NotAllowed, alone ? "frozen" : "all_frozen", "An admin has put model use on hold: " + said,
                    "An admin releases it, on the People page or by clawloopsctl release.");
}

} // namespace

stream::Task<void> ModelService::refuse(stream::Exchange& exchange, const model::Caller* caller, model::RefusalReason reason, std::string rid) {
    ++m_state.stats.refused;
    m_state.refusals.note(reason, rid, caller, exchange.request().path(), {});
    co_await respondRefusal(exchange, model::dialectOfPath(exchange.request().path()), reason, rid);
}

bool ModelService::inPace(const std::string& caller, std::string_view rid) {
    const SteadyTime now = m_state.clock.steadyNow();
    if (m_state.pace.take(caller, now))
        return true;
    TooFast& one = m_state.tooFast[caller];
    ++one.untold;
    if (now >= one.nextTold) {
        one.nextTold = now + std::chrono::seconds(1);
        log.warning("model requests refused: too many in a short time", rid,
                    {{"caller", caller}, {"rule", "too_fast"}, {"requests", std::exchange(one.untold, 0)}});
    }
    return false;
}

// Not noted in the book of refusals: there may be thousands a second.
stream::Task<void> ModelService::refuseTooFast(stream::Exchange& exchange, std::string rid) {
    ++m_state.stats.refused;
    const auto reason = reasonOf(Refusal::TooMany, "too_fast", "Too many requests came in a short time; wait a second.");
    co_await respondRefusal(exchange, model::dialectOfPath(exchange.request().path()), reason, rid);
}

stream::Task<void> ModelService::serveCell(stream::Exchange& exchange, std::string cellId) {
    ++m_state.stats.requests;
    const std::string rid = newRequestId();
    // Before anything else, the token included: only that cell comes by this socket, and every refusal has its price too.
    if (!inPace(cellId, rid)) {
        co_await refuseTooFast(exchange, rid);
        co_return;
    }
    auto table = m_state.table;
    const model::Caller* cell = table->cell(cellId);
    if (!cell || !carriesTokenOf(*cell, exchange.request().fields)) {
        co_await refuse(exchange, nullptr, reasonOf(Refusal::WrongToken, "wrong_key", "The key is missing or wrong for this workspace."), rid);
        co_return;
    }
    co_await serve(exchange, std::move(table), *cell, rid);
}

stream::Task<void> ModelService::serveKeys(stream::Exchange& exchange) {
    ++m_state.stats.requests;
    const std::string rid = newRequestId();
    auto table = m_state.table;
    const auto hash = tokenHashOf(exchange.request().fields);
    const model::Caller* key = hash ? table->key(*hash) : nullptr;
    if (!inPace(key ? key->id : std::string(), rid)) {
        co_await refuseTooFast(exchange, rid);
        co_return;
    }
    if (!key) {
        co_await refuse(exchange, nullptr, reasonOf(Refusal::WrongToken, "wrong_key", "The key is missing or wrong; make one on your page of this appliance."), rid);
        co_return;
    }
    if (key->expires && m_state.clock.now() >= *key->expires) {
        auto reason = reasonOf(Refusal::WrongToken, "key_expired", "This key was good until " + toRfc3339(*key->expires) + "; make a new one on your page of this appliance.",
                               "Make a new key.");
        co_await refuse(exchange, key, std::move(reason), rid);
        co_return;
    }
    co_await serve(exchange, std::move(table), *key, rid);
}

stream::Task<void> ModelService::serve(stream::Exchange& exchange, Table table, const model::Caller& caller, std::string rid) {
    if (const std::string_view sentence = table->stopOf(caller.user); !sentence.empty()) {
        co_await refuse(exchange, &caller, stopped(*table, caller, sentence), rid);
        co_return;
    }
    const auto endpoint = model::endpointOf(exchange.request().path());
    if (!endpoint) {
        co_await refuse(exchange, &caller, reasonOf(Refusal::NotFound, "no_such_path", "There is no such address here; the model endpoints begin with /v1/."), rid);
        co_return;
    }
    if (exchange.request().method != model::methodOf(*endpoint)) {
        const std::string sentence = "Use " + std::string(model::methodOf(*endpoint)) + " for this address.";
        co_await refuse(exchange, &caller, reasonOf(Refusal::WrongMethod, "wrong_method", sentence), rid);
        co_return;
    }
    if (*endpoint == model::Endpoint::Models) {
        co_await listModels(exchange, *table, caller, rid);
        co_return;
    }
    ModelRequest request(m_state, exchange, caller, *endpoint, rid);
    co_await request.run();
}

stream::Task<void> ModelService::listModels(stream::Exchange& exchange, const model::RouteTable& table, const model::Caller& caller, std::string rid) {
    json::array data;
    for (const model::Route* route : table.routesOf(caller)) {
        json::object entry;
        entry["id"] = route->name;
        entry["object"] = "model";
        entry["created"] = 0;
        entry["owned_by"] = "clawloops";
        data.push_back(std::move(entry));
    }
    json::object list;
    list["object"] = "list";
    list["data"] = std::move(data);
    stream::ResponseHead head;
    head.fields.add("Content-Type", "application/json");
    head.fields.add("X-Request-Id", rid);
    const std::string body = json::serialize(list);
    log.info("models listed", rid, {{"caller", caller.id}, {"path", exchange.request().path()}, {"status", head.status}});
    static_cast<void>(co_await exchange.respond(std::move(head), body));
}

} // namespace clawloops::gateway
