// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/usage_period.h"

#include <QLocale>

namespace clawloops::gui {

UsagePeriod UsagePeriod::lastMonth(QDate today) {
    const QDate first = QDate(today.year(), today.month(), 1).addMonths(-1);
    return {first, first.addMonths(1).addDays(-1)};
}

QString UsagePeriod::text() const {
    const QLocale english = QLocale::c();
    if (from == to)
        return english.toString(to, QStringLiteral("d MMMM yyyy"));
    const QString begin = from.year() != to.year()     ? QStringLiteral("d MMMM yyyy")
                          : from.month() != to.month() ? QStringLiteral("d MMMM")
                                                       : QStringLiteral("d");
    return QStringLiteral("%1 to %2").arg(english.toString(from, begin), english.toString(to, QStringLiteral("d MMMM yyyy")));
}

} // namespace clawloops::gui
