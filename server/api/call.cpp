// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/call.h"

#include "edge/error_answer.h"

namespace clawloops::api {

store::Actor Call::actor() const {
    store::Actor actor;
    if (caller) {
        actor.userId = caller->user.id;
        actor.username = caller->user.username;
    }
    actor.address = request.clientAddress();
    actor.rid = request.rid;
    return actor;
}

void Call::answer(int status, const json::object& object, HttpHeaders headers) const {
    HttpResponse response = HttpResponse::json(status, status == 204 ? std::string() : json::serialize(object));
    response.headers.insert(response.headers.end(), headers.begin(), headers.end());
    m_reply.send(std::move(response));
}

void Call::fail(const Error& error) const { m_reply.send(errorAnswer(error, request.rid)); }

} // namespace clawloops::api
