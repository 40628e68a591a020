// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/api_types.h"

#include "wire/json_members.h"

namespace clawloops::wire {

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
template <class V> void list(V& v, Price& p) { v("in", p.in); v("cachedIn", p.cachedIn); v("out", p.out); }
template <class V> void list(V& v, RouteTarget& t) {
    v("name", t.name); v("kind", t.kind); v("model", t.model); v("weight", t.weight); v("url", t.url); v("provider", t.provider);
    v("slots", t.slots); v("credentialId", t.credentialId); v("price", t.price);
}
template <class V> void list(V& v, Route& r) {
    v("modelId", r.modelId); v("title", r.title); v("enabled", r.enabled); v("targets", r.targets); v("balance", r.balance);
    v("position", r.position); v("everyone", r.everyone); v("roles", r.roles); v("people", r.people); v("force", r.force);
    v("defaults", r.defaults); v("contextTokens", r.contextTokens); v("outputTokens", r.outputTokens);
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
CLAWLOOPS_API_TYPE(Price);
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
