// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/server_trust.h"

#include "base/digest.h"

#include <QFile>

namespace clawloops::gui {

TrustVerdict ServerTrust::judge(const QSslCertificate& leaf, const QList<QSslError>& errors) const {
    if (pin)
        return !leaf.isNull() && fingerprint(leaf) == *pin ? TrustVerdict::Trusted : TrustVerdict::Changed;
    if (errors.isEmpty())
        return TrustVerdict::Trusted;
    return authorities.isEmpty() ? TrustVerdict::Unknown : TrustVerdict::Refused;
}

QByteArray fingerprint(const QSslCertificate& certificate) { return certificate.digest(QCryptographicHash::Sha256); }

QString fingerprintText(const QByteArray& sha256) { return QString::fromLatin1(sha256.toHex(':')).toUpper(); }

std::optional<QByteArray> fingerprintFromText(const QString& text) {
    QString plain = text.trimmed();
    plain.remove(u':');
    const auto bytes = fromHex(plain.toStdString());
    if (!bytes || bytes->size() != 32)
        return std::nullopt;
    return QByteArray::fromStdString(*bytes);
}

Result<QList<QSslCertificate>> readAuthorities(const QString& path) {
    const QList<QSslCertificate> found = QSslCertificate::fromPath(path, QSsl::Pem, QSslCertificate::PatternSyntax::FixedString);
    if (found.isEmpty())
        return Error{ErrorCode::InvalidRequest,
                     path.toStdString() + " holds no PEM certificate, or cannot be read; give the file that `up` names, lan-ca.crt.",
                     {}};
    return found;
}

} // namespace clawloops::gui
