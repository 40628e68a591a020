// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/event_streams.h"

#include "api/component_watch.h"
#include "api/router.h"

#include <algorithm>

namespace clawloops::api {

EventStreams::EventStreams(Router& router, Parts& parts, QObject* parent)
    : QObject(parent)
    , m_parts(parts) {
    // → text/event-stream
    router.add({"GET", "/events", Access::SignedIn, Body::None, [this](const CallPtr& call) { begin(call); }});
    connect(&parts.live, &LiveView::updated, this, &EventStreams::deliver);
    connect(&parts.live, &LiveView::usageChanged, this, [this](const QString& owner) {
        usageChanged(owner.toStdString());
        usageChanged({});
    });
    connect(&parts.sessions, &identity::SessionIndex::sessionsEnded, this, [this](const QStringList& hashes) {
        std::vector<std::shared_ptr<HttpStream>> over; // closing changes m_readers
        for (const Reader& reader : m_readers)
            if (reader.stream && hashes.contains(QString::fromStdString(reader.session)))
                over.push_back(reader.stream);
        for (const auto& stream : over)
            stream->close();
    });
    m_usage.setSingleShot(true);
    connect(&m_usage, &QTimer::timeout, this, &EventStreams::sendUsage);
    connect(&m_ping, &QTimer::timeout, this, [this] {
        for (auto each = m_readers.begin(); each != m_readers.end();) {
            Reader& reader = *each++; // a failed write removes it
            if (!reader.stream)
                continue;
            // A session that reached its limit says nothing by itself.
            if (m_parts.sessions.liveness(reader.session) == identity::SessionIndex::Verdict::Unknown)
                reader.stream->close();
            else
                send(reader, "ping", {});
        }
    });
    m_ping.start(std::chrono::seconds(15));
}

void EventStreams::begin(const CallPtr& call) {
    if (m_readers.size() >= most)
        return call->fail({ErrorCode::Unavailable, "Too many event streams are open. Close one and try again.", {}});
    const identity::User& user = call->caller->user;
    // Nobody can use up everybody's.
    if (std::count_if(m_readers.begin(), m_readers.end(), [&](const Reader& each) { return each.userId == user.id; }) >= mostOfOne)
        return call->fail({ErrorCode::RateLimited,
                           "You have " + std::to_string(mostOfOne) + " event streams open already. Close a window and try again.", {}});
    // Counted from here on, so that many who ask at once are not more than many.
    const Place place = m_readers.insert(m_readers.end(), Reader{nullptr, user.id, user.isAdmin(), call->caller->session.hash, call->host});
    const std::string owner = user.isAdmin() ? std::string() : user.id;
    if (m_unread.erase(owner) > 0)
        usageChanged(owner); // the sum that is held may be older
    m_parts.usage.of(owner, this, [this, call, place, owner](Result<wire::UsageSummary> usage) {
        const Status begun = snapshot(call, place, usage ? std::move(*usage) : lastKnown(owner));
        if (begun)
            return;
        m_readers.erase(place);
        call->fail(begun.error());
    });
}

wire::UsageSummary EventStreams::lastKnown(const std::string& owner) {
    usageChanged(owner); // asks again
    wire::UsageSummary none;
    none.from = none.to = toRfc3339(m_parts.clock.now());
    none.total.title = "All";
    return m_parts.usage.lastOf(owner).value_or(none);
}

Status EventStreams::snapshot(const CallPtr& call, Place place, wire::UsageSummary usage) {
    const identity::User& user = call->caller->user;
    // It may have ended while the database answered.
    if (m_parts.sessions.liveness(call->caller->session.hash) != identity::SessionIndex::Verdict::Live)
        return Error{ErrorCode::Unauthenticated, "Sign in first: there is no session, or it has ended.", {}};
    auto stream = call->startStream({200,
                                     {{"Content-Type", "text/event-stream"},
                                      {"Cache-Control", "no-store"},
                                      {"X-Accel-Buffering", "no"}},
                                     {}});
    if (!stream) // the client has left: the answer goes nowhere
        return Error{ErrorCode::Unavailable, "The connection is gone.", {}};
    wire::Snapshot now;
    now.usage = std::move(usage);
    for (const auto& [id, runtime] : m_parts.live.runtimes())
        if (user.isAdmin() || runtime.userId == user.id)
            now.runtimes.push_back(withUrl(runtime, m_parts.addresses, call->host));
    if (user.isAdmin()) {
        for (const auto& [id, each] : m_parts.live.users())
            now.users.push_back(each);
        for (const auto& [id, each] : m_parts.live.invitations())
            now.invitations.push_back(each);
        now.routes = m_parts.routes.routes();
        now.components = m_parts.components.components();
    }
    place->stream = stream;
    stream->onClosed = [this, place] { m_readers.erase(place); };
    send(*place, "snapshot", wire::toJson(now));
    return {};
}

void EventStreams::deliver(const LiveView::Update& update) {
    for (auto each = m_readers.begin(); each != m_readers.end();) {
        Reader& reader = *each++;
        if (!reader.stream)
            continue; // its snapshot will have it
        if (!reader.isAdmin && update.name == "queue") {
            sendOwnQueue(reader, update.data);
            continue;
        }
        if (!reader.isAdmin && (update.name != "runtime" || update.ownerUserId != reader.userId))
            continue;
        json::object data = update.data;
        if (const json::value* username = data.if_contains("username"); username && update.name == "runtime")
            data["browserUrl"] = m_parts.addresses.workspaceUrl(reader.host, std::string_view(username->get_string()));
        send(reader, update.name, std::move(data));
    }
}

bool EventStreams::isReading(const std::string& owner) const {
    return std::any_of(m_readers.begin(), m_readers.end(),
                       [&](const Reader& each) { return owner.empty() ? each.isAdmin : !each.isAdmin && each.userId == owner; });
}

void EventStreams::usageChanged(const std::string& owner) {
    m_usageOwners.insert(owner);
    if (m_usage.isActive() || m_asked > 0)
        return;
    auto pause = std::chrono::milliseconds::zero();
    for (const std::string& each : m_usageOwners)
        pause = std::max(pause, m_parts.usage.pauseOf(each));
    m_usage.start(pause);
}

void EventStreams::sendUsage() {
    const auto owners = std::exchange(m_usageOwners, {});
    for (const std::string& owner : owners)
        m_asked += isReading(owner) ? 1 : 0;
    for (const std::string& owner : owners) {
        if (!isReading(owner)) {
            m_unread.insert(owner);
            continue;
        }
        m_parts.usage.anew(owner, this, [this, owner](const Result<wire::UsageSummary>& usage) {
            --m_asked;
            for (auto each = m_readers.begin(); usage && each != m_readers.end();) {
                Reader& reader = *each++; // a failed write removes it
                if (reader.stream && (owner.empty() ? reader.isAdmin : !reader.isAdmin && reader.userId == owner))
                    send(reader, "usage", wire::toJson(*usage));
            }
            if (usage && !owner.empty())
                sendQuota(owner);
            if (!usage && isReading(owner))
                usageChanged(owner); // later
            else if (m_asked == 0 && !m_usageOwners.empty())
                usageChanged(*m_usageOwners.begin());
        });
    }
}

// Their own places; once more when they have none any longer.
void EventStreams::sendOwnQueue(Reader& reader, const json::object& all) {
    json::array own;
    for (const json::value& entry : all.at("items").as_array())
        if (entry.at("user").as_string() == reader.userId)
            own.push_back(entry);
    const bool waits = !own.empty();
    if (!waits && !reader.waits)
        return;
    reader.waits = waits;
    send(reader, "queue", {{"items", std::move(own)}});
}

void EventStreams::sendQuota(const std::string& userId) {
    m_parts.governance.budgets.quota(userId, this, [this, userId](const Result<wire::Quota>& quota) {
        for (auto each = m_readers.begin(); quota && each != m_readers.end();) {
            Reader& reader = *each++;
            if (reader.stream && reader.userId == userId)
                send(reader, "quota", wire::toJson(*quota));
        }
    });
}

void EventStreams::send(Reader& reader, const std::string& name, json::object data) {
    const auto stream = reader.stream; // a failed write removes the reader
    if (!stream->write(wire::toServerSentEvent({++m_lastId, name, std::move(data)})))
        stream->close();
}

} // namespace clawloops::api
