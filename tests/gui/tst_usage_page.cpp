// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The Usage page against a scripted server: what it asks for, what it says in each state, that its figures add up.
#include "models/money.h"
#include "page_fixture.h"
#include "pages/usage/budget_panel.h"
#include "pages/usage/period_dialog.h"
#include "pages/usage/raise_dialog.h"
#include "pages/usage/refusals_panel.h"
#include "pages/usage/trace_dialog.h"
#include "pages/usage/usage_page.h"
#include "sample_usage.h"
#include "widgets/day_chart.h"
#include "widgets/fetched_view.h"
#include "widgets/live_table.h"
#include "widgets/sections.h"
#include "widgets/totals_row.h"

#include <QClipboard>
#include <QComboBox>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollBar>

using namespace clawloops;
using namespace clawloops::gui;

class UsagePageTest : public PageFixture {
    Q_OBJECT

    static UsagePage& page(MainWindow& window) { return *static_cast<UsagePage*>(window.page(MainWindow::UsageRow)); }
    static QString question(const UsagePeriod& period, const char* by) {
        return QStringLiteral("/admin/usage?%1&by=%2").arg(period.query(), QString::fromLatin1(by));
    }
    static UsagePeriod month() { return UsagePeriod::thisMonth(UsagePeriod::today()); }
    void answerAll() {
        const QDate today = UsagePeriod::today();
        answer(question(month(), "person"), sample::usageReport("person", sample::usageOfPeople()));
        answer(question(month(), "day"), sample::usageReport("day", sample::usageOfDays(today.year(), today.month(), today.day())));
        answer(QStringLiteral("/admin/budgets"), sample::budgets());
    }
    void openUsage(MainWindow& window) {
        connectTo(window);
        window.openPage(MainWindow::UsageRow);
    }
    static QString plain(QString text) { return text.replace(QChar(0x202F), u' '); }

private Q_SLOTS:
    void theTotalIsTheSumOfWhatIsShown() {
        answerAll();
        MainWindow window(options());
        openUsage(window);
        UsagePage& usage = page(window);
        QTRY_VERIFY(usage.view().showsContent());
        const auto total = [&](int column) { return plain(usage.totals().texts().value(column)); };
        QCOMPARE(total(UsageTable::Name), QStringLiteral("Total"));
        QCOMPARE(total(UsageTable::Requests), QStringLiteral("1 845"));
        QCOMPARE(total(UsageTable::Failed), QStringLiteral("13"));
        QCOMPARE(total(UsageTable::In), QStringLiteral("5 670 644"));
        QCOMPARE(total(UsageTable::Out), QStringLiteral("452 504"));
        QCOMPARE(total(UsageTable::Cost), QString::fromUtf8("≈ $17.33"));
        QCOMPARE(total(UsageTable::Estimated), QStringLiteral("3"));
        QCOMPARE(usage.shownSentence(), QString());
        usage.findChild<QLineEdit*>()->setText(QStringLiteral("n a")); // anna and nobody else has both
        QTRY_COMPARE(total(UsageTable::Name), QStringLiteral("Total of 1 shown"));
        QCOMPARE(total(UsageTable::Requests), QStringLiteral("1 204"));
    }

    void aTotalThatTheRowsDoNotAddUpToIsSaid() {
        answerAll();
        json::object wrong = sample::usageReport("person", sample::usageOfPeople());
        wrong["total"].as_object()["costNanos"] = 1;
        answer(question(month(), "person"), wrong);
        MainWindow window(options());
        openUsage(window);
        QTRY_VERIFY2(page(window).shownSentence().contains(QStringLiteral("add up to $17.328236")), qPrintable(page(window).shownSentence()));
    }

    void everyStateSaysWhatItIs() {
        answerAll();
        m_server->hold(path(question(month(), "person")));
        MainWindow window(options());
        openUsage(window);
        FetchedView& view = page(window).view();
        QTRY_VERIFY2(view.shownSentence().contains(QStringLiteral("waiting for the answer, 1")), qPrintable(view.shownSentence()));
        keep(window, QStringLiteral("usage-loading"));
        refuse(question(month(), "person"), "503 Service Unavailable", "UNAVAILABLE", "The database does not answer. Try again in a few seconds.");
        m_server->letGo(path(question(month(), "person")));
        QTRY_VERIFY(view.shownSentence().startsWith(QStringLiteral("The database does not answer.")));
        keep(window, QStringLiteral("usage-failed"));
        answer(question(month(), "person"), sample::usageReport("person", {}));
        for (auto* button : view.findChildren<QPushButton*>())
            if (button->text() == QStringLiteral("Try again") && button->isVisible())
                button->click();
        QTRY_VERIFY(view.shownSentence().startsWith(QStringLiteral("No request of these days reached a model.")));
        keep(window, QStringLiteral("usage-empty"));
    }

    void aServerWithoutItIsSaidToBeWithoutIt() {
        notThere(question(month(), "person"));
        notThere(question(month(), "day"));
        notThere(QStringLiteral("/admin/budgets"));
        MainWindow window(options());
        openUsage(window);
        QTRY_VERIFY2(page(window).view().shownSentence().contains(QStringLiteral("this server does not offer it")), qPrintable(page(window).view().shownSentence()));
        QTRY_VERIFY(page(window).budgets().view().shownSentence().startsWith(QStringLiteral("Budgets: this server does not offer it")));
        keep(window, QStringLiteral("usage-not-offered"));
    }

    void oldFiguresStayUnderTheirTime() {
        answerAll();
        MainWindow window(options());
        openUsage(window);
        FetchedView& view = page(window).view();
        QTRY_VERIFY(view.showsContent());
        refuse(question(month(), "person"), "503 Service Unavailable", "UNAVAILABLE", "The database does not answer. Try again in a few seconds.");
        window.data().apply("usage", wire::toJson(sample::team().usage)); // something was used: asked again
        QTRY_VERIFY2(view.shownSentence().startsWith(QStringLiteral("These are of ")), qPrintable(view.shownSentence()));
        QVERIFY(view.showsContent());
        QCOMPARE(page(window).table().model()->rowCount(), 4);
        keep(window, QStringLiteral("usage-stale"));
    }

    void eachPeriodAsksForItsDays() {
        answerAll();
        MainWindow window(options());
        openUsage(window);
        UsagePage& usage = page(window);
        const QDate today = UsagePeriod::today();
        auto* periods = usage.findChild<QComboBox*>();
        const auto choose = [&](int row) {
            periods->setCurrentIndex(row);
            Q_EMIT periods->activated(row);
        };
        choose(1);
        QTRY_COMPARE(askedFor("GET /api/v1/admin/usage?" + UsagePeriod::lastMonth(today).query().toUtf8() + "&by=person"), 1);
        QCOMPARE(UsagePeriod::lastMonth(QDate(2026, 1, 15)).query(), QStringLiteral("from=2025-12-01&to=2025-12-31"));
        choose(2);
        QTRY_COMPARE(askedFor("GET /api/v1/admin/usage?from=" + today.addDays(-6).toString(Qt::ISODate).toUtf8() + "&to=" + today.toString(Qt::ISODate).toUtf8() + "&by=person"), 1);
        choose(3);
        auto* dialog = dialogOf<PeriodDialog>(window);
        QVERIFY(dialog);
        keep(*dialog, QStringLiteral("usage-days"));
        Q_EMIT dialog->chosen({QDate(2026, 2, 3), QDate(2026, 2, 4)});
        dialog->close();
        QTRY_COMPARE(askedFor("GET /api/v1/admin/usage?from=2026-02-03&to=2026-02-04&by=day"), 1);
        QCOMPARE(usage.chart().days().size(), std::size_t(2));
    }

    void theAnswerToAnEarlierQuestionIsNotShown() {
        answerAll();
        const UsagePeriod before = UsagePeriod::lastMonth(UsagePeriod::today());
        answer(question(before, "person"), sample::usageReport("person", {{"usr_ghost", "ghost", 1, 0, 1, 0, 1, 0}}));
        answer(question(before, "day"), sample::usageReport("day", {}));
        m_server->hold(path(question(before, "person")));
        MainWindow window(options());
        openUsage(window);
        UsagePage& usage = page(window);
        QTRY_VERIFY(usage.view().showsContent());
        usage.setPeriod(before);
        QTRY_COMPARE(askedFor("GET " + path(question(before, "person"))), 1);
        QVERIFY(!usage.view().showsContent()); // the month's rows are not shown as if they were the other month's
        usage.setPeriod(month());
        QTRY_VERIFY(usage.view().showsContent());
        m_server->letGo(path(question(before, "person")));
        QTest::qWait(300);
        QCOMPARE(usage.table().model()->rowCount(), 4);
    }

    void theExportIsWhatTheServerWrites() {
        answerAll();
        const QByteArray csv = "day,person,route,target,requests\n2026-11-02,anna,starter,starter,4\n2026-11-03,ben,starter,starter,1\n";
        m_server->answer(path(QStringLiteral("/admin/usage.csv?") + month().query()), "200 OK", csv, "text/csv");
        MainWindow window(options());
        openUsage(window);
        const QString file = m_home.filePath(QStringLiteral("usage.csv"));
        page(window).exportTo(file);
        QTRY_VERIFY2(page(window).shownSentence().startsWith(QStringLiteral("2 lines are in ")), qPrintable(page(window).shownSentence()));
        QFile written(file);
        QVERIFY(written.open(QFile::ReadOnly));
        QCOMPARE(written.readAll(), csv);
        page(window).exportTo(m_home.filePath(QStringLiteral("no such folder/usage.csv")));
        QTRY_VERIFY(page(window).shownSentence().contains(QStringLiteral("cannot be written")));
        refuse(QStringLiteral("/admin/usage.csv?") + month().query(), "503 Service Unavailable", "UNAVAILABLE", "The database does not answer.");
        const QString other = m_home.filePath(QStringLiteral("other.csv"));
        page(window).exportTo(other);
        QTRY_VERIFY(page(window).shownSentence().startsWith(QStringLiteral("Nothing was exported. The database does not answer.")));
        QVERIFY(!QFile::exists(other));
    }

    void aBudgetIsRaisedForToday() {
        answerAll();
        m_server->answer(path(QStringLiteral("/admin/budgets/bud_team/raise")), "200 OK", "{}");
        MainWindow window(options());
        openUsage(window);
        BudgetPanel& budgets = page(window).budgets();
        QTRY_COMPARE(budgets.table().model()->rowCount(), 4);
        budgets.table().selectKey(QStringLiteral("bud_each "));
        QVERIFY(page(window).inspected().facts.contains({QStringLiteral("For"), QStringLiteral("each person, most: anna")}));
        budgets.table().selectKey(QStringLiteral("bud_team "));
        QCOMPARE(page(window).inspected().title, QStringLiteral("Team"));
        QAction* raise = action(budgets.actions(), QString::fromUtf8("Raise for today…"));
        QVERIFY(raise && raise->isEnabled());
        raise->trigger();
        auto* dialog = dialogOf<RaiseDialog>(window);
        QVERIFY(dialog);
        auto* by = dialog->findChild<QLineEdit*>(QStringLiteral("by"));
        auto* verb = dialog->findChild<QPushButton*>(QStringLiteral("verb"));
        by->setText(QStringLiteral("5,50"));
        QVERIFY(!verb->isEnabled());
        QVERIFY(dialog->problem().contains(QStringLiteral("with a point")));
        keep(*dialog, QStringLiteral("usage-raise"));
        by->setText(QStringLiteral("5.50"));
        verb->click();
        verb->click(); // pressed in haste: asked once
        QTRY_COMPARE(askedFor("POST /api/v1/admin/budgets/bud_team/raise {\"by\":5500000000}"), 1);
        QTRY_VERIFY(page(window).shownSentence().startsWith(QStringLiteral("The budget Team is raised")));
        window.setContact(contact(Contact::Phase::Stale));
        QVERIFY(!raise->isEnabled());
    }

    void aRefusalSaysItsRuleItsNumbersAndHowToChangeIt() {
        answerAll();
        const json::object first{{"requestId", "req_abcdefghijklmnopqrst"}, {"at", sample::minutesAgo(3)}, {"user", "usr_anna"}, {"caller", "c0ffee000001"}, {"route", "claude"},
                                 {"rule", "budget"}, {"sentence", "The budget Big model ($5.00 a week) is used up; it starts anew on Monday."},
                                 {"numbers", json::object{{"limitNanos", 5'000'000'000}, {"spentNanos", 4'990'000'000}, {"neededNanos", 40'000'000}}},
                                 {"change", "Raise the budget Big model for today, or make it larger, on the Usage page."}};
        json::object second = first;
        second["requestId"] = "req_bbbbbbbbbbbbbbbbbbbb";
        second["user"] = "";
        second["rule"] = "wrong_key";
        second["sentence"] = "The key is not one of this appliance's.";
        second["numbers"] = json::object{};
        answer(QStringLiteral("/admin/refusals?limit=1000"), {{"items", json::array{first, second}}});
        answer(QStringLiteral("/admin/trace/req_abcdefghijklmnopqrst"),
               {{"requestId", "req_abcdefghijklmnopqrst"},
                {"hops", json::array{json::object{{"at", sample::minutesAgo(3)}, {"component", "gateway"}, {"message", "refused: budget"}, {"requestId", "req_abcdefghijklmnopqrst"},
                                                  {"joined", false}, {"line", "{\"rule\":\"budget\"}"}}}},
                {"note", nullptr}});
        MainWindow window(options());
        openUsage(window);
        RefusalsPanel& panel = page(window).refusals();
        page(window).sections().show(&panel);
        QTRY_COMPARE(panel.count(), 2);
        QAction* trace = action(panel.actions(), QString::fromUtf8("Show trace…"));
        QVERIFY(!trace->isEnabled());
        panel.table().selectKey(panel.table().model()->index(0, 0).data(KeyRole).toString());
        const InspectorContent seen = page(window).inspected();
        QCOMPARE(seen.title, QStringLiteral("budget"));
        QCOMPARE(seen.state.sentence, QStringLiteral("The budget Big model ($5.00 a week) is used up; it starts anew on Monday."));
        QVERIFY(seen.facts.contains({QStringLiteral("Person"), QStringLiteral("anna")}));
        QVERIFY(seen.facts.contains({QStringLiteral("Numbers"), QStringLiteral("limit $5.00, spent $4.99, needed $0.04")}));
        QVERIFY(seen.facts.contains({QStringLiteral("To change it"), QStringLiteral("Raise the budget Big model for today, or make it larger, on the Usage page.")}));
        QVERIFY(seen.facts.contains({QStringLiteral("Request"), QStringLiteral("req_abcdefghijklmnopqrst")}));
        keep(window, QStringLiteral("usage-refusals"));
        action(panel.actions(), QStringLiteral("Copy request id"))->trigger();
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("req_abcdefghijklmnopqrst"));
        trace->trigger();
        auto* dialog = dialogOf<TraceDialog>(window);
        QVERIFY(dialog);
        QTRY_COMPARE(dialog->table().model()->rowCount(), 1);
        dialog->table().selectRow(0);
        keep(*dialog, QStringLiteral("usage-trace"));
        dialog->close();
        window.setContact(contact(Contact::Phase::Refused)); // signed out: whom and what it was about goes too
        QCOMPARE(panel.count(), 0);
    }

    void nobodyRefusedIsSaid() {
        answerAll();
        answer(QStringLiteral("/admin/refusals?limit=1000"), {{"items", json::array{}}});
        MainWindow window(options());
        openUsage(window);
        page(window).sections().show(&page(window).refusals());
        QTRY_VERIFY(page(window).refusals().view().shownSentence().startsWith(QStringLiteral("Every request was let in")));
    }

    void nothingOfThePersonBeforeStays() {
        answerAll();
        MainWindow window(options());
        openUsage(window);
        QTRY_VERIFY(page(window).view().showsContent());
        QTRY_COMPARE(page(window).budgets().table().model()->rowCount(), 4);
        page(window).table().selectKey(QStringLiteral("usr_anna"));
        window.setContact(contact(Contact::Phase::Refused));
        QCOMPARE(page(window).table().model()->rowCount(), 0);
        QCOMPARE(page(window).budgets().table().model()->rowCount(), 0);
        QCOMPARE(plain(page(window).totals().texts().value(UsageTable::Requests)), QStringLiteral("0"));
        for (const DayChart::Day& day : page(window).chart().days())
            QCOMPARE(day.value, qint64(0));
    }

    void theChartIsReadByKeyboard() {
        answerAll();
        MainWindow window(options());
        openUsage(window);
        DayChart& chart = page(window).chart();
        QTRY_VERIFY(page(window).view().showsContent());
        const QDate today = UsagePeriod::today();
        QCOMPARE(chart.days().size(), std::size_t(today.day()));
        QCOMPARE(chart.days().front().value, qint64(0)); // the server has no line for it
        QTest::keyClick(&chart, Qt::Key_Home);
        QCOMPARE(chart.reading(), QLocale::c().toString(QDate(today.year(), today.month(), 1), QStringLiteral("d MMMM yyyy")) + QStringLiteral(": 0 tokens"));
        QCOMPARE(chart.accessibleDescription(), chart.reading());
        QTest::keyClick(&chart, Qt::Key_Escape);
        QVERIFY(chart.reading().startsWith(QStringLiteral("Tokens a day")));
        QCOMPARE(DayChart::roundScale(0), qint64(1));
        QCOMPARE(DayChart::roundScale(201), qint64(500));
        QCOMPARE(DayChart::roundScale(500), qint64(500));
        QCOMPARE(DayChart::roundScale(501), qint64(1000));
        QVERIFY(DayChart::roundScale(std::numeric_limits<qint64>::max()) > 0);
    }

    void aLotOfPeopleStayQuick() {
        answerAll();
        std::vector<sample::Used> many;
        for (int i = 0; i < 10'000; ++i)
            many.push_back({"usr_" + std::to_string(i), "person" + std::to_string(i), i, 0, 100 * i, 0, 10 * i, 1'000'000 * i});
        answer(question(month(), "person"), sample::usageReport("person", many));
        MainWindow window(options());
        openUsage(window);
        QTRY_COMPARE(page(window).table().model()->rowCount(), 10'000);
        QCOMPARE(plain(page(window).totals().texts().value(UsageTable::Requests)), QStringLiteral("49 995 000"));
        QElapsedTimer clock;
        clock.start();
        page(window).findChild<QLineEdit*>()->setText(QStringLiteral("99"));
        qInfo("10,000 rows filtered and added up in %lld ms", clock.elapsed());
        QCOMPARE(plain(page(window).totals().texts().value(UsageTable::Name)), QStringLiteral("Total of 280 shown"));
        keep(window, QStringLiteral("usage-many"));
    }

    void itLooksWellInBothAppearancesAndSizes() {
        answerAll();
        for (const Appearance appearance : {Appearance::Light, Appearance::Dark}) {
            applyAppearance(*qApp, appearance);
            MainWindow window(options());
            openUsage(window);
            QTRY_VERIFY(page(window).view().showsContent());
            QTRY_COMPARE(page(window).budgets().table().model()->rowCount(), 4);
            page(window).budgets().table().selectKey(QStringLiteral("bud_anna usr_anna"));
            keep(window, appearance == Appearance::Dark ? QStringLiteral("usage-dark") : QStringLiteral("usage-light"));
        }
        for (const double scale : {1.0, 1.25}) {
            Theme::setTextScale(scale);
            applyAppearance(*qApp, Appearance::Light);
            MainWindow window(options());
            window.resize(1280, 800);
            openUsage(window);
            QTRY_VERIFY(page(window).view().showsContent());
            keep(window, QStringLiteral("usage-small-%1").arg(scale));
            for (const auto* table : page(window).findChildren<LiveTable*>())
                QCOMPARE(table->isVisible() ? table->horizontalScrollBar()->maximum() : 0, 0);
            QCOMPARE(window.width(), 1280);
        }
    }
};

QTEST_MAIN(UsagePageTest)
#include "tst_usage_page.moc"
