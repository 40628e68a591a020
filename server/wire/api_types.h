// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/json.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// What the HTTP API says, as values: clawloopsd writes them (toJson), the desktop app and the command line read them
// (fromJson). resources/openapi.yaml is the description; tst_api_types compares both ways. Times are RFC 3339 texts in UTC
// with milliseconds, sizes bytes, spans milliseconds. An absent optional is JSON null. Reading is tolerant of members that a
// newer server adds, and refuses a missing or mistyped one, by name. Plain values, usable from any thread.
namespace clawloops::wire {

struct ErrorBody { // every answer that is not 2xx or 303
    std::string code; // errorCodeName()
    std::string message; // one sentence for a person
    std::string requestId;
};

struct User { // GET users/me, auth/me, admin/users…
    std::string userId; // usr_…
    std::string subjectId; // the same as userId for local accounts
    std::string username;
    std::string tenantId; // always "default": one team an appliance
    std::string role; // admin | user
    std::string status; // active | disabled
    bool isAdmin = false;
    bool isDisabled = false;
    bool mustChangePassword = false;
    std::optional<std::string> passwordChangeReason;
    std::string createdAt;
    std::optional<std::string> lastSignInAt;
}; // in JSON also auth{provider:"clawloops",method:"local_password"}
using Me = User;

struct Access { // GET auth/access, always 200
    bool authenticated = false;
    std::string access; // signed_out | granted | disabled | password_change_required
    std::optional<User> user;
};

struct AuthOptions { // GET auth/options
    std::string provider; // "clawloops"
    std::vector<std::string> methods; // ["local_password"]
    bool bootstrapOpen = false; // no admin yet: the bootstrap link works
};

struct SignedIn { // POST auth/login, auth/bootstrap, invitation accept
    User user;
    std::optional<std::string> token; // kind bearer only
    std::string expiresAt;
};

struct Invitation {
    std::string invitationId; // inv_…
    std::string username;
    std::string role;
    std::string status; // pending | consumed | revoked | expired
    std::string createdAt;
    std::string expiresAt;
};
struct InvitationLink { // POST admin/invitations, …/resend: the only answers that carry the secret
    Invitation invitation;
    std::string link; // https://HOST:PORT/#invitation=TOKEN
};

struct TaskError {
    std::string code;
    std::string message;
};
struct TaskStep {
    std::string name; // stable: reserve | container | openclaw | ready …
    std::string title; // for people: "OpenClaw starting"
    std::string state; // waiting | running | done | failed
    std::optional<std::string> startedAt;
    std::optional<std::int64_t> durationMs; // once it ended
    std::optional<std::string> sentence; // what it waits for, or why it failed
};
struct Task {
    std::string taskId; // tsk_…
    std::string runtimeId;
    std::string action; // start | stop | delete
    std::string state; // pending | running | succeeded | failed
    std::string createdAt;
    std::optional<std::string> finishedAt;
    std::optional<TaskError> error;
    std::vector<TaskStep> steps;
};

struct RuntimeBinding { // GET users/me/runtime
    std::string runtimeId; // run_…
    std::string volumeId; // vol_…
    std::string imageRef;
    std::string desiredState; // running | stopped | deleted
    std::string observedState; // creating | running | paused | stopped | error | deleted
    std::optional<std::string> browserUrl; // the workspace, as its owner's browser opens it
    std::string retentionPolicy; // preserve_workspace | wipe_workspace
    std::optional<std::string> lastError; // one sentence
};
struct RuntimeStatus { // GET users/me/runtime/status, 202 of start|stop|delete; flat in JSON
    RuntimeBinding binding;
    bool ready = false;
    std::string reason; // one sentence: why it is not ready, or that it is
    std::string since; // of observedState
    std::optional<Task> task; // the one under way, or the last
};
struct AdminRuntime { // GET admin/runtimes, admin/users/{userId}/runtime, event `runtime` for admins; flat in JSON
    RuntimeStatus status;
    std::string userId;
    std::string username;
    std::string cellId;
};

struct WorkspaceEntry { // GET workspace-entry
    bool ready = false;
    std::optional<std::string> browserUrl; // only when ready
    std::string reason;
};

struct Model { // GET models
    std::string modelId; // the public name of a route
    std::string title;
    bool available = false;
};
struct Price { // nano-units of the currency (1 $ = 1,000,000,000) per million tokens
    std::int64_t in = 0;
    std::int64_t cachedIn = 0;
    std::int64_t out = 0;
};
struct RouteTarget {
    std::string name;
    std::string kind; // openai | litellm
    std::string model;
    std::int64_t weight = 1;
    std::string url; // no credential is ever part of it; empty with litellm: this appliance's own
    std::string provider{}; // litellm only, as LiteLLM names it; empty: its models of this machine
    std::int64_t slots = 0; // requests that it works on at once; 0: any number
    std::string credentialId{}; // crd_…; empty: it needs none
    std::optional<Price> price{}; // what an admin set; none: it follows from the target (resources/docs/models.md, "Money and tokens")
};
struct Route { // GET admin/models, admin/routes, POST admin/models, PUT|DELETE admin/models/{modelId}
    std::string modelId;
    std::string title;
    bool enabled = false;
    std::vector<RouteTarget> targets;
    std::string balance = "order"; // order | weight
    std::int64_t position = 0; // in lists, smallest first
    bool everyone = false; // who may use it: everyone, or these roles, or these people
    std::vector<std::string> roles{};
    std::vector<std::string> people{}; // user ids
    json::object force{}; // members of a request that are replaced
    json::object defaults{}; // members of a request that are put in where it has none
    std::int64_t contextTokens = 0; // 0: not known
    std::int64_t outputTokens = 0; // 0: no limit of the route's
};

struct Component { // as the supervisor says it
    std::string name;
    std::string title;
    std::string state; // waiting starting running unhealthy backoff stopped failed external
    std::string since;
    std::optional<std::int64_t> pid;
    std::int64_t restarts = 0;
    std::optional<std::string> sentence;
    std::optional<std::int64_t> rssBytes;
};

struct UsageLine {
    std::string key; // the route's name, or the user's id
    std::string title; // the route's title, or the username
    std::int64_t requests = 0;
    std::int64_t failed = 0;
    std::int64_t promptTokens = 0;
    std::int64_t completionTokens = 0;
};
struct UsageSummary { // GET usage/summary, admin/usage/summary: from the first of the month (UTC)
    std::string from;
    std::string to;
    UsageLine total;
    std::vector<UsageLine> byRoute;
    std::vector<UsageLine> byUser; // admins only, else empty
};

struct AdminHome { // GET admin/home
    std::string version;
    std::string startedAt; // of the control plane
    std::string portalUrl;
    std::string workspaceUrl;
    std::int64_t users = 0;
    std::int64_t disabledUsers = 0;
    std::int64_t pendingInvitations = 0;
    std::int64_t runtimes = 0;
    std::int64_t runningRuntimes = 0;
    std::int64_t failedRuntimes = 0;
    std::int64_t routes = 0;
    std::vector<Component> components;
};

struct TraceHop {
    std::string at; // RFC 3339; empty where the line has no time
    std::string component;
    std::string message;
    std::string requestId; // differs from the one asked for where a hop was joined
    bool joined = false; // found by cell and time, not by the id
    std::string line; // the log line, less secrets it never held
};
struct Trace { // GET admin/trace/{requestId}
    std::string requestId;
    std::vector<TraceHop> hops; // by time
    std::optional<std::string> note; // how hops were joined, said to the reader
};

struct Event { // GET events: one server-sent event
    std::uint64_t id = 0;
    std::string name; // snapshot user runtime route component usage invitation ping
    json::object data;
};
struct Snapshot { // data of the event `snapshot`; users see runtimes and usage only, everything else is empty
    std::vector<User> users;
    std::vector<AdminRuntime> runtimes; // one, the reader's own, for a user
    std::vector<Route> routes;
    std::vector<Component> components;
    std::vector<Invitation> invitations;
    UsageSummary usage;
};

json::object toJson(const ErrorBody&);
json::object toJson(const User&);
json::object toJson(const Access&);
json::object toJson(const AuthOptions&);
json::object toJson(const SignedIn&);
json::object toJson(const Invitation&);
json::object toJson(const InvitationLink&);
json::object toJson(const TaskError&);
json::object toJson(const TaskStep&);
json::object toJson(const Task&);
json::object toJson(const RuntimeBinding&);
json::object toJson(const RuntimeStatus&);
json::object toJson(const AdminRuntime&);
json::object toJson(const WorkspaceEntry&);
json::object toJson(const Model&);
json::object toJson(const Price&);
json::object toJson(const RouteTarget&);
json::object toJson(const Route&);
json::object toJson(const Component&);
json::object toJson(const UsageLine&);
json::object toJson(const UsageSummary&);
json::object toJson(const AdminHome&);
json::object toJson(const TraceHop&);
json::object toJson(const Trace&);
json::object toJson(const Snapshot&);
[[nodiscard]] std::string toServerSentEvent(const Event&); // "event: …\nid: …\ndata: …\n\n"

// fromJson<User>(object): every type above but Event.
template <class T> [[nodiscard]] Result<T> fromJson(const json::object& object);
// Lists travel as {"items":[…]}.
template <class T> [[nodiscard]] json::object listToJson(const std::vector<T>& items) {
    json::array list;
    for (const T& item : items)
        list.emplace_back(toJson(item));
    return {{"items", std::move(list)}};
}
template <class T> [[nodiscard]] Result<std::vector<T>> listFromJson(const json::object& object) {
    const json::value* items = object.if_contains("items");
    if (!items || !items->is_array())
        return Error{ErrorCode::Internal, "The server's answer has no list.", {}};
    std::vector<T> result;
    for (const json::value& item : items->get_array()) {
        if (!item.is_object())
            return Error{ErrorCode::Internal, "The server's list holds something that is no object.", {}};
        auto read = fromJson<T>(item.get_object());
        if (!read)
            return read.error();
        result.push_back(std::move(*read));
    }
    return result;
}

} // namespace clawloops::wire
