// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

namespace clawloops::gui {

// While one lives, no label, tooltip or message box takes its text for HTML unless the code says Qt::RichText. What they show
// comes from a server, and with it from cells (their last log lines) and from strangers (the names in a certificate); Qt would
// render whatever looks like HTML, and fetch its pictures.
class PlainText : public QObject {
    Q_OBJECT
public:
    explicit PlainText(QObject* parent = nullptr);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
};

} // namespace clawloops::gui
