// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/router.h"

#include "base/log.h"
#include "edge/cookies.h"
#include "edge/error_answer.h"
#include "edge/origin_rule.h"

#include <QByteArray>

#include <algorithm>

namespace clawloops::api {

namespace {
constexpr Log log("api");
constexpr std::string_view root = "/api/v1";
constexpr std::size_t longestSegment = 200;

bool harmless(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == ':' ||
           c == '@' || c == '-' || c == '/';
}

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        text.remove_prefix(1); // the slash
        const auto end = text.find('/');
        parts.emplace_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end);
    }
    return parts;
}

bool matches(const std::vector<std::string>& pattern, const std::vector<std::string>& path, std::vector<std::string>& parameters) {
    if (pattern.size() != path.size())
        return false;
    parameters.clear();
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i].starts_with('{'))
            parameters.push_back(path[i]);
        else if (pattern[i] != path[i])
            return false;
    }
    return true;
}

// PostgreSQL cannot hold it in a text, and nothing a person writes has it.
bool holdsNul(const json::value& value) {
    if (value.is_string())
        return value.get_string().find('\0') != json::string::npos;
    if (value.is_array())
        return std::any_of(value.get_array().begin(), value.get_array().end(), holdsNul);
    if (value.is_object())
        return std::any_of(value.get_object().begin(), value.get_object().end(),
                           [](const auto& member) { return holdsNul(member.value()); });
    return false;
}

Status readBody(const Operation& operation, Call& call) {
    const bool blank = call.request.body.find_first_not_of(" \t\r\n") == std::string::npos;
    if (blank) {
        if (operation.body == Body::Required)
            return Error{ErrorCode::InvalidRequest, "This request needs a JSON object as its body.", {}};
        return {};
    }
    const std::string_view type = call.request.header("content-type");
    if (type.substr(0, type.find(';')) != "application/json")
        return Error{ErrorCode::InvalidRequest, "The body must be JSON: send it with Content-Type application/json.", {}};
    auto object = parseObject(call.request.body);
    if (!object)
        return object.error();
    if (holdsNul(*object))
        return Error{ErrorCode::InvalidRequest, "A text in the request holds the character U+0000.", {}};
    if (operation.body == Body::None && !object->empty())
        return Error{ErrorCode::InvalidRequest,
                     "The request has an unknown member \"" + std::string(object->begin()->key()) + "\".", {}};
    call.body = std::move(*object);
    return {};
}
} // namespace

std::optional<std::vector<std::string>> pathSegments(std::string_view path) {
    if (!path.starts_with(root) || path.size() == root.size() || path[root.size()] != '/')
        return std::nullopt;
    std::vector<std::string> segments = split(path.substr(root.size()));
    for (std::string& segment : segments) {
        segment = QByteArray::fromPercentEncoding(QByteArray::fromStdString(segment)).toStdString();
        if (segment.empty() || segment.size() > longestSegment || !std::all_of(segment.begin(), segment.end(), harmless))
            return std::nullopt;
    }
    return segments;
}

void Router::add(Operation operation) { m_operations.push_back(std::move(operation)); }

void Router::handle(HttpRequest request, HttpReply reply) const {
    auto call = std::make_shared<Call>(std::move(request), std::move(reply));
    const auto host = m_addresses.portalHost(call->request.header("host"));
    if (!host)
        return call->fail({ErrorCode::NotFound, "This appliance is not reached by that name. Use " +
                                                    m_addresses.portalOrigin(m_addresses.mainHost()) + ".", {}});
    call->host = *host;
    call->origin = m_addresses.portalOrigin(*host);

    const auto segments = pathSegments(call->request.path);
    std::vector<const Operation*> onPath;
    std::vector<std::string> parameters;
    for (const Operation& operation : m_operations)
        if (segments && matches(split(operation.pattern), *segments, parameters)) {
            // A fixed word wins over a parameter; both lists have the path's length, so fewer parameters means more words.
            if (!onPath.empty() && parameters.size() > call->parameters.size())
                continue;
            if (!onPath.empty() && parameters.size() < call->parameters.size())
                onPath.clear();
            onPath.push_back(&operation);
            call->parameters = parameters;
        }
    if (onPath.empty())
        return call->fail({ErrorCode::NotFound, "The API has nothing at this address.", {}});
    const auto operation = std::find_if(onPath.begin(), onPath.end(),
                                        [&](const Operation* each) { return each->method == call->request.method; });
    if (operation == onPath.end()) {
        std::string allowed;
        for (const Operation* each : onPath)
            allowed += (allowed.empty() ? "" : ", ") + each->method;
        HttpResponse response = errorAnswer(
            {ErrorCode::InvalidRequest, "This address does not take that method; it takes " + allowed + ".", {}}, call->request.rid);
        response.status = 405;
        response.headers.emplace_back("Allow", allowed);
        return call->answer(std::move(response));
    }
    if (const Status admitted = admit(**operation, *call); !admitted)
        return call->fail(admitted.error());
    // Patterns, not paths, are logged: an invitation's path holds its token.
    log.info("request", call->request.rid,
             {{"method", (*operation)->method}, {"path", (*operation)->pattern}, {"user", call->caller ? call->caller->user.username : ""}});
    (*operation)->handle(call);
}

Status Router::admit(const Operation& operation, Call& call) const {
    if (call.request.body.size() > longestBody)
        return Error{ErrorCode::PayloadTooLarge, "The body is longer than " + std::to_string(longestBody / 1024) + " KiB.", {}};
    if (const Status identified = identify(operation, call); !identified)
        return identified;
    if (operation.signsIn && !maySignIn(call.request, call.origin))
        return Error{ErrorCode::AccessDenied, "Only this appliance's own pages may sign in here.", {}};
    if (call.caller && operation.access != Access::Anyone && operation.access != Access::SignedInAtAll) {
        const identity::User& user = call.caller->user;
        if (user.isDisabled())
            return Error{ErrorCode::UserDisabled, "You are disabled on this appliance. Ask an admin.", {}};
        if (user.mustChangePassword && operation.access != Access::ChangingPassword)
            return Error{ErrorCode::PasswordChangeRequired, "Set a new password first.", {}};
        if (operation.access == Access::Admin && !user.isAdmin())
            return Error{ErrorCode::AccessDenied, "Only an admin may do that.", {}};
    }
    return readBody(operation, call);
}

Status Router::identify(const Operation& operation, Call& call) const {
    if (operation.access == Access::Public)
        return {};
    using Index = identity::SessionIndex;
    const std::string cookies = call.request.joined("cookie", "; ");
    const bool byBearer = call.request.has("authorization");
    Secret token;
    if (byBearer) {
        const std::string all = call.request.joined("authorization", ",");
        const std::string_view header = all;
        if (header.size() > 7 && QByteArray::fromRawData(header.data(), 7).toLower() == "bearer ")
            token = Secret(std::string(header.substr(7)));
    } else {
        token = cookieValue(cookies, portalCookie);
    }
    Index::Found found;
    if (!token.empty() || !m_sessions.isOpen())
        found = m_sessions.find(token, byBearer ? identity::SessionKind::Bearer : identity::SessionKind::Portal);
    if (found.verdict == Index::Verdict::Closed)
        return Error{ErrorCode::Unavailable, "Sessions cannot be checked right now. Try again in a moment.", {}};
    if (found.verdict != Index::Verdict::Live) {
        if (operation.access == Access::Anyone)
            return {};
        return Error{ErrorCode::Unauthenticated, "Sign in first: there is no session, or it has ended.", {}};
    }
    if (!byBearer && !mayUseCookie(call.request, call.origin))
        return Error{ErrorCode::AccessDenied, "Only this appliance's own pages may do that with your session.", {}};
    call.caller = Caller{found.user, found.session};
    return {};
}

} // namespace clawloops::api
