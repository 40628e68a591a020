// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "governance/gateway_watch.h"

#include "base/log.h"

namespace clawloops::governance {

namespace {

constexpr Log logger("governance");
constexpr std::chrono::milliseconds tellQueueEvery{500};
constexpr std::size_t longestTicket = 64;

// Reads a reply with `read`, and answers unless the guard has died.
template <class T, class Read> orchestrator::PortDone<json::object> reading(QObject* guard, Read read, Done<T> done) {
    return [guard = QPointer<QObject>(guard), read, done = std::move(done)](const Result<json::object>& reply) {
        if (guard)
            done(reply ? read(*reply) : Result<T>(reply.error()));
    };
}

} // namespace

GatewayWatch::GatewayWatch(ServiceParts parts, QObject* parent) : QObject(parent), m_parts(parts) {
    m_queue.setSingleShot(true);
    connect(&m_queue, &QTimer::timeout, this, &GatewayWatch::queueChanged);
    connect(&m_parts.gateway, &orchestrator::ModelPort::told, this, &GatewayWatch::told);
}

void GatewayWatch::told(const QString& event, const json::object& data) {
    if (event == QLatin1StringView("queue") && !m_queue.isActive()) {
        m_queue.start(tellQueueEvery);
    } else if (event == QLatin1StringView("target")) {
        if (const auto state = gateway_verbs::targetStateFromJson(data))
            Q_EMIT targetChanged(*state);
        else
            logger.warning("a target's change was not understood", {}, {{"reason", state.error().message}});
    } else if (event == QLatin1StringView("refusal")) {
        if (const auto refusal = gateway_verbs::refusalFromJson(data))
            Q_EMIT refused(*refusal);
        else
            logger.warning("a refusal was not understood", {}, {{"reason", refusal.error().message}});
    }
}

void GatewayWatch::queue(QObject* guard, Done<Queue> done) {
    m_parts.gateway.ask("queue.list", {}, reading<Queue>(guard, gateway_verbs::queueReplyFromJson, std::move(done)));
}

void GatewayWatch::move(const std::string& ticket, const store::Actor& actor, QObject* guard, Done<Queue> done) {
    order("queue.move", ticket, actor, guard, std::move(done));
}

void GatewayWatch::drop(const std::string& ticket, const store::Actor& actor, QObject* guard, Done<Queue> done) {
    order("queue.drop", ticket, actor, guard, std::move(done));
}

void GatewayWatch::order(const char* verb, const std::string& ticket, const store::Actor& actor, QObject* guard, Done<Queue> done) {
    if (ticket.empty() || ticket.size() > longestTicket)
        return done(Error{ErrorCode::NotFound, "Nobody waits under that ticket.", {}});
    m_parts.gateway.ask(verb, {{"ticket", ticket}}, [this, alive = QPointer<GatewayWatch>(this), verb = std::string(verb), ticket, actor,
                                                     reply = guarded(guard, std::move(done))](const Result<json::object>& ordered) {
        if (!ordered)
            return reply(ordered.error());
        if (!alive)
            return;
        // After the deed: an entry of the journal about what did not happen would be worse than one that the database lost.
        m_parts.database.run([verb, ticket, actor](store::Transaction& tx) { return store::appendAudit(tx, actor, verb, ticket); }, this,
                             [this, reply](const Status& written) {
                                 if (!written)
                                     return reply(written.error());
                                 queue(this, reply);
                             });
    });
}

void GatewayWatch::targets(QObject* guard, Done<std::vector<gateway_verbs::TargetState>> done) {
    m_parts.gateway.ask("targets", {}, reading<std::vector<gateway_verbs::TargetState>>(guard, gateway_verbs::targetsReplyFromJson, std::move(done)));
}

void GatewayWatch::refusals(const std::string& userId, int limit, QObject* guard, Done<std::vector<gateway_verbs::Refusal>> done) {
    json::object args{{"limit", limit}};
    if (!userId.empty())
        args["user"] = userId;
    m_parts.gateway.ask("refusals", args, reading<std::vector<gateway_verbs::Refusal>>(guard, gateway_verbs::refusalsReplyFromJson, std::move(done)));
}

void GatewayWatch::stats(QObject* guard, Done<json::object> done) {
    m_parts.gateway.ask("stats", {}, reading<json::object>(guard, [](const json::object& reply) { return Result<json::object>(reply); }, std::move(done)));
}

} // namespace clawloops::governance
