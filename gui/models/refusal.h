// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/json.h"

#include <QString>

namespace clawloops::gui {

// One request that was not let in, and by which rule: GET admin/refusals.
struct Refusal {
    QString requestId;
    QString at;
    QString userId;
    QString username;
    QString caller; // the cell or the key
    QString route;
    QString rule;
    QString sentence;
    json::object numbers; // that the rule had before it
    QString change; // how the rule is changed

    [[nodiscard]] static Result<Refusal> read(const json::object& object);
    [[nodiscard]] QString ruleText() const; // "requests per minute"
};
[[nodiscard]] inline QString rowKey(const Refusal& row) { return row.requestId + u' ' + row.at; }

} // namespace clawloops::gui
