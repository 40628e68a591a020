// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/query.h"

#include <QString>
#include <QUrlQuery>

namespace clawloops::api {

QueryReader::QueryReader(const std::string& query) {
    const auto items = QUrlQuery(QString::fromStdString(query)).queryItems(QUrl::FullyDecoded);
    for (const auto& [name, value] : items) {
        const std::string text = value.toStdString();
        if (text.size() > longest || text.find('\0') != std::string::npos)
            fail("\"" + name.toStdString() + "\" in the address is too long, or no text.");
        if (!m_values.emplace(name.toStdString(), text).second)
            fail("\"" + name.toStdString() + "\" is in the address twice.");
    }
}

std::string QueryReader::textOr(std::string_view name, std::string_view fallback) {
    const auto found = m_values.find(name);
    if (found == m_values.end())
        return std::string(fallback);
    std::string value = found->second;
    m_values.erase(found);
    return value;
}

void QueryReader::fail(std::string message) {
    if (m_problem.empty())
        m_problem = std::move(message);
}

Status QueryReader::finish() {
    if (!m_values.empty())
        fail("The address has an unknown part \"" + m_values.begin()->first + "\".");
    if (m_problem.empty())
        return {};
    return Error{ErrorCode::InvalidRequest, m_problem, {}};
}

} // namespace clawloops::api
