// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <QString>
#include <QUrl>

namespace clawloops::gui {

// Where an appliance answers: https, a host and a port, nothing else. A person may type only the host.
class ServerAddress {
public:
    ServerAddress() = default;
    [[nodiscard]] static Result<ServerAddress> parse(const QString& typed); // "workstation.lan" → https://workstation.lan:8443

    [[nodiscard]] bool isEmpty() const { return m_host.isEmpty(); }
    [[nodiscard]] QString host() const { return m_host; }
    [[nodiscard]] int port() const { return m_port; }
    [[nodiscard]] QString key() const; // "workstation.lan:8443": the name under which a pin or a token is kept
    [[nodiscard]] QString text() const; // "https://workstation.lan:8443"
    [[nodiscard]] QUrl url(const QString& path) const; // path begins with a slash and may carry a query
    [[nodiscard]] bool isLoopback() const;
    bool operator==(const ServerAddress&) const = default;

private:
    QString m_host;
    int m_port = 8443;
};

} // namespace clawloops::gui
