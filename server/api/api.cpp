// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/api.h"

#include "base/log.h"
#include "edge/error_answer.h"

namespace clawloops::api {

namespace {
constexpr Log log("api");

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
    for (const auto add : {addAuth, addPublicInvitations, addMe, addRuntime, addAdminUsers, addAdminInvitations, addAdminModels,
                           addAdminHealth, addTrace})
        add(m_router, m_parts);
}

void Api::handle(HttpRequest request, HttpReply reply) {
    const std::string rid = request.rid;
    const bool isApi = request.path == "/api" || request.path.starts_with("/api/");
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
