// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/workspace_relay.h"

#include "base/log.h"
#include "base/random.h"
#include "relay/header_filter.h"
#include "relay/target.h"
#include "stream/pump.h"

#include <algorithm>
#include <array>

namespace clawloops::relay {

using stream::Done;
using stream::Exchange;
using stream::Fault;
using stream::Outcome;
using stream::RequestHead;
using stream::ResponseHead;
using stream::Task;
using stream::UpstreamCall;

namespace {

constexpr Log log("relay");
constexpr std::array<std::string_view, 7> methods{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};

constexpr Refusal noGrant{403, "ACCESS_DENIED", "This address cannot be opened",
                          "This request did not come through the sign-in check; open the workspace from the portal.", false};
constexpr Refusal wrongMethod{405, "INVALID_REQUEST", "This cannot be done here", "Workspaces do not take this kind of request.", false};
constexpr Refusal tooMany{503, "RATE_LIMITED", "Too many connections",
                          "This workspace has too many connections open; close other tabs and try again.", true};
constexpr Refusal notReachable{503, "UNAVAILABLE", "The workspace is not running",
                               "The workspace does not answer right now; start it from the portal, or wait if it is starting.", true};
constexpr Refusal brokenAnswer{502, "UNAVAILABLE", "The workspace gave no usable answer",
                               "The workspace broke off before it answered; reload the page, or restart it from the portal.", false};
constexpr Refusal tooLarge{413, "PAYLOAD_TOO_LARGE", "Too much data", "This upload is larger than a workspace accepts.", false};

// What Traefik asks for when the control plane does not answer a person's navigation; nothing of a cell is behind it.
constexpr std::string_view controlPlaneGonePath = "/unavailable/portal";
constexpr Refusal controlPlaneGone{503, "UNAVAILABLE", "ClawLoops does not answer yet",
                                   "The control plane is not running. It is started again by itself, mostly within seconds; "
                                   "this page looks again every 5 s.", true};

std::int64_t millisSince(SteadyTime start, const Clock& clock) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(clock.steadyNow() - start).count();
}

Error refusedBecause(std::string_view why) {
    return {ErrorCode::AccessDenied, {}, std::string(why)};
}

RequestHead headForCell(const RequestHead& received, const Grant& grant, bool upgrade) {
    RequestHead head;
    head.method = received.method;
    head.target = received.target;
    head.fields = requestFields(received.fields, grant, upgrade);
    head.framing = upgrade ? stream::Framing::none() : received.framing;
    return head;
}

// Of a request without a good grant: the session check's, as Traefik passes it on, or else one of its own.
std::string idOfDenied(const RequestHead& request) {
    const std::string_view given = request.fields.get("X-Request-Id");
    return request.fields.count("X-Request-Id") == 1 && isRequestId(given) ? std::string(given) : newRequestId();
}

bool isWebSocket(const RequestHead& request) {
    return request.method == "GET" && request.wantsUpgrade() && request.fields.hasToken("Upgrade", "websocket");
}

} // namespace

struct WorkspaceRelay::Visit {
    Grant grant;
    SteadyTime since;
    bool upgrade = false;
    std::string_view end = "whole";
};

WorkspaceRelay::WorkspaceRelay(boost::asio::io_context& io, const Clock& clock, Secret grantKey, CellUpstreams& cells,
                               stream::ConnectionRegistry& registry, std::uint16_t portalPort, RelayLimits limits)
    : m_io(io), m_clock(clock), m_key(std::move(grantKey)), m_cells(cells), m_registry(registry), m_portalPort(portalPort),
      m_limits(limits) {}

// The grant says who may go where; what is asked for is read from the request itself, never from what a proxy says about it.
Result<Grant> WorkspaceRelay::permit(const RequestHead& request) const {
    if (const auto why = whyTargetRefused(request.target); !why.empty())
        return refusedBecause(why);
    if (const auto why = whyHeadRefused(request.fields); !why.empty())
        return refusedBecause(why);
    if (request.fields.count(grantHeader) != 1)
        return refusedBecause("not exactly one grant");
    auto grant = verifyGrant(request.fields.get(grantHeader), m_key, m_clock.now());
    if (!grant)
        return grant;
    if (!isCellId(grant->cell) || !isWorkspacePrefix(grant->prefix) || grant->prefix != "/w/" + grant->user + "/")
        return refusedBecause("the grant names no cell or no workspace");
    if (!stream::equalNoCase(request.fields.get("Host"), grant->host))
        return refusedBecause("another host than the grant's");
    if (!targetBeneath(request.target, grant->prefix))
        return refusedBecause("outside the grant's prefix");
    if (m_cuts.forbid(*grant))
        return refusedBecause("given before a cut");
    return grant;
}

std::size_t WorkspaceRelay::cut(const stream::ConnectionRegistry::Selector& selector) {
    m_cuts.add(selector, m_clock.now());
    return m_registry.cut(selector);
}

Task<void> WorkspaceRelay::handle(Exchange& exchange) {
    ++m_counts.requests;
    Visit visit;
    visit.since = m_clock.steadyNow();
    if (exchange.request().target == controlPlaneGonePath) {
        co_await refuse(exchange, visit, controlPlaneGone);
        co_return;
    }
    auto grant = permit(exchange.request());
    if (!grant) {
        ++m_counts.denied;
        visit.end = "denied";
        visit.grant.rid = idOfDenied(exchange.request());
        co_await refuse(exchange, visit, noGrant);
        log.warning("a request was denied", visit.grant.rid, {{"method", exchange.request().method}, {"detail", grant.error().detail}});
        co_return;
    }
    visit.grant = std::move(*grant);
    visit.upgrade = isWebSocket(exchange.request());
    co_await relay(exchange, visit);
    log.info("request", visit.grant.rid,
             {{"cell", visit.grant.cell},
              {"user", visit.grant.user},
              {"method", exchange.request().method},
              {"kind", visit.upgrade ? "websocket" : "http"},
              {"status", exchange.status()},
              {"in", exchange.bytesIn()},
              {"out", exchange.bytesOut()},
              {"ms", millisSince(visit.since, m_clock)},
              {"end", visit.end}});
}

Task<void> WorkspaceRelay::relay(Exchange& exchange, Visit& visit) {
    const std::string& method = exchange.request().method;
    if (std::find(methods.begin(), methods.end(), method) == methods.end()) {
        co_await refuse(exchange, visit, wrongMethod);
        co_return;
    }
    if (m_registry.openOfCell(visit.grant.cell) >= m_limits.connectionsPerCell) {
        co_await refuse(exchange, visit, tooMany);
        co_return;
    }
    stream::ConnectionInfo info;
    info.user = visit.grant.user;
    info.cell = visit.grant.cell;
    info.session = visit.grant.session;
    info.kind = visit.upgrade ? "websocket" : "http";
    info.rid = visit.grant.rid;
    info.since = m_clock.now();
    info.until = visit.grant.sessionExpires;
    const auto entry = m_registry.add(
        std::move(info),
        [this, &exchange, &visit] {
            ++m_counts.cut;
            visit.end = "cut";
            exchange.cut();
        },
        [&exchange] { return stream::ConnectionRegistry::Traffic{exchange.bytesIn(), exchange.bytesOut()}; });
    co_await forward(exchange, visit);
}

// A connection to the cell with the request's head under way on it. Nothing was sent yet when it fails.
Task<Outcome<UpstreamCall>> WorkspaceRelay::ask(Exchange& exchange, Visit& visit, bool fresh) {
    const auto pool = m_cells.of(visit.grant.cell);
    auto call = co_await pool->open(fresh);
    if (!call)
        co_return std::move(call);
    call->begin(headForCell(exchange.request(), visit.grant, visit.upgrade));
    co_return std::move(call);
}

Task<void> WorkspaceRelay::forward(Exchange& exchange, Visit& visit) {
    if (exchange.request().framing.kind == stream::Framing::Kind::Length && exchange.request().framing.length > m_limits.requestBytes) {
        co_await refuse(exchange, visit, tooLarge);
        co_return;
    }
    Outcome<UpstreamCall> asked = co_await ask(exchange, visit, visit.upgrade); // a tunnel never comes back to the pool
    if (!asked) {
        co_await refuse(exchange, visit, notReachable);
        co_return;
    }
    UpstreamCall call = std::move(asked.value);
    exchange.onGone([&call] { call.close(); });
    stream::RequestPump pump(exchange, call, m_limits.requestBytes);
    const bool withBody = exchange.request().framing.hasBody() && !visit.upgrade;
    if (withBody)
        pump.start(m_io);
    else
        static_cast<void>(co_await call.finish());
    Outcome<ResponseHead> head = co_await call.readHead();
    if (!head && !withBody && call.reused() && !exchange.gone()) {
        // The cell closed a kept connection just as we used it, and there was no body: ask once more on a new one.
        Outcome<UpstreamCall> again = co_await ask(exchange, visit, true);
        if (again && !exchange.gone()) {
            call = std::move(again.value);
            static_cast<void>(co_await call.finish());
            head = co_await call.readHead();
        }
    }
    if (!head || (head->status == 101 && !visit.upgrade)) {
        co_await pump.stop();
        if (visit.end == "whole")
            visit.end = exchange.gone() ? "client left" : "no answer";
        co_await refuse(exchange, visit, pump.fault() == Fault::TooLarge ? tooLarge : brokenAnswer);
        co_return;
    }
    if (head->status == 101) {
        co_await tunnelThrough(exchange, visit, call, std::move(head.value));
        co_return;
    }
    filterResponse(head->fields, visit.grant);
    head->keepAlive = true; // towards Traefik: the cell's wish ends at this hop
    exchange.begin(std::move(head.value));
    const auto end = co_await stream::pumpResponse(call, exchange);
    co_await pump.stop();
    if (end != stream::PumpEnd::Whole && visit.end == "whole")
        visit.end = end == stream::PumpEnd::ClientGone ? "client left" : "cell broke off";
}

Task<void> WorkspaceRelay::tunnelThrough(Exchange& exchange, Visit& visit, UpstreamCall& call, ResponseHead head) {
    if (!head.fields.hasToken("Upgrade", "websocket")) {
        co_await refuse(exchange, visit, brokenAnswer);
        co_return;
    }
    filterResponse(head.fields, visit.grant);
    head.fields.add("Connection", "Upgrade");
    head.fields.add("Upgrade", "websocket");
    head.framing = {};
    head.keepAlive = true;
    auto client = co_await exchange.upgrade(std::move(head));
    if (!client)
        co_return;
    stream::Transport& browser = **client;
    const std::string early = call.takeBuffered();
    const std::string earlyFromClient = exchange.takeBuffered();
    browser.expireIn(m_limits.tunnelIdle);
    call.transport().expireIn(m_limits.tunnelIdle);
    const Done out = co_await browser.write(early);
    const Done in = co_await call.transport().write(earlyFromClient);
    if (!out || !in)
        co_return;
    stream::TunnelCount count;
    co_await stream::tunnel(browser, call.transport(), m_limits.tunnelIdle, count);
}

Task<void> WorkspaceRelay::refuse(Exchange& exchange, Visit& visit, const Refusal& refusal) {
    if (exchange.begun() || exchange.gone())
        co_return;
    if (refusal.status >= 500)
        ++m_counts.errors;
    const CleanAnswer answer = cleanAnswer(refusal, exchange.request(), visit.grant.rid, m_portalPort);
    static_cast<void>(co_await exchange.respond(answer.head, answer.body));
}

} // namespace clawloops::relay
