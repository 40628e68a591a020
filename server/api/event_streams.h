// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "api/live_view.h"
#include "api/parts.h"

#include <QObject>
#include <QTimer>

#include <cstdint>
#include <list>
#include <memory>
#include <set>
#include <string>

namespace clawloops::api {

class Router;

// GET events: a snapshot, then every change, a ping every 15 s. An admin sees all; a user sees their own runtime, usage, quota and places
// in the queue.
// Usage that cannot be summed keeps no stream from beginning: it is the last known (nothing at first), and follows as an event.
// A stream ends with its session, when its person is disabled, and when its reader falls behind. One thread.
class EventStreams : public QObject {
    Q_OBJECT
public:
    static constexpr std::size_t most = 500; // streams
    static constexpr int mostOfOne = 8; // of one person: as many windows
    EventStreams(Router& router, Parts& parts, QObject* parent = nullptr);
    [[nodiscard]] std::size_t open() const { return m_readers.size(); }

private:
    struct Reader {
        std::shared_ptr<HttpStream> stream; // null until the snapshot is there
        std::string userId;
        bool isAdmin = false;
        std::string session; // hash
        std::string host;
        bool waits = false; // was told of places in the queue
    };
    using Place = std::list<Reader>::iterator;
    void begin(const CallPtr& call);
    [[nodiscard]] wire::UsageSummary lastKnown(const std::string& owner);
    [[nodiscard]] Status snapshot(const CallPtr& call, Place place, wire::UsageSummary usage);
    void deliver(const LiveView::Update& update);
    void usageChanged(const std::string& owner);
    void sendUsage();
    void sendOwnQueue(Reader& reader, const json::object& all);
    void sendQuota(const std::string& userId);
    [[nodiscard]] bool isReading(const std::string& owner) const; // "": an admin is
    void send(Reader& reader, const std::string& name, json::object data);

    Parts& m_parts;
    std::list<Reader> m_readers;
    std::uint64_t m_lastId = 0;
    std::set<std::string> m_usageOwners; // whose usage changed since it was last sent; "": everybody's, as admins see it
    std::set<std::string> m_unread; // whose changed while nobody was there to be told
    int m_asked = 0; // summaries under way; the next are asked for after them
    QTimer m_ping;
    QTimer m_usage;
};

} // namespace clawloops::api
