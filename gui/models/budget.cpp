// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/budget.h"

#include "models/money.h"
#include "models/state_view.h"

namespace clawloops::gui {

Result<Budget> Budget::read(const json::object& object) {
    ObjectReader reader(object, "budget");
    const auto text = [&reader](const char* name) { return QString::fromStdString(reader.textOr(name, "")); };
    Budget budget;
    budget.id = QString::fromStdString(reader.text("budgetId"));
    budget.name = text("name");
    budget.scope = QString::fromStdString(reader.text("scope"));
    budget.subject = text("subject");
    budget.unit = QString::fromStdString(reader.text("unit"));
    budget.window = QString::fromStdString(reader.text("window"));
    budget.limit = reader.integer("limit");
    budget.raisedOn = text("raisedOn");
    budget.raisedBy = reader.integerOr("raisedBy", 0);
    budget.spent = reader.integer("spent");
    budget.reserved = reader.integerOr("reserved", 0);
    budget.spender = text("spender");
    budget.resetsAt = text("resetsAt");
    if (reader.failed())
        return reader.finish().error();
    return budget;
}

QString Budget::amount(qint64 value) const {
    return unit == QLatin1String("money") ? moneyText(value) : QStringLiteral("%1 tokens").arg(countText(value));
}

QString Budget::windowText() const {
    if (window == QLatin1String("day"))
        return QStringLiteral("a day");
    if (window == QLatin1String("week"))
        return QStringLiteral("a week");
    if (window == QLatin1String("run"))
        return QStringLiteral("a run");
    return QStringLiteral("a month");
}

} // namespace clawloops::gui
