// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/service_state.h"
#include "stream/exchange.h"

#include <string>

namespace clawloops::gateway {

// What answers on a cell's model.sock and on the listener for personal keys: the caller's pace, who they are, whether they may do anything
// at all, the path, the method; only then anything else of the request is looked at. GET /v1/models is answered here; the rest goes to a
// ModelRequest. Unknown paths are a 404 with the right credential and a 401 without, so that nothing can be probed from outside.
class ModelService {
public:
    explicit ModelService(ServiceState& state) : m_state(state) {}

    // `cellId` is the cell whose socket the request came by.
    stream::Task<void> serveCell(stream::Exchange& exchange, std::string cellId);
    // Through Traefik, from the LAN: the key in the request says who it is.
    stream::Task<void> serveKeys(stream::Exchange& exchange);

private:
    using Table = std::shared_ptr<const model::RouteTable>;
    [[nodiscard]] bool inPace(const std::string& caller, std::string_view rid);
    stream::Task<void> refuseTooFast(stream::Exchange& exchange, std::string rid);
    stream::Task<void> serve(stream::Exchange& exchange, Table table, const model::Caller& caller, std::string rid);
    stream::Task<void> refuse(stream::Exchange& exchange, const model::Caller* caller, model::RefusalReason reason, std::string rid);
    stream::Task<void> listModels(stream::Exchange& exchange, const model::RouteTable& table, const model::Caller& caller, std::string rid);
    ServiceState& m_state;
};

} // namespace clawloops::gateway
