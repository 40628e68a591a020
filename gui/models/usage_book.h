// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/api_types.h"

#include <QObject>
#include <map>
#include <string>

namespace clawloops::gui {

// What was used since the first of the month, by route and by person. Lines that are not there are zero.
class UsageBook : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;
    void set(wire::UsageSummary summary);
    [[nodiscard]] const wire::UsageSummary& summary() const { return m_summary; }
    [[nodiscard]] wire::UsageLine ofRoute(const std::string& modelId) const { return find(m_byRoute, modelId); }
    [[nodiscard]] wire::UsageLine ofUser(const std::string& userId) const { return find(m_byUser, userId); }

Q_SIGNALS:
    void changed();

private:
    using Lines = std::map<std::string, wire::UsageLine, std::less<>>;
    static wire::UsageLine find(const Lines& lines, const std::string& key);
    wire::UsageSummary m_summary;
    Lines m_byRoute;
    Lines m_byUser;
};

[[nodiscard]] inline std::int64_t tokens(const wire::UsageLine& line) { return line.promptTokens + line.completionTokens; }

} // namespace clawloops::gui
