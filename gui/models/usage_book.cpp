// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/usage_book.h"

namespace clawloops::gui {

void UsageBook::set(wire::UsageSummary summary) {
    m_summary = std::move(summary);
    m_byRoute.clear();
    m_byUser.clear();
    for (const wire::UsageLine& line : m_summary.byRoute)
        m_byRoute[line.key] = line;
    for (const wire::UsageLine& line : m_summary.byUser)
        m_byUser[line.key] = line;
    Q_EMIT changed();
}

wire::UsageLine UsageBook::find(const Lines& lines, const std::string& key) {
    const auto found = lines.find(key);
    return found == lines.end() ? wire::UsageLine{} : found->second;
}

} // namespace clawloops::gui
