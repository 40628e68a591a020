// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The real windows, fed by a snapshot: every page's states, what can be done in them, selection under live updates.
#include "models/filter_model.h"
#include "pages/overview/overview_page.h"
#include "pages/people/people_page.h"
#include "pages/runtimes/runtimes_page.h"
#include "shell/certificate_dialog.h"
#include "shell/sign_in_page.h"
#include "widgets/architecture_view.h"
#include "widgets/confirm_dialog.h"
#include "widgets/inspector.h"
#include "widgets/live_table.h"
#include "window_fixture.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QElapsedTimer>
#include <QHeaderView>
#include <QHelpEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QScrollBar>
#include <QTemporaryDir>
#include <QToolTip>
#include <QtTest>

using namespace clawloops;
using namespace clawloops::gui;

class WindowStates : public WindowFixture {
    Q_OBJECT

    static QAction* action(Page* page, const QString& text) {
        for (QAction* one : page->pageActions())
            if (one->text() == text)
                return one;
        return nullptr;
    }
    static ConfirmDialog* question(MainWindow& window) {
        for (auto* dialog : window.findChildren<ConfirmDialog*>())
            if (dialog->isVisible())
                return dialog;
        return nullptr;
    }
    static QMenu* contextMenu(LiveTable& table, int row) {
        const QPoint at = table.visualRect(table.model()->index(row, 0)).center();
        QContextMenuEvent event(QContextMenuEvent::Mouse, at, table.viewport()->mapToGlobal(at));
        QApplication::sendEvent(table.viewport(), &event);
        return table.findChild<QMenu*>();
    }
    // The tooltip at that place of a widget, on the screen.
    static QLabel* toolTipAt(QWidget& widget, QPoint at) {
        QToolTip::hideText();
        QHelpEvent event(QEvent::ToolTip, at, widget.mapToGlobal(at));
        QApplication::sendEvent(&widget, &event);
        for (QWidget* one : QApplication::topLevelWidgets())
            if (one->inherits("QTipLabel") && one->isVisible() && static_cast<QLabel*>(one)->text() == QToolTip::text())
                return static_cast<QLabel*>(one);
        return nullptr;
    }
    static QStringList labelsThatTakeHtml() {
        QStringList out;
        for (QWidget* one : QApplication::allWidgets())
            if (const auto* label = qobject_cast<QLabel*>(one); label && label->isVisible() && label->textFormat() != Qt::PlainText)
                out += QString::fromLatin1(label->metaObject()->className()) + u' ' + label->text();
        return out;
    }
private Q_SLOTS:
    void aCellsLogLineIsNeverRenderedAsHtml() {
        const QString hostile = QStringLiteral("<h1>All is well</h1><img src='file:///etc/hostname'> <a href='https://elsewhere.example'>Sign in again</a>");
        MainWindow window(options());
        open(window);
        wire::Snapshot team = sample::team();
        team.runtimes[4].status.binding.lastError = hostile.toStdString(); // dan's
        team.runtimes[3].status.task->steps[2].title = hostile.toStdString(); // cleo's, under way
        team.components[2].state = "unhealthy";
        team.components[2].sentence = hostile.toStdString();
        team.routes[0].title = hostile.toStdString();
        window.data().applySnapshot(team);
        QTest::qWait(60); // the window gathers events for 30 ms

        int tips = 0;
        for (const auto& [row, key] : {std::pair(MainWindow::OverviewRow, "litellm"), std::pair(MainWindow::PeopleRow, "usr_dan"),
                                       std::pair(MainWindow::RuntimesRow, "run_dan"), std::pair(MainWindow::RuntimesRow, "run_cleo"),
                                       std::pair(MainWindow::ModelsRow, "starter")}) {
            window.openPage(row, QString::fromLatin1(key));
            auto& table = *window.page(row)->findChild<LiveTable*>();
            for (int line = 0; line < table.model()->rowCount(); ++line)
                for (int column = 0; column < table.model()->columnCount(); ++column) {
                    const QModelIndex cell = table.model()->index(line, column);
                    if (cell.data(Qt::ToolTipRole).toString() != hostile || table.isColumnHidden(column))
                        continue;
                    table.scrollTo(cell);
                    const QLabel* tip = toolTipAt(*table.viewport(), table.visualRect(cell).center());
                    QVERIFY(tip);
                    QCOMPARE(tip->text(), hostile);
                    QCOMPARE(tip->textFormat(), Qt::PlainText);
                    ++tips;
                }
            auto* inspector = window.findChild<Inspector*>();
            for (QWidget* one : inspector->findChildren<QWidget*>())
                if (one->toolTip() == hostile) {
                    const QLabel* tip = toolTipAt(*one, one->rect().center());
                    QVERIFY(tip);
                    QCOMPARE(tip->textFormat(), Qt::PlainText);
                    ++tips;
                }
            QCOMPARE(labelsThatTakeHtml(), QStringList());
        }
        QVERIFY2(tips >= 5, qPrintable(QString::number(tips)));

        Page* page = window.page(MainWindow::ModelsRow);
        page->failureNotice(hostile, {});
        QCOMPARE(page->shownSentence(), hostile);
        QCOMPARE(labelsThatTakeHtml(), QStringList());
        Contact refused = contact(Contact::Phase::Refused);
        refused.sentence = refused.title = hostile;
        window.setContact(refused);
        keep(window, QStringLiteral("models-refused-in-html"));
        QCOMPARE(labelsThatTakeHtml(), QStringList());

        ApiFailure failure; // of a server that is not known yet
        failure.sentence = hostile;
        CertificateDialog certificate(*ServerAddress::parse(QStringLiteral("workstation.lan")), failure, &window);
        ConfirmDialog* dialog = ConfirmDialog::ask(&window, {hostile, hostile, QStringLiteral("Stop")}, [] {});
        QMessageBox box(QMessageBox::Warning, QStringLiteral("ClawLoops"), hostile, QMessageBox::Ok, &window);
        box.setInformativeText(hostile);
        for (QDialog* one : {static_cast<QDialog*>(&certificate), static_cast<QDialog*>(dialog), static_cast<QDialog*>(&box)}) {
            one->show();
            QVERIFY(QTest::qWaitForWindowExposed(one));
        }
        QCOMPARE(labelsThatTakeHtml(), QStringList());

        MainWindow signedOut(options());
        signedOut.show();
        QVERIFY(QTest::qWaitForWindowExposed(&signedOut));
        signedOut.findChild<SignInPage*>()->showFailure(hostile);
        QCOMPARE(signedOut.findChild<SignInPage*>()->message(), hostile);
        QCOMPARE(labelsThatTakeHtml(), QStringList());
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

    void aFilterThatLeavesNothingSaysSoAndCanBeCleared() {
        MainWindow window(options());
        open(window);
        window.openPage(MainWindow::RuntimesRow);
        Page* page = window.page(MainWindow::RuntimesRow);
        QVERIFY(QTest::qWaitForWindowActive(&window));
        page->focusFilter();
        auto* filter = page->findChild<QLineEdit*>();
        QTest::keyClicks(filter, QStringLiteral("nobody like this"));
        QVERIFY2(page->shownSentence().contains(QStringLiteral("filter lets through")), qPrintable(page->shownSentence()));
        keep(window, QStringLiteral("runtimes-nothing-matches"));
        QTest::keyClick(filter, Qt::Key_Escape);
        QCOMPARE(page->shownSentence(), QString());
        QTest::keyClick(filter, Qt::Key_Down); // and the keyboard goes on in the table
        QVERIFY(static_cast<RuntimesPage*>(page)->table().hasFocus());
    }

    void whatEndsSomethingIsAskedFirst() {
        MainWindow window(options());
        open(window);
        window.openPage(MainWindow::PeopleRow, QStringLiteral("usr_anna"));
        Page* people = window.page(MainWindow::PeopleRow);
        action(people, QStringLiteral("Disable"))->trigger();
        ConfirmDialog* dialog = question(window);
        QVERIFY(dialog);
        keep(*dialog, QStringLiteral("confirm-disable"));
        QTest::keyClick(dialog, Qt::Key_Return); // the key of habit keeps everything as it is
        QTRY_VERIFY(!question(window));
        QCOMPARE(people->shownSentence(), QString());
        window.openPage(MainWindow::RuntimesRow, QStringLiteral("run_anna"));
        action(window.page(MainWindow::RuntimesRow), QStringLiteral("Stop"))->trigger();
        QVERIFY(question(window));
        keep(*question(window), QStringLiteral("confirm-stop"));
        QTest::mouseClick(question(window)->findChild<QPushButton*>(QStringLiteral("confirm")), Qt::LeftButton);
        QTRY_VERIFY(!question(window));
        // Without a server the order fails, which shows that it was given.
        QTRY_VERIFY(!window.page(MainWindow::RuntimesRow)->shownSentence().isEmpty());
    }

    void nothingCanBePressedWithoutContact() {
        MainWindow window(options());
        open(window);
        window.openPage(MainWindow::PeopleRow, QStringLiteral("usr_anna"));
        Page* people = window.page(MainWindow::PeopleRow);
        QVERIFY(action(people, QStringLiteral("Disable"))->isEnabled());
        window.setContact(contact(Contact::Phase::Stale));
        for (const char* name : {"Disable", "Freeze…", "Invite…"})
            QVERIFY2(!action(people, QString::fromUtf8(name))->isEnabled(), name);
        window.setContact(contact(Contact::Phase::Live));
        QVERIFY(action(people, QStringLiteral("Disable"))->isEnabled());
        QCOMPARE(people->inspected().title, QStringLiteral("anna"));
    }

    void theContextMenuActsOnTheRowAndCopies() {
        MainWindow window(options());
        open(window);
        window.openPage(MainWindow::RuntimesRow, QStringLiteral("run_anna"));
        LiveTable& table = static_cast<RuntimesPage*>(window.page(MainWindow::RuntimesRow))->table();
        QMenu* menu = contextMenu(table, table.currentIndex().row());
        QVERIFY(menu);
        QStringList words;
        for (const QAction* one : menu->actions())
            if (!one->isSeparator())
                words += one->text();
        QCOMPARE(words, (QStringList{QStringLiteral("Stop"), QStringLiteral("Copy"), QStringLiteral("Copy name"), QStringLiteral("Copy cell"), QStringLiteral("Copy id")}));
        menu->actions().constLast()->trigger();
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("run_anna"));
        menu->close();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        table.setFocus();
        QTest::keyClick(&table, Qt::Key_C, Qt::ControlModifier);
        QVERIFY2(QApplication::clipboard()->text().startsWith(QStringLiteral("anna\trunning\t")), qPrintable(QApplication::clipboard()->text()));
    }

    void theTabKeyGoesAsOneReads() {
        MainWindow window(options());
        open(window);
        window.openPage(MainWindow::PeopleRow, QStringLiteral("usr_anna"));
        Page* people = window.page(MainWindow::PeopleRow);
        people->findChild<QLineEdit*>()->setFocus();
        QStringList seen;
        for (int i = 0; i < 6; ++i) {
            const QWidget* at = QApplication::focusWidget();
            QVERIFY(at);
            const auto* button = qobject_cast<const QPushButton*>(at);
            seen += QString::fromLatin1(at->metaObject()->className()) + (button ? u' ' + button->text() : QString());
            QTest::keyClick(window.windowHandle(), Qt::Key_Tab);
        }
        QCOMPARE(seen, (QStringList{QStringLiteral("QLineEdit"), QStringLiteral("QPushButton Disable"), QString::fromUtf8("QPushButton Freeze…"), QString::fromUtf8("QPushButton Invite…"),
                                    QStringLiteral("QTabBar"), QStringLiteral("clawloops::gui::LiveTable")}));
    }

    void theWindowComesBackAsItWasLeft() {
        QSize size;
        {
            MainWindow window(options());
            open(window);
            window.resize(1111, 702);
            window.openPage(MainWindow::RuntimesRow);
            static_cast<RuntimesPage*>(window.page(MainWindow::RuntimesRow))->table().sortByColumn(RuntimesModel::State, Qt::DescendingOrder);
            size = window.size();
            window.close();
        }
        MainWindow window(options());
        open(window);
        QCOMPARE(window.size(), size);
        QCOMPARE(static_cast<RuntimesPage*>(window.page(MainWindow::RuntimesRow))->table().horizontalHeader()->sortIndicatorSection(), int(RuntimesModel::State));
        QCOMPARE(static_cast<RuntimesPage*>(window.page(MainWindow::RuntimesRow))->table().horizontalHeader()->sortIndicatorOrder(), Qt::DescendingOrder);
        QVERIFY(QFile::remove(m_home.filePath(QStringLiteral("settings.ini"))));
    }

    void anotherCertificateIsCalledThat() {
        MainWindow window(options());
        open(window);
        window.openPage(MainWindow::PeopleRow, QStringLiteral("usr_anna"));
        Contact refused = contact(Contact::Phase::Refused);
        refused.title = QStringLiteral("Another certificate");
        refused.sentence = QStringLiteral("workstation.lan:8443 shows another certificate than the one accepted before, so nothing was sent. If the appliance "
                                          "was set up again, compare the new fingerprint there and accept it; if not, somebody may be in between.");
        window.setContact(refused);
        QCOMPARE(window.page(MainWindow::PeopleRow)->shownSentence(), refused.sentence);
        QCOMPARE(window.health().overall().word, refused.title);
        QVERIFY(window.findChild<Inspector*>()->content().title.isEmpty()); // nobody's details stay on the screen
        keep(window, QStringLiteral("people-another-certificate"));
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
