// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/state_view.h"

#include <QObject>
#include <map>
#include <vector>

namespace clawloops::gui {

// How one target of a route does, as the gateway sees it: GET admin/targets, event `target`.
struct TargetHealth {
    QString route;
    QString target;
    QString state; // up | down | busy | wrong_key | unknown
    QString since;
    QString sentence;
    qint64 inFlight = 0;
    qint64 places = 0; // 0: any number
    qint64 waiting = 0;
    QString lastUsedAt;
    QString lastError;

    [[nodiscard]] static Result<TargetHealth> read(const json::object& object);
};
[[nodiscard]] StateView describe(const TargetHealth& target);

// The health of every target, by route. What is not there is not known.
class TargetBoard : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;
    void set(std::vector<TargetHealth> all);
    void put(TargetHealth one);
    [[nodiscard]] const std::vector<TargetHealth>& of(const QString& route) const;
    [[nodiscard]] const TargetHealth* find(const QString& route, const QString& target) const;

    // A route with its targets:
    // | route off           | off: stopped                                      |
    // | none known          | on: running, as far as is known                   |
    // | none up or busy     | error: "down", or "wrong key" where that is why   |
    // | some not            | attention: "1 of 2 down"                          |
    // | none up, some busy  | waiting: "busy"                                   |
    // | else                | running: "up"                                     |
    [[nodiscard]] StateView stateOf(const wire::Route& route) const;
    [[nodiscard]] qint64 inFlight(const QString& route) const;
    [[nodiscard]] qint64 placesOf(const QString& route) const; // 0: no limit at one of them, or not known
    [[nodiscard]] qint64 waiting(const QString& route) const;

Q_SIGNALS:
    void changed();

private:
    std::map<QString, std::vector<TargetHealth>> m_byRoute;
};

} // namespace clawloops::gui
