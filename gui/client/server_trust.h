// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <QByteArray>
#include <QList>
#include <QSslCertificate>
#include <QSslError>
#include <QString>
#include <optional>

namespace clawloops::gui {

// Whether the server at the other end of a TLS handshake is the one that was meant.
//
// | pin   | CA file | handshake without errors | the certificate          | verdict  |
// | given | any     | any                      | has the pinned SHA-256   | trusted  |
// | given | any     | any                      | has another              | changed  |
// | none  | any     | yes                      | any                      | trusted  |
// | none  | given   | no                       | any                      | refused  |
// | none  | none    | no                       | any                      | unknown  |
enum class TrustVerdict { Trusted, Changed, Refused, Unknown };

struct ServerTrust {
    std::optional<QByteArray> pin; // SHA-256 of the server's certificate (DER), 32 bytes
    QList<QSslCertificate> authorities; // instead of the system's, where not empty

    [[nodiscard]] TrustVerdict judge(const QSslCertificate& leaf, const QList<QSslError>& errors) const;
};

[[nodiscard]] QByteArray fingerprint(const QSslCertificate& certificate); // SHA-256, 32 bytes
[[nodiscard]] QString fingerprintText(const QByteArray& sha256); // "A1:B2:…", as openssl prints it
[[nodiscard]] std::optional<QByteArray> fingerprintFromText(const QString& text); // with or without colons, either case
[[nodiscard]] Result<QList<QSslCertificate>> readAuthorities(const QString& path); // PEM

} // namespace clawloops::gui
