// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/server_address.h"

#include <QHostAddress>

namespace clawloops::gui {

Result<ServerAddress> ServerAddress::parse(const QString& typed) {
    QString text = typed.trimmed();
    const auto refuse = [&](const char* why) {
        return Error{ErrorCode::InvalidRequest,
                     "\"" + typed.trimmed().toStdString() + "\" is not a server address: " + why +
                         " Give it as https://host:8443.",
                     {}};
    };
    if (text.isEmpty())
        return Error{ErrorCode::InvalidRequest, "Give the server's address, for example https://workstation.lan:8443.", {}};
    if (text.startsWith(QLatin1String("http://")))
        return refuse("the appliance answers only over TLS.");
    if (!text.contains(QLatin1String("://")))
        text.prepend(QLatin1String("https://"));
    const QUrl url(text, QUrl::StrictMode);
    if (!url.isValid() || url.scheme() != QLatin1String("https") || url.host().isEmpty())
        return refuse("it has no host name that can be read.");
    if (!url.userInfo().isEmpty())
        return refuse("it carries a name or a password, which belong in the fields below it.");
    if ((!url.path().isEmpty() && url.path() != QLatin1String("/")) || url.hasQuery() || url.hasFragment())
        return refuse("it carries a path.");
    ServerAddress address;
    address.m_host = url.host(QUrl::FullyDecoded).toLower();
    address.m_port = url.port(8443);
    return address;
}

QString ServerAddress::key() const {
    const QString host = m_host.contains(u':') ? u'[' + m_host + u']' : m_host;
    return host + u':' + QString::number(m_port);
}

QString ServerAddress::text() const { return QLatin1String("https://") + key(); }

QUrl ServerAddress::url(const QString& path) const { return QUrl(text() + path, QUrl::StrictMode); }

bool ServerAddress::isLoopback() const {
    return m_host == QLatin1String("localhost") || QHostAddress(m_host).isLoopback();
}

} // namespace clawloops::gui
