// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/live_view.h"

#include "api/component_watch.h"

#include <QTimer>

namespace clawloops::api {

using orchestrator::Change;

LiveView::LiveView(Parts parts, QObject* parent)
    : QObject(parent)
    , m_parts(parts) {
    connect(&m_parts.hub, &orchestrator::EventHub::changed, this, &LiveView::changed);
}

void LiveView::start() {
    using governance::GatewayWatch;
    connect(&m_parts.governance.watch, &GatewayWatch::queueChanged, this, &LiveView::readQueue);
    connect(&m_parts.governance.watch, &GatewayWatch::targetChanged, this,
            [this](const gateway_verbs::TargetState& state) { Q_EMIT updated({"target", {}, gateway_verbs::toJson(state)}); });
    connect(&m_parts.governance.watch, &GatewayWatch::refused, this,
            [this](const gateway_verbs::Refusal& refusal) { Q_EMIT updated({"refusal", {}, withUsername(gateway_verbs::toJson(refusal))}); });
    readUsers();
    readRuntimes();
    readInvitations();
}

std::optional<std::string> LiveView::readyCell(const std::string& userId) const {
    for (const auto& [id, runtime] : m_runtimes)
        if (runtime.userId == userId && runtime.status.ready)
            return runtime.cellId;
    return std::nullopt;
}

void LiveView::read(const std::string& key, std::function<void()> how) {
    const auto [place, fresh] = m_reading.emplace(key, std::move(how));
    if (!fresh) {
        m_again.insert(key);
        return;
    }
    const auto once = place->second; // the answer may come, and erase it, before this returns
    once();
}

void LiveView::finished(const std::string& key, const Status& outcome) {
    const auto place = m_reading.find(key);
    const auto how = std::move(place->second);
    m_reading.erase(place);
    const bool again = m_again.erase(key) > 0;
    if (outcome.ok() && again)
        read(key, how);
    else if (!outcome && outcome.error().code == ErrorCode::Unavailable)
        QTimer::singleShot(std::chrono::seconds(1), this, [this, key, how] { read(key, how); });
}

void LiveView::readUsers() {
    read("users", [this] {
        m_parts.identity.users(this, [this](const Result<std::vector<identity::User>>& users) {
            if (users)
                for (const identity::User& user : *users)
                    m_users[user.id] = identity::toWire(user);
            finished("users", users ? Status() : Status(users.error()));
        });
    });
}

void LiveView::readRuntimes() {
    read("runtimes", [this] {
        m_parts.orchestrator.runtimes(this, [this](const Result<std::vector<wire::AdminRuntime>>& runtimes) {
            if (runtimes)
                for (const wire::AdminRuntime& runtime : *runtimes)
                    putRuntime(runtime);
            finished("runtimes", runtimes ? Status() : Status(runtimes.error()));
        });
    });
}

void LiveView::readInvitations() {
    read("invitations", [this] {
        m_parts.identity.invitations(this, [this](const Result<std::vector<identity::Invitation>>& invitations) {
            if (invitations)
                for (const identity::Invitation& invitation : *invitations)
                    m_invitations[invitation.id] = identity::toWire(invitation);
            finished("invitations", invitations ? Status() : Status(invitations.error()));
        });
    });
}

json::object LiveView::withUsername(json::object object) const {
    const auto known = m_users.find(std::string(object.at("user").as_string()));
    object["username"] = known == m_users.end() ? std::string(object.at("user").as_string()) : known->second.username;
    return object;
}

void LiveView::readQueue() {
    read("queue", [this] {
        m_parts.governance.watch.queue(this, [this](const Result<governance::GatewayWatch::Queue>& queue) {
            json::array items;
            if (queue)
                for (const gateway_verbs::QueueEntry& entry : *queue)
                    items.push_back(withUsername(gateway_verbs::toJson(entry)));
            Q_EMIT updated({"queue", {}, {{"items", std::move(items)}}}); // while the gateway is away nobody waits
            finished("queue", {});
        });
    });
}

void LiveView::readBudgets() {
    read("budgets", [this] {
        m_parts.governance.budgets.list(this, [this](const Result<std::vector<wire::Budget>>& budgets) {
            if (budgets)
                for (const wire::Budget& budget : *budgets) {
                    json::object now = wire::toJson(budget);
                    if (m_budgets[budget.budgetId] == now)
                        continue;
                    m_budgets[budget.budgetId] = now;
                    Q_EMIT updated({"budget", {}, std::move(now)});
                }
            finished("budgets", budgets ? Status() : Status(budgets.error()));
        });
    });
}

void LiveView::putRuntime(const wire::AdminRuntime& runtime) {
    const std::string id = runtime.status.binding.runtimeId;
    m_runtimes[id] = runtime;
    Q_EMIT updated({"runtime", runtime.userId, wire::toJson(runtime)});
}

void LiveView::changed(const Change& change) {
    const std::string id = change.id;
    switch (change.kind) {
    case Change::Kind::User:
        read("user " + id, [this, id] {
            m_parts.identity.user(id, this, [this, id](const Result<identity::User>& user) {
                if (user) {
                    m_users[id] = identity::toWire(*user);
                    Q_EMIT updated({"user", {}, wire::toJson(m_users[id])});
                } else if (user.error().code == ErrorCode::UserNotFound) {
                    m_users.erase(id);
                    Q_EMIT updated({"user", {}, {{"deleted", id}}});
                }
                finished("user " + id, user ? Status() : Status(user.error()));
            });
        });
        break;
    case Change::Kind::Runtime:
        read("runtime " + id, [this, id] {
            m_parts.orchestrator.runtime(id, this, [this, id](const Result<wire::AdminRuntime>& runtime) {
                if (runtime) {
                    putRuntime(*runtime);
                } else if (runtime.error().code == ErrorCode::RuntimeNotFound) {
                    const auto known = m_runtimes.find(id);
                    const std::string owner = known == m_runtimes.end() ? std::string() : known->second.userId;
                    m_runtimes.erase(id);
                    Q_EMIT updated({"runtime", owner, {{"deleted", id}}});
                }
                finished("runtime " + id, runtime ? Status() : Status(runtime.error()));
            });
        });
        break;
    case Change::Kind::Invitation:
        read("invitation " + id, [this, id] {
            m_parts.identity.invitation(id, this, [this, id](const Result<identity::Invitation>& invitation) {
                if (invitation) {
                    m_invitations[id] = identity::toWire(*invitation);
                    Q_EMIT updated({"invitation", {}, wire::toJson(m_invitations[id])});
                } else if (invitation.error().code == ErrorCode::InvitationNotFound) {
                    m_invitations.erase(id);
                    Q_EMIT updated({"invitation", {}, {{"deleted", id}}});
                }
                finished("invitation " + id, invitation ? Status() : Status(invitation.error()));
            });
        });
        break;
    case Change::Kind::Route:
        for (const wire::Route& route : m_parts.routes.routes())
            if (route.modelId == id)
                Q_EMIT updated({"route", {}, wire::toJson(route)});
        if (change.deleted)
            Q_EMIT updated({"route", {}, {{"deleted", id}}});
        break;
    case Change::Kind::Component: // their order counts, so they stay with ComponentWatch
        for (const wire::Component& component : m_parts.components.components())
            if (component.name == id)
                Q_EMIT updated({"component", {}, wire::toJson(component)});
        break;
    case Change::Kind::Hold:
        read("holds", [this] {
            m_parts.governance.holds.list(this, [this](const Result<wire::Holds>& holds) {
                if (holds)
                    Q_EMIT updated({"hold", {}, wire::toJson(*holds)});
                finished("holds", holds ? Status() : Status(holds.error()));
            });
        });
        break;
    case Change::Kind::Budget:
        if (change.deleted) {
            m_budgets.erase(id);
            Q_EMIT updated({"budget", {}, {{"deleted", id}}});
        } else {
            readBudgets();
        }
        break;
    case Change::Kind::Usage: Q_EMIT usageChanged(QString::fromStdString(change.ownerUserId)); break;
    }
}

} // namespace clawloops::api
