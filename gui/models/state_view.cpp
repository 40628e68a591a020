// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/state_view.h"

#include <QLocale>
#include <QRegularExpression>
#include <array>

namespace clawloops::gui {

namespace {

StateView make(StateKind kind, const char* word, const std::string& since, QString sentence = {}) {
    return {kind, QString::fromLatin1(word), std::move(sentence), timeFromWire(since)};
}

QString stepSentence(const std::optional<wire::Task>& task) {
    if (!task)
        return {};
    for (const wire::TaskStep& step : task->steps)
        if (step.state == "running")
            return fromWire(step.sentence ? *step.sentence : step.title);
    return {};
}

} // namespace

StateView describe(const wire::AdminRuntime& runtime) {
    const wire::RuntimeStatus& status = runtime.status;
    const wire::RuntimeBinding& binding = status.binding;
    const std::string& observed = binding.observedState;
    const bool wanted = binding.desiredState == "running";
    const QString step = stepSentence(status.task);
    const QString reason = step.isEmpty() ? fromWire(status.reason) : step;
    if (observed == "error")
        return make(StateKind::Error, "error", status.since, binding.lastError ? fromWire(*binding.lastError) : reason);
    if (observed == "creating")
        return wanted ? make(StateKind::Starting, "starting", status.since, reason)
                      : make(StateKind::Starting, "stopping", status.since, reason);
    if (observed == "running" || observed == "paused") {
        if (!wanted)
            return make(StateKind::Starting, "stopping", status.since, reason);
        if (observed == "paused")
            return make(StateKind::Paused, "paused", status.since);
        return status.ready ? make(StateKind::Running, "running", status.since)
                            : make(StateKind::Starting, "starting", status.since, reason);
    }
    if (observed == "stopped")
        return wanted ? make(StateKind::Waiting, "waiting", status.since, reason) : make(StateKind::Stopped, "stopped", status.since);
    if (observed == "deleted")
        return make(StateKind::Stopped, "deleted", status.since);
    return make(StateKind::Unknown, "unknown", status.since, reason);
}

StateView describe(const wire::User& user) {
    if (user.isDisabled)
        return make(StateKind::Stopped, "disabled", {}, QStringLiteral("Cannot sign in; the workspace is kept."));
    if (user.mustChangePassword)
        return make(StateKind::Attention, "must set password", {},
                    QStringLiteral("Has to choose a new password in the portal before anything else."));
    return make(StateKind::Running, "active", {});
}

StateView describe(const wire::Invitation& invitation) {
    if (invitation.status == "pending")
        return make(StateKind::Waiting, "invited", invitation.createdAt,
                    QStringLiteral("The link is good until %1.").arg(momentText(timeFromWire(invitation.expiresAt))));
    return make(StateKind::Stopped, invitation.status.c_str(), invitation.createdAt);
}

StateView describe(const wire::Route& route) {
    if (!route.enabled)
        return make(StateKind::Stopped, "off", {}, QStringLiteral("Nobody can use it until an admin turns it on."));
    if (route.targets.empty())
        return make(StateKind::Attention, "no target", {}, QStringLiteral("It leads nowhere: add a target."));
    return make(StateKind::Running, "on", {});
}

StateView describe(const wire::Component& component) {
    struct Row {
        std::string_view state;
        StateKind kind;
        const char* word;
    };
    static constexpr std::array<Row, 8> table{{
        {"waiting", StateKind::Waiting, "waiting"},
        {"starting", StateKind::Starting, "starting"},
        {"running", StateKind::Running, "running"},
        {"unhealthy", StateKind::Attention, "unhealthy"},
        {"backoff", StateKind::Error, "down"},
        {"stopped", StateKind::Stopped, "stopped"},
        {"failed", StateKind::Error, "failed"},
        {"external", StateKind::Running, "external"},
    }};
    const QString sentence = component.sentence ? fromWire(*component.sentence) : QString();
    for (const Row& row : table)
        if (row.state == component.state)
            return make(row.kind, row.word, component.since, sentence);
    return make(StateKind::Unknown, "unknown", component.since, sentence);
}

bool wantsAttention(StateKind kind) { return kind == StateKind::Error || kind == StateKind::Attention; }

int severity(StateKind kind) {
    switch (kind) {
    case StateKind::Error: return 0;
    case StateKind::Attention: return 1;
    case StateKind::Unknown: return 2;
    case StateKind::Waiting: return 3;
    case StateKind::Starting: return 4;
    case StateKind::Running: return 5;
    case StateKind::Paused: return 6;
    case StateKind::Stopped: return 7;
    case StateKind::Frozen: return 8;
    }
    return 9;
}

QDateTime timeFromWire(const std::string& rfc3339) {
    if (rfc3339.empty())
        return {};
    return QDateTime::fromString(QString::fromStdString(rfc3339), Qt::ISODateWithMs).toLocalTime();
}

QString spanText(qint64 seconds) {
    if (seconds < 0)
        seconds = 0;
    if (seconds < 60)
        return QStringLiteral("%1 s").arg(seconds);
    if (seconds < 3600)
        return QStringLiteral("%1 min").arg(seconds / 60);
    if (seconds < 48 * 3600)
        return QStringLiteral("%1 h").arg(seconds / 3600);
    return QStringLiteral("%1 d").arg(seconds / 86400);
}

QString sinceText(const QDateTime& since, const QDateTime& now) {
    return since.isValid() ? spanText(since.secsTo(now)) : QString();
}

QString bytesText(qint64 bytes) {
    if (bytes < 0)
        return {};
    static constexpr std::array<const char*, 5> units{"B", "KiB", "MiB", "GiB", "TiB"};
    double value = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (value >= 1024 && unit + 1 < units.size()) {
        value /= 1024;
        ++unit;
    }
    const int decimals = unit < 3 || value >= 100 ? 0 : 1;
    return QLocale::c().toString(value, 'f', decimals) + u' ' + QLatin1String(units[unit]);
}

QString countText(qint64 count) {
    const QLocale plain = QLocale::c();
    if (count < 1000)
        return QString::number(count);
    if (count < 1'000'000)
        return plain.toString(double(count) / 1000, 'f', count < 10'000 ? 1 : 0) + QLatin1String(" k");
    return plain.toString(double(count) / 1'000'000, 'f', count < 10'000'000 ? 1 : 0) + QLatin1String(" M");
}

QString unbroken(const QString& sentence) {
    static const QRegularExpression figure(QStringLiteral("(\\d) (?=(ms|s|min|h|d|k|M|B|KiB|MiB|GiB|TiB)\\b)"));
    return QString(sentence).replace(figure, QStringLiteral("\\1") + QChar(QChar::Nbsp));
}

QString momentText(const QDateTime& moment) {
    return moment.isValid() ? moment.toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")) : QString();
}

} // namespace clawloops::gui
