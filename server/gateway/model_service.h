// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/service_state.h"
#include "stream/exchange.h"

#include <string>

namespace clawloops::gateway {

// What answers on a cell's model.sock and on the listener for personal keys: the cell's pace, authenticate, then the path, then the
// method; only then anything else of the request is looked at. GET /v1/models is answered here; the rest goes to a ModelRequest.
// Unknown paths are a 404 with the right credential and a 401 without, so that nothing can be probed from outside.
class ModelService {
public:
    explicit ModelService(ServiceState& state) : m_state(state) {}

    // `cellId` is the cell whose socket the request came by.
    stream::Task<void> serveCell(stream::Exchange& exchange, std::string cellId);
    // Personal keys: this appliance has issued none, so that every key is a wrong one.
    stream::Task<void> serveKeys(stream::Exchange& exchange);

private:
    void noteTooFast(const std::string& cellId, std::string_view rid);
    stream::Task<void> refuse(stream::Exchange& exchange, model::Refusal refusal, std::string message, std::string rid);
    stream::Task<void> listModels(stream::Exchange& exchange, const model::RouteTable& table, const model::CellAccess& cell,
                                  std::string rid);
    ServiceState& m_state;
};

} // namespace clawloops::gateway
