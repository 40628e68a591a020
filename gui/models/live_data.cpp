// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/live_data.h"

#include "base/log.h"

namespace clawloops::gui {

namespace {

constexpr Log logger("models");

template <class T, class Use> void read(const QByteArray& type, const json::object& data, Use use) {
    auto value = wire::fromJson<T>(data);
    if (value)
        use(std::move(*value));
    else
        logger.warning("an event cannot be read", {}, {{"type", type.toStdString()}, {"reason", value.error().message}});
}

} // namespace

LiveData::LiveData(QObject* parent) : QObject(parent), runtimes(usage), people(runtimes, usage, holds), routes(usage, targets) {
    connect(&targets, &TargetBoard::changed, this, &LiveData::changed);
    connect(&holds, &HoldsTable::held, this, &LiveData::changed);
}

void LiveData::apply(const QByteArray& type, const json::object& data) {
    if (type == "ping")
        return;
    QString deleted;
    if (const json::value* id = data.if_contains("deleted"); id && id->is_string())
        deleted = QString::fromUtf8(id->get_string().data(), qsizetype(id->get_string().size()));
    if (type == "snapshot") {
        read<wire::Snapshot>(type, data, [this](wire::Snapshot&& value) { applySnapshot(std::move(value)); });
    } else if (type == "user") {
        if (!deleted.isEmpty())
            people.removeKey(deleted);
        else
            read<wire::User>(type, data, [this](wire::User&& value) { people.upsert({std::move(value), std::nullopt}); });
    } else if (type == "invitation") {
        if (!deleted.isEmpty())
            people.removeKey(deleted);
        else
            read<wire::Invitation>(type, data, [this](wire::Invitation&& value) {
                if (value.status == "pending")
                    people.upsert({std::nullopt, std::move(value)});
                else
                    people.removeKey(fromWire(value.invitationId));
            });
    } else if (type == "runtime") {
        if (!deleted.isEmpty())
            runtimes.removeKey(deleted);
        else
            read<wire::AdminRuntime>(type, data, [this](wire::AdminRuntime&& value) { runtimes.upsert(std::move(value)); });
    } else if (type == "route") {
        if (!deleted.isEmpty())
            routes.removeKey(deleted);
        else
            read<wire::Route>(type, data, [this](wire::Route&& value) { routes.upsert(std::move(value)); });
    } else if (type == "component") {
        read<wire::Component>(type, data, [this](wire::Component&& value) { components.upsert(std::move(value)); });
    } else if (type == "hold") {
        read<wire::Holds>(type, data, [this](wire::Holds&& value) { holds.set(std::move(value)); });
    } else if (type == "target") {
        if (auto value = TargetHealth::read(data))
            targets.put(std::move(*value));
        else
            logger.warning("an event cannot be read", {}, {{"type", type.toStdString()}, {"reason", value.error().message}});
    } else if (type == "usage") {
        read<wire::UsageSummary>(type, data, [this](wire::UsageSummary&& value) { usage.set(std::move(value)); });
    }
    Q_EMIT changed();
    Q_EMIT told(type);
}

void LiveData::applySnapshot(wire::Snapshot snapshot) {
    std::vector<PersonRow> persons;
    persons.reserve(snapshot.users.size() + snapshot.invitations.size());
    for (wire::User& user : snapshot.users)
        persons.push_back({std::move(user), std::nullopt});
    for (wire::Invitation& invitation : snapshot.invitations)
        if (invitation.status == "pending")
            persons.push_back({std::nullopt, std::move(invitation)});
    m_hasSnapshot = true;
    usage.set(std::move(snapshot.usage));
    runtimes.merge({std::make_move_iterator(snapshot.runtimes.begin()), std::make_move_iterator(snapshot.runtimes.end())});
    people.merge(std::move(persons));
    routes.merge(std::move(snapshot.routes));
    components.merge(std::move(snapshot.components));
    Q_EMIT changed();
}

void LiveData::clear() {
    applySnapshot({});
    targets.set({});
    holds.set({});
    m_hasSnapshot = false;
    Q_EMIT changed();
}

} // namespace clawloops::gui
