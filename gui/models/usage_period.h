// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QString>

namespace clawloops::gui {

// Days of usage, both ends counted. Days and months are the server's: UTC.
struct UsagePeriod {
    QDate from;
    QDate to;

    [[nodiscard]] static UsagePeriod thisMonth(QDate today) { return {{today.year(), today.month(), 1}, today}; }
    [[nodiscard]] static UsagePeriod lastMonth(QDate today);
    [[nodiscard]] static UsagePeriod sevenDays(QDate today) { return {today.addDays(-6), today}; }
    [[nodiscard]] static QDate today() { return QDateTime::currentDateTimeUtc().date(); }
    [[nodiscard]] QString query() const { return QStringLiteral("from=%1&to=%2").arg(from.toString(Qt::ISODate), to.toString(Qt::ISODate)); }
    [[nodiscard]] QString text() const; // "1 to 26 November 2026"
    [[nodiscard]] qint64 days() const { return from.daysTo(to) + 1; }
    bool operator==(const UsagePeriod&) const = default;
};

} // namespace clawloops::gui
