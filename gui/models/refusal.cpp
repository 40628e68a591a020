// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/refusal.h"

#include "models/json_list.h"

namespace clawloops::gui {

Result<Refusal> Refusal::read(const json::object& object) {
    ObjectReader reader(object, "refusal");
    Refusal refusal;
    refusal.requestId = QString::fromStdString(reader.text("requestId"));
    refusal.at = QString::fromStdString(reader.text("at"));
    refusal.rule = QString::fromStdString(reader.text("rule"));
    refusal.sentence = QString::fromStdString(reader.text("sentence"));
    refusal.userId = textOf(object, "user");
    refusal.username = textOf(object, "username");
    refusal.caller = textOf(object, "caller");
    refusal.route = textOf(object, "route");
    refusal.change = textOf(object, "change");
    if (const json::value* numbers = object.if_contains("numbers"); numbers && numbers->is_object())
        refusal.numbers = numbers->get_object();
    if (reader.failed())
        return reader.finish().error();
    return refusal;
}

QString Refusal::ruleText() const { return QString(rule).replace(u'_', u' '); }

} // namespace clawloops::gui
