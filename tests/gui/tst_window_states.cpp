// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The real windows, fed by a snapshot: every page's states, selection under live updates, both appearances.
#include "models/filter_model.h"
#include "pages/overview/overview_page.h"
#include "pages/people/people_page.h"
#include "pages/runtimes/runtimes_page.h"
#include "sample_data.h"
#include "shell/main_window.h"
#include "widgets/architecture_view.h"
#include "widgets/inspector.h"
#include "widgets/live_table.h"

#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFontDatabase>
#include <QLabel>
#include <QPushButton>
#include <QScrollBar>
#include <QTemporaryDir>
#include <QtTest>

using namespace clawloops;
using namespace clawloops::gui;

class WindowStates : public QObject {
    Q_OBJECT

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

    void everyPageShowsItsRowsInBothAppearances() {
        for (const Appearance appearance : {Appearance::Light, Appearance::Dark}) {
            applyAppearance(*qApp, appearance);
            const QString suffix = appearance == Appearance::Dark ? QStringLiteral("-dark") : QStringLiteral("-light");
            MainWindow window(options());
            open(window);
            keep(window, QStringLiteral("overview") + suffix);
            window.openPage(MainWindow::PeopleRow, QStringLiteral("usr_anna"));
            QCOMPARE(static_cast<PeoplePage*>(window.page(MainWindow::PeopleRow))->table().model()->rowCount(), 9);
            keep(window, QStringLiteral("people") + suffix);
            window.openPage(MainWindow::RuntimesRow, QStringLiteral("run_cleo"));
            QCOMPARE(window.page(MainWindow::RuntimesRow)->inspected().title, QStringLiteral("cleo"));
            QCOMPARE(window.page(MainWindow::RuntimesRow)->inspected().steps.size(), 4);
            keep(window, QStringLiteral("runtimes") + suffix);
            window.openPage(MainWindow::ModelsRow, QStringLiteral("starter"));
            keep(window, QStringLiteral("models") + suffix);
        }
        applyAppearance(*qApp, Appearance::Light);
    }

    void aSickComponentTurnsItsBoxAloneBad() {
        MainWindow window(options());
        open(window);
        auto& view = static_cast<OverviewPage*>(window.page(MainWindow::OverviewRow))->architecture();
        for (const char* name : {"traefik", "clawloopsd", "postgres", "litellm", "gateway", "relay", "runtimed", "starter-model"}) {
            wire::Component sick = *window.data().components.find(QString::fromLatin1(name));
            const wire::Component well = sick;
            sick.state = "backoff";
            sick.sentence = "It was ended by signal 9; starting again in 2 s.";
            window.data().apply("component", wire::toJson(sick));
            QCOMPARE(view.stateOf(QString::fromLatin1(name)).kind, StateKind::Error);
            for (const wire::Component& other : window.data().components.rows())
                if (other.name != name)
                    QCOMPARE(view.stateOf(QString::fromStdString(other.name)).kind, StateKind::Running);
            if (std::string_view(name) == "litellm") {
                view.select(QStringLiteral("litellm"));
                keep(window, QStringLiteral("overview-sick"));
                view.select({});
            }
            window.data().apply("component", wire::toJson(well));
            QCOMPARE(view.stateOf(QString::fromLatin1(name)).kind, StateKind::Running);
        }
    }

    void staleDataStaysUnderASentenceWithTheTime() {
        MainWindow window(options());
        open(window);
        Contact stale = contact(Contact::Phase::Stale);
        stale.silent = Contact::Silent::Entry;
        stale.sentence = QStringLiteral("Nothing answers at workstation.lan:8443. Check that the appliance is running there.");
        window.setContact(stale);
        auto& view = static_cast<OverviewPage*>(window.page(MainWindow::OverviewRow))->architecture();
        QCOMPARE(view.stateOf(QStringLiteral("traefik")).kind, StateKind::Error);
        QCOMPARE(view.stateOf(QStringLiteral("postgres")).kind, StateKind::Unknown);
        keep(window, QStringLiteral("overview-stale"));
        window.openPage(MainWindow::PeopleRow);
        QVERIFY(window.page(MainWindow::PeopleRow)->shownSentence().startsWith(QStringLiteral("No contact since 14:02, trying")));
        QCOMPARE(static_cast<PeoplePage*>(window.page(MainWindow::PeopleRow))->table().model()->rowCount(), 9);
        keep(window, QStringLiteral("people-stale"));
        window.setContact(contact(Contact::Phase::Live));
        QCOMPARE(window.page(MainWindow::PeopleRow)->shownSentence(), QString());
    }

    void pagesSayWhyThereIsNothing() {
        MainWindow window(options());
        window.showPages();
        window.show();
        Contact loading = contact(Contact::Phase::Loading);
        loading.since = QDateTime::currentDateTime();
        window.setContact(loading);
        QVERIFY(window.page(MainWindow::PeopleRow)->shownSentence().contains(QStringLiteral("first answer of workstation.lan:8443")));
        window.data().applySnapshot({});
        window.setContact(contact(Contact::Phase::Live));
        window.openPage(MainWindow::RuntimesRow);
        QVERIFY(window.page(MainWindow::RuntimesRow)->shownSentence().contains(QStringLiteral("first time")));
        keep(window, QStringLiteral("runtimes-empty"));
        Contact refused = contact(Contact::Phase::Refused);
        refused.sentence = QStringLiteral("An admin has frozen your account. Ask them to let you in again.");
        refused.requestId = QStringLiteral("req_abcdefghijklmnopqrst");
        window.setContact(refused);
        QCOMPARE(window.page(MainWindow::RuntimesRow)->shownSentence(), refused.sentence);
        keep(window, QStringLiteral("runtimes-refused"));
    }

    void liveUpdatesKeepSelectionScrollAndOrder() {
        MainWindow window(options());
        open(window);
        wire::Snapshot many;
        for (int i = 0; i < 10'000; ++i) {
            const std::string name = "p" + std::to_string(100000 + i);
            many.users.push_back(sample::user(name));
            many.runtimes.push_back(sample::runtime(name, i % 7 == 0 ? "paused" : "running", i));
        }
        QElapsedTimer clock;
        clock.start();
        window.data().applySnapshot(many);
        window.openPage(MainWindow::RuntimesRow, QStringLiteral("run_p105000"));
        LiveTable& table = static_cast<RuntimesPage*>(window.page(MainWindow::RuntimesRow))->table();
        QApplication::sendPostedEvents();
        qInfo("10,000 rows merged, sorted and shown in %lld ms", clock.elapsed());
        const int scroll = table.verticalScrollBar()->value();
        QVERIFY(scroll > 0);
        for (int i = 4990; i < 5010; ++i)
            window.data().apply("runtime", wire::toJson(sample::runtime("p" + std::to_string(100000 + i), "error", 0)));
        window.data().apply("runtime", wire::toJson(sample::runtime("p000000", "running", 0)));
        QCOMPARE(table.selectedKeys(), QStringList{QStringLiteral("run_p105000")});
        QCOMPARE(table.currentIndex().data(KeyRole).toString(), QStringLiteral("run_p105000"));
        window.data().applySnapshot(many); // the new one is gone again, the rest stands where it stood
        QCOMPARE(table.selectedKeys(), QStringList{QStringLiteral("run_p105000")});
        QCOMPARE(table.verticalScrollBar()->value(), scroll);
        clock.restart();
        for (int i = 0; i < 20; ++i) {
            table.verticalScrollBar()->setValue(i * 10'000);
            table.viewport()->repaint();
        }
        qInfo("20 scrolled repaints over 10,000 rows in %lld ms", clock.elapsed());
        keep(window, QStringLiteral("runtimes-many"));
    }

    void theKeyboardReachesTheArchitecture() {
        MainWindow window(options());
        open(window);
        auto& view = static_cast<OverviewPage*>(window.page(MainWindow::OverviewRow))->architecture();
        view.setFocus(Qt::TabFocusReason);
        QTest::keyClick(&view, Qt::Key_Right);
        QCOMPARE(view.selected(), QStringLiteral("clawloopsd"));
        QTest::keyClick(&view, Qt::Key_Down);
        QCOMPARE(view.selected(), QStringLiteral("postgres"));
        QVERIFY(view.accessibleDescription().contains(QStringLiteral("PostgreSQL: running")));
    }

    void signInIsShownFirstAndSaysWhatIsMissing() {
        MainWindow window(options());
        window.show();
        window.start(QStringLiteral("http://workstation.lan"));
        bool found = false;
        for (const QLabel* label : window.findChildren<QLabel*>())
            found = found || label->text().contains(QStringLiteral("only over TLS"));
        QVERIFY(found);
        keep(window, QStringLiteral("sign-in"));
    }
};

QTEST_MAIN(WindowStates)
#include "tst_window_states.moc"
