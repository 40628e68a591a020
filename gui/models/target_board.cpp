// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/target_board.h"

#include "models/json_list.h"

namespace clawloops::gui {

Result<TargetHealth> TargetHealth::read(const json::object& object) {
    ObjectReader reader(object, "target");
    TargetHealth target;
    target.route = fromWire(reader.text("route"));
    target.target = fromWire(reader.text("target"));
    target.state = fromWire(reader.text("state"));
    target.since = textOf(object, "since");
    target.sentence = textOf(object, "sentence");
    target.inFlight = numberOf(object, "inFlight");
    target.places = numberOf(object, "slots");
    target.waiting = numberOf(object, "waiting");
    target.lastUsedAt = textOf(object, "lastUsedAt");
    target.lastError = textOf(object, "lastError");
    if (reader.failed())
        return reader.finish().error();
    return target;
}

StateView describe(const TargetHealth& target) {
    const QDateTime since = timeFromWire(target.since.toStdString());
    if (target.state == QLatin1String("up"))
        return {StateKind::Running, QStringLiteral("up"), target.sentence, since};
    if (target.state == QLatin1String("busy"))
        return {StateKind::Waiting, QStringLiteral("busy"), target.sentence, since};
    if (target.state == QLatin1String("down"))
        return {StateKind::Error, QStringLiteral("down"), target.sentence, since};
    if (target.state == QLatin1String("wrong_key"))
        return {StateKind::Error, QStringLiteral("wrong key"), target.sentence, since};
    return {StateKind::Unknown, QStringLiteral("unknown"), target.sentence, since};
}

void TargetBoard::set(std::vector<TargetHealth> all) {
    m_byRoute.clear();
    for (TargetHealth& one : all)
        m_byRoute[one.route].push_back(std::move(one));
    Q_EMIT changed();
}

void TargetBoard::put(TargetHealth one) {
    auto& known = m_byRoute[one.route];
    for (TargetHealth& other : known)
        if (other.target == one.target) {
            other = std::move(one);
            return Q_EMIT changed();
        }
    known.push_back(std::move(one));
    Q_EMIT changed();
}

const std::vector<TargetHealth>& TargetBoard::of(const QString& route) const {
    static const std::vector<TargetHealth> none;
    const auto found = m_byRoute.find(route);
    return found == m_byRoute.end() ? none : found->second;
}

const TargetHealth* TargetBoard::find(const QString& route, const QString& target) const {
    for (const TargetHealth& one : of(route))
        if (one.target == target)
            return &one;
    return nullptr;
}

StateView TargetBoard::stateOf(const wire::Route& route) const {
    const StateView configured = describe(route);
    if (configured.kind != StateKind::Running)
        return configured;
    int up = 0;
    int busy = 0;
    int bad = 0;
    StateView worst;
    for (const wire::RouteTarget& target : route.targets) { // what is no longer a target of it does not count
        const TargetHealth* health = find(fromWire(route.modelId), fromWire(target.name));
        if (!health)
            continue;
        const StateView state = describe(*health);
        up += state.kind == StateKind::Running ? 1 : 0;
        busy += state.kind == StateKind::Waiting ? 1 : 0;
        if (state.kind == StateKind::Error && bad++ == 0)
            worst = state;
    }
    if (bad == 0 && up + busy == 0)
        return configured;
    if (bad == int(route.targets.size()))
        return worst;
    if (bad > 0)
        return {StateKind::Attention, QStringLiteral("%1 of %2 %3").arg(bad).arg(route.targets.size()).arg(worst.word), worst.sentence, worst.since};
    if (up == 0 && busy > 0)
        return {StateKind::Waiting, QStringLiteral("busy"), QStringLiteral("Every place is taken; who comes now waits in the queue."), {}};
    return {StateKind::Running, QStringLiteral("up"), {}, {}};
}

qint64 TargetBoard::inFlight(const QString& route) const {
    qint64 sum = 0;
    for (const TargetHealth& one : of(route))
        sum += one.inFlight;
    return sum;
}

qint64 TargetBoard::placesOf(const QString& route) const {
    qint64 sum = 0;
    for (const TargetHealth& one : of(route)) {
        if (one.places == 0)
            return 0;
        sum += one.places;
    }
    return sum;
}

qint64 TargetBoard::waiting(const QString& route) const {
    qint64 sum = 0;
    for (const TargetHealth& one : of(route))
        sum += one.waiting;
    return sum;
}

} // namespace clawloops::gui
