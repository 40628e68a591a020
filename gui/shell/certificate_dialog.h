// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/api_failure.h"
#include "client/server_address.h"

#include <QDialog>

namespace clawloops::gui {

// Shows a server's certificate and asks whether it is the one meant. For a changed one, accepting takes a tick on purpose.
class CertificateDialog : public QDialog {
    Q_OBJECT
public:
    CertificateDialog(const ServerAddress& server, const ApiFailure& failure, QWidget* parent = nullptr);
    [[nodiscard]] QByteArray sha256() const { return m_sha256; }

private:
    QByteArray m_sha256;
};

} // namespace clawloops::gui
