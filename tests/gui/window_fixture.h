// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sample_data.h"
#include "shell/main_window.h"

#include <QApplication>
#include <QDir>
#include <QTemporaryDir>
#include <QtTest>

namespace clawloops::gui {

// A main window of a team of its own, without a server: what the tests of windows share.
class WindowFixture : public QObject {
    Q_OBJECT

protected:
    QTemporaryDir m_home;

    MainWindow::Options options() {
        MainWindow::Options made;
        made.files.pins = m_home.filePath(QStringLiteral("pins.json"));
        made.files.tokenDirectory = m_home.path();
        made.settingsFile = m_home.filePath(QStringLiteral("settings.ini"));
        return made;
    }
    static Contact contact(Contact::Phase phase) {
        Contact made;
        made.phase = phase;
        made.server = QStringLiteral("workstation.lan:8443");
        made.since = QDateTime(QDate(2026, 11, 22), QTime(14, 2));
        return made;
    }
    // CLAWLOOPS_SCREENSHOTS=DIR keeps what the tests see.
    static void keep(QWidget& widget, const QString& name) {
        const QString directory = qEnvironmentVariable("CLAWLOOPS_SCREENSHOTS");
        if (directory.isEmpty())
            return;
        QDir().mkpath(directory);
        QTest::qWait(60);
        QVERIFY(widget.grab().save(directory + u'/' + name + QStringLiteral(".png")));
    }
    void open(MainWindow& window) {
        window.data().applySnapshot(sample::team());
        window.setContact(contact(Contact::Phase::Live));
        window.showPages();
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
    }

private Q_SLOTS:
    void initTestCase() {
        QFont font(QStringLiteral("Inter"));
        QApplication::setFont(font);
        applyAppearance(*qApp, Appearance::Light);
    }
};

} // namespace clawloops::gui
