// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/components_model.h"
#include "models/holds_table.h"
#include "models/people_model.h"
#include "models/routes_model.h"
#include "models/runtimes_model.h"
#include "models/target_board.h"
#include "models/usage_book.h"

#include <QObject>

namespace clawloops::gui {

// Everything the pages show, fed by the server's events: a snapshot is merged into what is there, a single event changes
// one row. Events that cannot be read are logged and change nothing. One thread.
class LiveData : public QObject {
    Q_OBJECT
public:
    explicit LiveData(QObject* parent = nullptr);

    void apply(const QByteArray& type, const json::object& data);
    void applySnapshot(wire::Snapshot snapshot);
    void clear(); // signed out
    [[nodiscard]] bool hasSnapshot() const { return m_hasSnapshot; }

    UsageBook usage;
    TargetBoard targets;
    RuntimesModel runtimes;
    HoldsTable holds;
    PeopleModel people;
    RoutesModel routes;
    ComponentsModel components;

Q_SIGNALS:
    void changed(); // something was applied: counts and summaries
    void told(const QByteArray& type); // an event came: what is not kept here but fetched by a page may be another now

private:
    bool m_hasSnapshot = false;
};

} // namespace clawloops::gui
