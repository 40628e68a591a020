// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/token_store.h"

#include "base/files.h"
#include "client/private_file.h"

#include <QFile>
#include <cerrno>
#include <unistd.h>

namespace clawloops::gui {

QString TokenStore::defaultPath(const QString& serverKey) {
    QString name = serverKey;
    for (QChar& c : name)
        if (!c.isLetterOrNumber() && c != u'.' && c != u'-')
            c = u'_';
    return configDirectory() + QLatin1String("/token-") + name;
}

Result<std::optional<Secret>> TokenStore::read() const {
    auto text = readPrivateFile(m_path);
    if (!text)
        return text.error();
    if (!text->has_value())
        return std::optional<Secret>();
    std::string token = std::move(**text);
    while (!token.empty() && (token.back() == '\n' || token.back() == '\r' || token.back() == ' '))
        token.pop_back();
    if (token.empty())
        return std::optional<Secret>();
    for (const char c : token)
        if (c <= ' ' || c > '~')
            return Error{ErrorCode::InvalidRequest, m_path.toStdString() + " holds no session token; sign in again.", {}};
    return std::optional<Secret>(Secret(std::move(token)));
}

Status TokenStore::write(const Secret& token) const { return writePrivateFile(m_path, token.reveal()); }

Status TokenStore::remove() const {
    if (::unlink(QFile::encodeName(m_path).constData()) == 0 || errno == ENOENT)
        return {};
    return Error{ErrorCode::AccessDenied, m_path.toStdString() + " cannot be removed: " + systemReason(errno) + ".", {}};
}

} // namespace clawloops::gui
