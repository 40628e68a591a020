// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "governance/governance.h"
#include "identity/identity_service.h"
#include "orchestrator/event_hub.h"
#include "orchestrator/model_routes.h"
#include "orchestrator/orchestrator.h"
#include "wire/api_types.h"

#include <QObject>

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace clawloops::api {

class ComponentWatch;

// The appliance as it is now, in memory: read once, then object by object as the hub says that one changed. The session check
// asks it for a user's ready cell, event streams for their snapshots. An object that changes while it is being read is read
// again, so the last state always arrives; a failed read is tried again after a second. One thread.
class LiveView : public QObject {
    Q_OBJECT
public:
    struct Parts {
        identity::IdentityService& identity;
        orchestrator::Orchestrator& orchestrator;
        orchestrator::ModelRoutes& routes;
        governance::Governance& governance;
        orchestrator::EventHub& hub;
        ComponentWatch& components;
    };
    explicit LiveView(Parts parts, QObject* parent = nullptr);
    void start(); // once the database is open

    struct Update {
        std::string name; // of the event
        std::string ownerUserId; // runtime, usage
        json::object data;
    };

    [[nodiscard]] std::optional<std::string> readyCell(const std::string& userId) const;
    [[nodiscard]] const std::map<std::string, wire::User>& users() const { return m_users; } // by id
    [[nodiscard]] const std::map<std::string, wire::AdminRuntime>& runtimes() const { return m_runtimes; } // by id
    [[nodiscard]] const std::map<std::string, wire::Invitation>& invitations() const { return m_invitations; } // by id

    // What the gateway says of a person, with their name beside `user`.
    [[nodiscard]] json::object withUsername(json::object object) const;

Q_SIGNALS:
    void updated(const clawloops::api::LiveView::Update& update);
    void usageChanged(const QString& ownerUserId);

private:
    void changed(const orchestrator::Change& change);
    void read(const std::string& key, std::function<void()> how);
    void finished(const std::string& key, const Status& outcome);
    void readUsers();
    void readBudgets();
    void readQueue();
    void readRuntimes();
    void readInvitations();
    void putRuntime(const wire::AdminRuntime& runtime);

    Parts m_parts;
    std::map<std::string, wire::User> m_users;
    std::map<std::string, wire::AdminRuntime> m_runtimes;
    std::map<std::string, wire::Invitation> m_invitations;
    std::map<std::string, json::object> m_budgets; // by id, as last told
    std::map<std::string, std::function<void()>> m_reading; // by key: how to read it again
    std::set<std::string> m_again;
};

} // namespace clawloops::api
