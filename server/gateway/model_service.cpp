// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/model_service.h"

#include "base/json.h"
#include "base/log.h"
#include "base/random.h"
#include "gateway/cell_token.h"
#include "gateway/model_request.h"

namespace clawloops::gateway {
namespace {

using model::Refusal;

constexpr Log log("gateway");

void logRefusal(const stream::Exchange& exchange, std::string_view rid, std::string_view cell, Refusal refusal) {
    log.warning("model request refused", rid,
                {{"cell", cell}, {"path", exchange.request().path().substr(0, 200)}, {"status", model::statusOf(refusal)}});
}

} // namespace

stream::Task<void> ModelService::refuse(stream::Exchange& exchange, Refusal refusal, std::string message, std::string rid) {
    ++m_state.stats.refused;
    const model::Dialect dialect = model::dialectOfPath(exchange.request().path());
    co_await respondRefusal(exchange, dialect, refusal, std::move(message), std::move(rid));
}

void ModelService::noteTooFast(const std::string& cellId, std::string_view rid) {
    TooFast& cell = m_state.tooFast[cellId];
    ++cell.untold;
    const SteadyTime now = m_state.clock.steadyNow();
    if (now < cell.nextTold)
        return;
    cell.nextTold = now + std::chrono::seconds(1);
    log.warning("model requests refused: too many in a short time", rid, {{"cell", cellId}, {"requests", std::exchange(cell.untold, 0)}});
}

stream::Task<void> ModelService::serveCell(stream::Exchange& exchange, std::string cellId) {
    ++m_state.stats.requests;
    const std::string rid = newRequestId();
    // Before anything else, the token included: only that cell comes by this socket, and every refusal has its price too.
    if (!m_state.pace.take(cellId, m_state.clock.steadyNow())) {
        noteTooFast(cellId, rid);
        co_await refuse(exchange, Refusal::TooMany, "Too many requests of this workspace came in a short time; wait a second.", rid);
        co_return;
    }
    const auto table = m_state.table;
    const model::CellAccess* cell = table->cell(cellId);
    if (!cell || !carriesTokenOf(*cell, exchange.request().fields)) {
        logRefusal(exchange, rid, cellId, Refusal::WrongToken);
        co_await refuse(exchange, Refusal::WrongToken, "The key is missing or wrong for this workspace.", rid);
        co_return;
    }
    const auto endpoint = model::endpointOf(exchange.request().path());
    if (!endpoint) {
        logRefusal(exchange, rid, cellId, Refusal::NotFound);
        co_await refuse(exchange, Refusal::NotFound, "There is no such address here; the model endpoints begin with /v1/.", rid);
        co_return;
    }
    if (exchange.request().method != model::methodOf(*endpoint)) {
        logRefusal(exchange, rid, cellId, Refusal::WrongMethod);
        const std::string message = "Use " + std::string(model::methodOf(*endpoint)) + " for this address.";
        co_await refuse(exchange, Refusal::WrongMethod, message, rid);
        co_return;
    }
    if (*endpoint == model::Endpoint::Models) {
        co_await listModels(exchange, *table, *cell, rid);
        co_return;
    }
    ModelRequest request(m_state, exchange, *cell, *endpoint, rid);
    co_await request.run();
}

stream::Task<void> ModelService::serveKeys(stream::Exchange& exchange) {
    ++m_state.stats.requests;
    const std::string rid = newRequestId();
    logRefusal(exchange, rid, {}, Refusal::WrongToken);
    co_await refuse(exchange, Refusal::WrongToken, "The key is missing or wrong; ask the admin of this appliance for one.", rid);
}

stream::Task<void> ModelService::listModels(stream::Exchange& exchange, const model::RouteTable& table,
                                            const model::CellAccess& cell, std::string rid) {
    json::array data;
    for (const model::Route* route : table.routesOf(cell)) {
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
    log.info("models listed", rid, {{"cell", cell.cellId}, {"path", exchange.request().path()}, {"status", head.status}});
    static_cast<void>(co_await exchange.respond(std::move(head), body));
}

} // namespace clawloops::gateway
