// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/json.h"
#include "base/result.h"
#include "edge/http.h"
#include "identity/session_index.h"
#include "store/audit_log.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clawloops::api {

// Who asks, known by a live session.
struct Caller {
    identity::User user;
    identity::Session session;
};

// One API request on its way through a controller: shared by the callbacks that answer it.
class Call {
public:
    Call(HttpRequest asked, HttpReply to) : request(std::move(asked)), m_reply(std::move(to)) {}

    HttpRequest request;
    std::string host; // of ours, as the client named it
    std::string origin; // the portal origin of that host
    std::vector<std::string> parameters; // of the path, in order, decoded, harmless characters only
    std::optional<Caller> caller; // set unless the operation is public
    json::object body; // empty when there is none

    [[nodiscard]] store::Actor actor() const;
    [[nodiscard]] const std::string& parameter(std::size_t index = 0) const { return parameters.at(index); }

    void answer(int status, const json::object& object, HttpHeaders headers = {}) const;
    void answer(HttpResponse response) const { m_reply.send(std::move(response)); }
    void fail(const Error& error) const;
    [[nodiscard]] std::shared_ptr<HttpStream> startStream(HttpResponse head) const { return m_reply.startStream(std::move(head)); }

private:
    HttpReply m_reply;
};
using CallPtr = std::shared_ptr<Call>;

} // namespace clawloops::api
