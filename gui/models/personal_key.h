// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/json.h"

#include <QStringList>

namespace clawloops::gui {

// A person's own key for programs: GET admin/keys. Its secret is seen once, by the person, and never here.
struct PersonalKey {
    QString id;
    QString name;
    QString prefix; // "clk_a1b2"
    QString userId;
    QString username;
    QString createdAt;
    QString expiresAt; // empty: never
    QString lastUsedAt; // empty: never
    QStringList routes; // empty: all of the person's
    bool batch = false;

    [[nodiscard]] static Result<PersonalKey> read(const json::object& object);
};
[[nodiscard]] inline QString rowKey(const PersonalKey& row) { return row.id; }

} // namespace clawloops::gui
