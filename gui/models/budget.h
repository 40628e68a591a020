// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/json.h"

#include <QDate>
#include <QString>

namespace clawloops::gui {

// A budget and how much of it is gone: GET admin/budgets, users/me/quota.
struct Budget {
    QString id;
    QString name;
    QString scope; // person | group | route | all
    QString subject; // empty: each of them separately
    QString unit; // money | tokens
    QString window; // day | week | month | run
    qint64 limit = 0; // without a raise
    QString raisedOn; // "2026-11-26"
    qint64 raisedBy = 0;
    qint64 spent = 0;
    qint64 reserved = 0; // of requests under way
    QString spender; // where each has their own: who has spent most, whose the figures are
    QString resetsAt;

    [[nodiscard]] static Result<Budget> read(const json::object& object);
    [[nodiscard]] qint64 limitOn(QDate today) const { return limit + (raisedOn == today.toString(Qt::ISODate) ? raisedBy : 0); }
    [[nodiscard]] QString amount(qint64 value) const; // "$3.20", "41 k tokens"
    [[nodiscard]] QString windowText() const; // "a month"
};

} // namespace clawloops::gui
