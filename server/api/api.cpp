// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/api.h"

#include "base/log.h"
#include "edge/error_answer.h"

namespace clawloops::api {

namespace {
constexpr Log log("api");

// What Traefik shows a person when the relay gives a workspace's page no usable answer. On the workspace's origin, so with no file
// of the portal's and no script.
constexpr std::string_view workspaceGonePath = "/unavailable/workspace";
HttpResponse workspaceGone() {
    HttpResponse page{503,
                      {{"Content-Type", "text/html; charset=utf-8"},
                       {"Cache-Control", "no-store"},
                       {"X-Content-Type-Options", "nosniff"},
                       {"X-Frame-Options", "DENY"},
                       {"Referrer-Policy", "no-referrer"},
                       {"Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"}},
                      {}};
    page.body = R"(<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="5"><title>The workspace does not answer yet</title><style>
:root{color-scheme:light dark}body{margin:0;font:16px/1.5 system-ui,sans-serif;background:#f5f6f8;color:#1b1f27}
main{max-width:36rem;margin:20vh auto 0;padding:32px}h1{font-size:22px;font-weight:600;margin:0 0 8px}
@media(prefers-color-scheme:dark){body{background:#0f1115;color:#e8eaee}}
</style></head><body><main><h1>The workspace does not answer yet</h1><p>The way to it or OpenClaw itself broke off. What is missing is
started again by itself, mostly within seconds; this page looks again every 5 s. If that lasts, open the portal and restart the
workspace there, or ask an admin.</p></main></body></html>
)";
    return page;
}

// Adds what every answer of this origin carries, and writes the answer down.
class GuardedExchange final : public HttpReply::Exchange {
public:
    GuardedExchange(HttpReply to, std::string rid, const Clock& clock)
        : m_to(std::move(to))
        , m_rid(std::move(rid))
        , m_clock(clock)
        , m_since(clock.steadyNow()) {}
    void send(HttpResponse response) override {
        answered(response.status);
        addSecurityHeaders(response);
        m_to.send(std::move(response));
    }
    std::shared_ptr<HttpStream> startStream(HttpResponse head) override {
        answered(head.status);
        addSecurityHeaders(head);
        return m_to.startStream(std::move(head));
    }

private:
    void answered(int status) const {
        const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(m_clock.steadyNow() - m_since);
        log.info("answer", m_rid, {{"status", status}, {"ms", took.count()}});
    }
    HttpReply m_to;
    std::string m_rid;
    const Clock& m_clock;
    SteadyTime m_since;
};
} // namespace

Api::Api(Parts parts, StaticFiles portal, QObject* parent)
    : QObject(parent)
    , m_parts(std::move(parts))
    , m_portal(std::move(portal))
    , m_router(m_parts.sessions, m_parts.addresses)
    , m_events(m_router, m_parts) {
    m_parts.guard = this;
    for (const auto add : {addAuth, addPublicInvitations, addMe, addRuntime, addAdminUsers, addAdminInvitations, addAdminGroups, addAdminHolds,
                           addAdminBudgets, addAdminLimits, addKeys, addMetrics, addMyQuota, addQueue, addAdminUsage, addAdminModels,
                           addAdminCredentials,
                           addAdminHealth, addTrace})
        add(m_router, m_parts);
}

void Api::handle(HttpRequest request, HttpReply reply) {
    const std::string rid = request.rid;
    const bool isApi = request.path == "/api" || request.path.starts_with("/api/");
    if (request.path == workspaceGonePath)
        return reply.send(workspaceGone());
    if (!isApi) {
        HttpResponse response = m_parts.addresses.portalHost(request.header("host"))
                                    ? m_portal.answer(request)
                                    : HttpResponse{404, {{"Content-Type", "text/plain; charset=utf-8"}},
                                                   "This appliance is not reached by that name.\n"};
        addSecurityHeaders(response);
        return reply.send(std::move(response));
    }
    const HttpReply guarded(std::make_shared<GuardedExchange>(std::move(reply), rid, m_parts.clock));
    try {
        m_router.handle(std::move(request), guarded);
    } catch (const std::exception& problem) {
        guarded.send(errorAnswer({ErrorCode::Internal, "The control plane met a fault of its own. Its log says more under this request's id.",
                                  problem.what()}, rid));
    }
}

} // namespace clawloops::api
