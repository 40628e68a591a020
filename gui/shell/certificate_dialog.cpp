// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/certificate_dialog.h"

#include "client/server_trust.h"
#include "models/state_view.h"
#include "widgets/theme.h"

#include <QCheckBox>
#include <QFontDatabase>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace clawloops::gui {

namespace {

// 32 pairs in two lines of sixteen, as one compares them by eye.
QString inTwoLines(const QString& fingerprint) { return fingerprint.left(47) + u'\n' + fingerprint.mid(48); }

} // namespace

CertificateDialog::CertificateDialog(const ServerAddress& server, const ApiFailure& failure, QWidget* parent)
    : QDialog(parent), m_sha256(fingerprint(failure.certificate)) {
    const bool changed = failure.kind == ApiFailure::Kind::CertificateChanged;
    setWindowTitle(changed ? tr("Another certificate") : tr("New server"));
    setMinimumWidth(Theme::px(520));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(24, 20, 24, 20);
    column->setSpacing(8);
    auto* title = new QLabel(changed ? tr("%1 shows another certificate").arg(server.key()) : tr("Is this your appliance?"), this);
    QFont font = title->font();
    font.setPixelSize(Theme::titleText());
    font.setWeight(QFont::DemiBold);
    title->setFont(font);
    column->addWidget(title);
    auto* sentence = new QLabel(failure.sentence, this);
    sentence->setWordWrap(true);
    column->addWidget(sentence);
    column->addSpacing(8);

    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(16);
    grid->setVerticalSpacing(6);
    int row = 0;
    const auto fact = [&](const QString& name, const QString& value, bool fixed) {
        auto* left = new QLabel(name, this);
        left->setForegroundRole(QPalette::PlaceholderText);
        auto* right = new QLabel(value, this);
        right->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        right->setObjectName(name);
        if (fixed) {
            QFont mono = QFontDatabase::systemFont(QFontDatabase::FixedFont);
            mono.setPixelSize(Theme::bodyText());
            right->setFont(mono);
        }
        grid->addWidget(left, row, 0, Qt::AlignTop);
        grid->addWidget(right, row++, 1);
    };
    const QSslCertificate& leaf = failure.certificate;
    fact(tr("SHA-256"), inTwoLines(fingerprintText(m_sha256)), true);
    fact(tr("Name"), leaf.subjectInfo(QSslCertificate::CommonName).join(QStringLiteral(", ")), false);
    fact(tr("From"), leaf.issuerInfo(QSslCertificate::CommonName).join(QStringLiteral(", ")), false);
    fact(tr("Good until"), momentText(leaf.expiryDate().toLocalTime()), false);
    grid->setColumnStretch(1, 1);
    column->addLayout(grid);
    column->addSpacing(8);

    auto* buttons = new QHBoxLayout;
    auto* cancel = new QPushButton(tr("Do not connect"), this);
    auto* accept = new QPushButton(tr("Accept this certificate"), this);
    accept->setObjectName(QStringLiteral("accept"));
    if (changed) {
        auto* sure = new QCheckBox(tr("I compared it with what the appliance printed, and it is the same"), this);
        column->addWidget(sure);
        accept->setEnabled(false);
        connect(sure, &QCheckBox::toggled, accept, &QPushButton::setEnabled);
        cancel->setDefault(true);
    } else {
        accept->setProperty("kind", QStringLiteral("primary"));
        accept->setDefault(true);
    }
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(accept);
    column->addSpacing(4);
    column->addLayout(buttons);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(accept, &QPushButton::clicked, this, &QDialog::accept);
}

} // namespace clawloops::gui
