// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/api_types.h"

#include <type_traits>

// Each type names its members once, in members(); the writer and the reader below walk that list.
namespace clawloops::wire {

namespace {

template <class T> struct isOptional : std::false_type {};
template <class T> struct isOptional<std::optional<T>> : std::true_type {};
template <class T> struct isVector : std::false_type {};
template <class T> struct isVector<std::vector<T>> : std::true_type {};

template <class V, class T> void members(V&, T&);

class Writer {
public:
    template <class T> void operator()(std::string_view name, const T& value) { m_object[name] = write(value); }
    template <class T> void flat(const T& value) { members(*this, const_cast<T&>(value)); }
    void constant(std::string_view name, json::object value) { m_object[name] = std::move(value); }
    json::object take() { return std::move(m_object); }

private:
    template <class T> json::value write(const T& value) {
        if constexpr (isOptional<T>::value) {
            return value ? write(*value) : json::value(nullptr);
        } else if constexpr (isVector<T>::value) {
            json::array list;
            for (const auto& item : value)
                list.emplace_back(write(item));
            return list;
        } else if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, std::string>) {
            return json::value(value);
        } else {
            Writer inner;
            inner.flat(value);
            return inner.take();
        }
    }
    json::object m_object;
};

class Reader {
public:
    Reader(const json::object& object, std::string& problem) : m_object(object), m_problem(problem) {}
    template <class T> void operator()(std::string_view name, T& value) {
        const json::value* found = m_object.if_contains(name);
        if (!found && !isOptional<T>::value)
            fail(name, "is missing");
        else if (found && !read(*found, value))
            fail(name, "has the wrong type");
    }
    template <class T> void flat(T& value) { members(*this, value); }
    void constant(std::string_view, const json::object&) {}

private:
    template <class T> bool read(const json::value& from, T& to) {
        if constexpr (isOptional<T>::value) {
            if (from.is_null()) {
                to.reset();
                return true;
            }
            return read(from, to.emplace());
        } else if constexpr (isVector<T>::value) {
            if (!from.is_array())
                return false;
            to.clear();
            for (const json::value& item : from.get_array())
                if (!read(item, to.emplace_back()))
                    return false;
            return true;
        } else if constexpr (std::is_same_v<T, bool>) {
            return from.is_bool() && (to = from.get_bool(), true);
        } else if constexpr (std::is_same_v<T, std::string>) {
            return from.is_string() && (to = std::string(from.get_string()), true);
        } else if constexpr (std::is_integral_v<T>) {
            return from.is_int64() && (to = from.get_int64(), true);
        } else {
            if (!from.is_object())
                return false;
            Reader inner(from.get_object(), m_problem);
            inner.flat(to);
            return true;
        }
    }
    void fail(std::string_view name, std::string_view what) {
        if (m_problem.empty())
            m_problem = "\"" + std::string(name) + "\" " + std::string(what);
    }
    const json::object& m_object;
    std::string& m_problem;
};

// clang-format off
template <class V> void list(V& v, ErrorBody& e) { v("code", e.code); v("message", e.message); v("requestId", e.requestId); }
template <class V> void list(V& v, User& u) {
    v("userId", u.userId); v("subjectId", u.subjectId); v("username", u.username); v("tenantId", u.tenantId);
    v("role", u.role); v("status", u.status);
    v.constant("auth", {{"provider", "clawloops"}, {"method", "local_password"}});
    v("isAdmin", u.isAdmin); v("isDisabled", u.isDisabled); v("mustChangePassword", u.mustChangePassword);
    v("passwordChangeReason", u.passwordChangeReason); v("createdAt", u.createdAt); v("lastSignInAt", u.lastSignInAt);
}
template <class V> void list(V& v, Access& a) { v("authenticated", a.authenticated); v("access", a.access); v("user", a.user); }
template <class V> void list(V& v, AuthOptions& o) { v("provider", o.provider); v("methods", o.methods); v("bootstrapOpen", o.bootstrapOpen); }
template <class V> void list(V& v, SignedIn& s) { v("user", s.user); v("token", s.token); v("expiresAt", s.expiresAt); }
template <class V> void list(V& v, Invitation& i) {
    v("invitationId", i.invitationId); v("username", i.username); v("role", i.role); v("status", i.status);
    v("createdAt", i.createdAt); v("expiresAt", i.expiresAt);
}
template <class V> void list(V& v, InvitationLink& l) { v("invitation", l.invitation); v("link", l.link); }
template <class V> void list(V& v, TaskError& e) { v("code", e.code); v("message", e.message); }
template <class V> void list(V& v, TaskStep& s) {
    v("name", s.name); v("title", s.title); v("state", s.state); v("startedAt", s.startedAt);
    v("durationMs", s.durationMs); v("sentence", s.sentence);
}
template <class V> void list(V& v, Task& t) {
    v("taskId", t.taskId); v("runtimeId", t.runtimeId); v("action", t.action); v("state", t.state);
    v("createdAt", t.createdAt); v("finishedAt", t.finishedAt); v("error", t.error); v("steps", t.steps);
}
template <class V> void list(V& v, RuntimeBinding& b) {
    v("runtimeId", b.runtimeId); v("volumeId", b.volumeId); v("imageRef", b.imageRef);
    v("desiredState", b.desiredState); v("observedState", b.observedState); v("browserUrl", b.browserUrl);
    v("retentionPolicy", b.retentionPolicy); v("lastError", b.lastError);
}
template <class V> void list(V& v, RuntimeStatus& s) {
    v.flat(s.binding); v("ready", s.ready); v("reason", s.reason); v("since", s.since); v("task", s.task);
}
template <class V> void list(V& v, AdminRuntime& r) {
    v.flat(r.status); v("userId", r.userId); v("username", r.username); v("cellId", r.cellId);
}
template <class V> void list(V& v, WorkspaceEntry& e) { v("ready", e.ready); v("browserUrl", e.browserUrl); v("reason", e.reason); }
template <class V> void list(V& v, Model& m) { v("modelId", m.modelId); v("title", m.title); v("available", m.available); }
template <class V> void list(V& v, RouteTarget& t) {
    v("name", t.name); v("kind", t.kind); v("model", t.model); v("weight", t.weight); v("url", t.url);
}
template <class V> void list(V& v, Route& r) {
    v("modelId", r.modelId); v("title", r.title); v("enabled", r.enabled); v("targets", r.targets);
}
template <class V> void list(V& v, Component& c) {
    v("name", c.name); v("title", c.title); v("state", c.state); v("since", c.since); v("pid", c.pid);
    v("restarts", c.restarts); v("sentence", c.sentence); v("rssBytes", c.rssBytes);
}
template <class V> void list(V& v, UsageLine& l) {
    v("key", l.key); v("title", l.title); v("requests", l.requests); v("failed", l.failed);
    v("promptTokens", l.promptTokens); v("completionTokens", l.completionTokens);
}
template <class V> void list(V& v, UsageSummary& s) {
    v("from", s.from); v("to", s.to); v("total", s.total); v("byRoute", s.byRoute); v("byUser", s.byUser);
}
template <class V> void list(V& v, AdminHome& h) {
    v("version", h.version); v("startedAt", h.startedAt); v("portalUrl", h.portalUrl); v("workspaceUrl", h.workspaceUrl);
    v("users", h.users); v("disabledUsers", h.disabledUsers); v("pendingInvitations", h.pendingInvitations);
    v("runtimes", h.runtimes); v("runningRuntimes", h.runningRuntimes); v("failedRuntimes", h.failedRuntimes);
    v("routes", h.routes); v("components", h.components);
}
template <class V> void list(V& v, TraceHop& h) {
    v("at", h.at); v("component", h.component); v("message", h.message); v("requestId", h.requestId);
    v("joined", h.joined); v("line", h.line);
}
template <class V> void list(V& v, Trace& t) { v("requestId", t.requestId); v("hops", t.hops); v("note", t.note); }
template <class V> void list(V& v, Snapshot& s) {
    v("users", s.users); v("runtimes", s.runtimes); v("routes", s.routes); v("components", s.components);
    v("invitations", s.invitations); v("usage", s.usage);
}
// clang-format on

template <class V, class T> void members(V& visitor, T& value) { list(visitor, value); }

template <class T> json::object write(const T& value) {
    Writer writer;
    writer.flat(value);
    return writer.take();
}

} // namespace

template <class T> Result<T> fromJson(const json::object& object) {
    T value;
    std::string problem;
    Reader(object, problem).flat(value);
    if (!problem.empty())
        return Error{ErrorCode::Internal, "The server's answer is not what its description says: " + problem + ".", {}};
    return value;
}

#define CLAWLOOPS_API_TYPE(T)                                                                                          \
    json::object toJson(const T& value) { return write(value); }                                                       \
    template Result<T> fromJson<T>(const json::object&)

CLAWLOOPS_API_TYPE(ErrorBody);
CLAWLOOPS_API_TYPE(User);
CLAWLOOPS_API_TYPE(Access);
CLAWLOOPS_API_TYPE(AuthOptions);
CLAWLOOPS_API_TYPE(SignedIn);
CLAWLOOPS_API_TYPE(Invitation);
CLAWLOOPS_API_TYPE(InvitationLink);
CLAWLOOPS_API_TYPE(TaskError);
CLAWLOOPS_API_TYPE(TaskStep);
CLAWLOOPS_API_TYPE(Task);
CLAWLOOPS_API_TYPE(RuntimeBinding);
CLAWLOOPS_API_TYPE(RuntimeStatus);
CLAWLOOPS_API_TYPE(AdminRuntime);
CLAWLOOPS_API_TYPE(WorkspaceEntry);
CLAWLOOPS_API_TYPE(Model);
CLAWLOOPS_API_TYPE(RouteTarget);
CLAWLOOPS_API_TYPE(Route);
CLAWLOOPS_API_TYPE(Component);
CLAWLOOPS_API_TYPE(UsageLine);
CLAWLOOPS_API_TYPE(UsageSummary);
CLAWLOOPS_API_TYPE(AdminHome);
CLAWLOOPS_API_TYPE(TraceHop);
CLAWLOOPS_API_TYPE(Trace);
CLAWLOOPS_API_TYPE(Snapshot);

std::string toServerSentEvent(const Event& event) {
    // Serialised JSON has no line break, so one data line is enough.
    return "event: " + event.name + "\nid: " + std::to_string(event.id) + "\ndata: " + json::serialize(event.data) + "\n\n";
}

} // namespace clawloops::wire
