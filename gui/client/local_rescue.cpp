// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/local_rescue.h"

#include "base/log.h"
#include "link/control_client.h"

#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

namespace clawloops::gui {

namespace {
constexpr Log logger("client");
}

LocalRescue::LocalRescue(QObject* parent) : QObject(parent) {}
LocalRescue::~LocalRescue() = default;

QString LocalRescue::findSocket() {
    const QString tail = QStringLiteral("/supervisor/control.sock");
    const QString chosen = qEnvironmentVariable("CLAWLOOPS_RUN");
    if (!chosen.isEmpty())
        return chosen + tail;
    for (const QString& run : {QStringLiteral("/var/lib/clawloops/run"),
                               QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + QStringLiteral("/clawloops/run")})
        if (QFileInfo(run + tail).isWritable())
            return run + tail;
    return {};
}

void LocalRescue::open(const QString& socket) {
    close();
    if (socket.isEmpty())
        return;
    m_control = std::make_unique<ControlClient>(socket, "The supervisor");
    connect(m_control.get(), &ControlClient::connected, this, &LocalRescue::ask);
    connect(m_control.get(), &ControlClient::disconnected, this, &LocalRescue::lost);
    connect(m_control.get(), &ControlClient::event, this, [this](const QString& name, const json::object& data) {
        if (name != QLatin1String("component"))
            return;
        auto one = wire::fromJson<wire::Component>(data);
        if (one)
            Q_EMIT component(*one);
        else
            logger.warning("the supervisor sent an event that cannot be read", {}, {{"reason", one.error().message}});
    });
    m_control->open();
}

void LocalRescue::close() { m_control.reset(); }

bool LocalRescue::isConnected() const { return m_control && m_control->isConnected(); }

void LocalRescue::ask() {
    m_control->call("status", {}, this, [this](Result<json::object> status) {
        if (!status)
            return;
        const json::value* list = status->if_contains("components");
        if (!list || !list->is_array())
            return;
        const auto all = wire::listFromJson<wire::Component>({{"items", *list}});
        if (all)
            Q_EMIT components(*all);
        else
            logger.warning("the supervisor's status cannot be read", {}, {{"reason", all.error().message}});
    });
}

} // namespace clawloops::gui
