// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <QByteArray>
#include <QMap>
#include <QString>
#include <optional>

namespace clawloops::gui {

// The certificate fingerprints that a person accepted, one a server: {"workstation.lan:8443": "sha256 in hex"} in one
// private file. Read when made, written at every change. One thread.
class PinStore {
public:
    explicit PinStore(QString path);
    [[nodiscard]] static QString defaultPath(); // $XDG_CONFIG_HOME/clawloops/pins.json

    [[nodiscard]] Status load(); // a file that cannot be trusted is an error, and then nothing is pinned
    [[nodiscard]] std::optional<QByteArray> pin(const QString& serverKey) const; // 32 bytes
    [[nodiscard]] Status remember(const QString& serverKey, const QByteArray& sha256);
    [[nodiscard]] Status forget(const QString& serverKey);

private:
    [[nodiscard]] Status save() const;
    QString m_path;
    QMap<QString, QByteArray> m_pins;
};

} // namespace clawloops::gui
