// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the People page does with the model layer, against a scripted server: freezing and releasing, holds of the brake with
// their numbers, groups, keys, limits.
#include "page_fixture.h"
#include "pages/people/freeze_dialog.h"
#include "pages/people/group_dialog.h"
#include "pages/people/groups_panel.h"
#include "pages/people/holds_panel.h"
#include "pages/people/keys_panel.h"
#include "pages/people/limit_dialog.h"
#include "pages/people/limits_panel.h"
#include "pages/people/people_page.h"
#include "widgets/confirm_dialog.h"
#include "widgets/fetched_view.h"
#include "widgets/live_table.h"
#include "widgets/sections.h"

#include <QComboBox>
#include <QLineEdit>
#include <QListWidget>
#include <QPointer>
#include <QPushButton>
#include <QScrollBar>
#include <QSpinBox>

using namespace clawloops;
using namespace clawloops::gui;

class PeoplePageTest : public PageFixture {
    Q_OBJECT

    static PeoplePage& page(MainWindow& window) { return *static_cast<PeoplePage*>(window.page(MainWindow::PeopleRow)); }
    static json::object hold(const char* name, const char* state, const char* rule, const char* sentence, json::object numbers = {}) {
        return {{"userId", std::string("usr_") + name}, {"username", name}, {"state", state}, {"rule", rule}, {"sentence", sentence},
                {"numbers", std::move(numbers)}, {"since", sample::minutesAgo(4)}};
    }
    static json::object holds(json::array items, const char* all = "") { return {{"items", std::move(items)}, {"all", all}}; }
    static json::array someHolds() {
        return {hold("ben", "frozen", "frozen", "An admin has frozen your use of models."),
                hold("elif", "held", "identical_requests", "The same request came 20 times within 5 min; it is held until an admin releases it.",
                     {{"identicalRequests", 20}, {"identicalWithinSeconds", 300}}),
                hold("cleo", "slowed", "spend_rate", "Spending is far over the usual.", {{"spentNanos", 4'200'000'000}, {"usualNanosPerHour", 120'000'000}})};
    }
    void answerAll() {
        answer(QStringLiteral("/admin/holds"), holds(someHolds()));
        answer(QStringLiteral("/admin/groups"), {{"items", json::array{json::object{{"groupId", "grp_design"}, {"name", "Design"}, {"members", json::array{"usr_anna", "usr_elif"}}},
                                                                       json::object{{"groupId", "grp_ops"}, {"name", "Operations"}, {"members", json::array{"usr_marta"}}}}}});
        const json::object key{{"keyId", "key_1"}, {"name", "laptop"}, {"prefix", "clk_Zk3a"}, {"userId", "usr_anna"}, {"username", "anna"}, {"createdAt", sample::minutesAgo(9000)},
                               {"expiresAt", sample::minutesAgo(-60 * 24 * 30)}, {"lastUsedAt", sample::minutesAgo(12)}, {"routes", json::array{}}, {"batch", false}};
        json::object other = key;
        other["keyId"] = "key_2";
        other["name"] = "nightly";
        other["username"] = "ben";
        other["userId"] = "usr_ben";
        other["expiresAt"] = sample::minutesAgo(5);
        other["lastUsedAt"] = nullptr;
        other["routes"] = json::array{"starter"};
        other["batch"] = true;
        answer(QStringLiteral("/admin/keys"), {{"items", json::array{key, other}}});
        answer(QStringLiteral("/admin/limits"),
               {{"items", json::array{json::object{{"scope", "person"}, {"subject", ""}, {"requestsPerMinute", 60}, {"tokensPerMinute", 200'000}, {"streams", 4}},
                                      json::object{{"scope", "route"}, {"subject", "starter"}, {"requestsPerMinute", 0}, {"tokensPerMinute", 0}, {"streams", 8}}}}});
    }
    void openPeople(MainWindow& window, const QString& key = {}) {
        connectTo(window);
        window.openPage(MainWindow::PeopleRow, key);
    }
    static QString state(PeoplePage& people, const char* id) {
        auto* filter = static_cast<FilterModel*>(people.table().model());
        return filter->indexOfKey(QString::fromLatin1(id)).siblingAtColumn(PeopleModel::State).data().toString();
    }
    static QPushButton* verb(QDialog* dialog) { return dialog->findChild<QPushButton*>(QStringLiteral("verb")); }

private Q_SLOTS:
    void everybodysStateSaysWhetherModelsAnswer() {
        answerAll();
        MainWindow window(options());
        openPeople(window, QStringLiteral("usr_elif"));
        PeoplePage& people = page(window);
        QTRY_COMPARE(state(people, "usr_elif"), QStringLiteral("held"));
        QCOMPARE(state(people, "usr_ben"), QStringLiteral("frozen"));
        QCOMPARE(state(people, "usr_cleo"), QStringLiteral("slowed"));
        QCOMPARE(state(people, "usr_anna"), QStringLiteral("active"));
        QCOMPARE(state(people, "usr_farid"), QStringLiteral("disabled"));
        const InspectorContent seen = people.inspected();
        QVERIFY(seen.state.sentence.startsWith(QStringLiteral("The same request came 20 times")));
        QVERIFY(seen.facts.contains({QStringLiteral("Rule"), QStringLiteral("identical requests")}));
        QVERIFY(seen.facts.contains({QStringLiteral("Numbers"), QStringLiteral("identical requests 20, identical within seconds 300")}));
        keep(window, QStringLiteral("people-holds-light"));
        window.data().apply("hold", holds({})); // released elsewhere
        QCOMPARE(state(people, "usr_elif"), QStringLiteral("active"));
        window.data().apply("hold", holds(someHolds(), "Backups run until noon."));
        QCOMPARE(state(people, "usr_anna"), QStringLiteral("frozen"));
        QCOMPARE(people.frozenSentence(), QStringLiteral("Everybody is frozen, no model answers: Backups run until noon."));
        keep(window, QStringLiteral("people-all-frozen"));
    }

    void freezingAsksForTheSentenceThatTheyRead() {
        answerAll();
        answer(QStringLiteral("/admin/users/usr_anna/freeze"), holds({hold("anna", "frozen", "frozen", "Look at your loop first.")}));
        answer(QStringLiteral("/admin/users/usr_anna/release"), holds({}));
        MainWindow window(options());
        openPeople(window, QStringLiteral("usr_anna"));
        PeoplePage& people = page(window);
        QTRY_COMPARE(window.data().holds.rowCount(), 3);
        action(people.pageActions(), QString::fromUtf8("Freeze…"))->trigger();
        auto* dialog = dialogOf<FreezeDialog>(window);
        QVERIFY(dialog);
        QCOMPARE(askedFor("POST"), 0);
        keep(*dialog, QStringLiteral("people-freeze"));
        auto* sentence = dialog->findChild<QLineEdit*>(QStringLiteral("sentence"));
        sentence->setText(QStringLiteral("  "));
        QVERIFY(!verb(dialog)->isEnabled()); // nobody is frozen without a reason
        sentence->setText(QStringLiteral("Look at your loop first."));
        verb(dialog)->click();
        QTRY_COMPARE(askedFor("POST /api/v1/admin/users/usr_anna/freeze {\"sentence\":\"Look at your loop first.\"}"), 1);
        QTRY_COMPARE(state(people, "usr_anna"), QStringLiteral("frozen"));
        QCOMPARE(people.shownSentence(), QStringLiteral("anna is frozen: no model answers them."));
        action(people.pageActions(), QStringLiteral("Release"))->trigger();
        QTRY_COMPARE(state(people, "usr_anna"), QStringLiteral("active"));
    }

    void aFreezeThatIsRefusedIsNotShownAsDone() {
        answerAll();
        refuse(QStringLiteral("/admin/freeze"), "503 Service Unavailable", "UNAVAILABLE", "The gateway does not answer, so nobody is frozen yet.");
        MainWindow window(options());
        openPeople(window);
        QTRY_COMPARE(window.data().holds.rowCount(), 3);
        action(page(window).pageActions(), QString::fromUtf8("Freeze everybody…"))->trigger();
        const QPointer<FreezeDialog> dialog = dialogOf<FreezeDialog>(window);
        verb(dialog)->click();
        QTRY_VERIFY(!dialog || !dialog->problem().isEmpty());
        QVERIFY2(dialog, "it closed as if it were done");
        QVERIFY2(dialog->problem().startsWith(QStringLiteral("The gateway does not answer, so nobody is frozen yet.")), qPrintable(dialog->problem()));
        keep(*dialog, QStringLiteral("people-freeze-refused"));
        QCOMPARE(page(window).frozenSentence(), QString());
        answer(QStringLiteral("/admin/freeze"), holds({}, "An admin has frozen all models."));
        answer(QStringLiteral("/admin/release"), holds({}));
        verb(dialog)->click();
        QTRY_VERIFY(!page(window).frozenSentence().isEmpty());
        action(page(window).pageActions(), QStringLiteral("Release everybody"))->trigger();
        QTRY_COMPARE(page(window).frozenSentence(), QString());
    }

    void aHoldOfTheBrakeIsReleasedFromItsList() {
        answerAll();
        answer(QStringLiteral("/admin/users/usr_elif/release"), holds({}));
        MainWindow window(options());
        openPeople(window);
        HoldsPanel& panel = page(window).holds();
        page(window).sections().show(&panel);
        QTRY_COMPARE(panel.count(), 3);
        panel.table().selectKey(QStringLiteral("usr_elif"));
        keep(window, QStringLiteral("people-holds-list"));
        QAction* release = action(panel.actions(), QStringLiteral("Release"));
        QVERIFY(release->isEnabled());
        release->trigger();
        QTRY_COMPARE(askedFor("POST /api/v1/admin/users/usr_elif/release"), 1);
        window.setContact(contact(Contact::Phase::Stale));
        QVERIFY(!release->isEnabled());
    }

    void groupsAreMadeAndEdited() {
        answerAll();
        m_server->answer(path(QStringLiteral("/admin/groups/grp_design")), "200 OK", "{}");
        MainWindow window(options());
        openPeople(window);
        GroupsPanel& groups = page(window).groups();
        page(window).sections().show(&groups);
        QTRY_COMPARE(groups.count(), 2);
        groups.table().selectKey(QStringLiteral("grp_design"));
        keep(window, QStringLiteral("people-groups"));
        action(groups.actions(), QString::fromUtf8("Edit…"))->trigger();
        auto* dialog = dialogOf<GroupDialog>(window);
        auto* members = dialog->findChild<QListWidget*>(QStringLiteral("members"));
        QCOMPARE(members->count(), 8);
        for (int i = 0; i < members->count(); ++i)
            if (members->item(i)->text() == QStringLiteral("ben"))
                members->item(i)->setCheckState(Qt::Checked);
        keep(*dialog, QStringLiteral("people-group-dialog"));
        verb(dialog)->click();
        QTRY_COMPARE(askedFor(R"(PUT /api/v1/admin/groups/grp_design {"name":"Design","members":["usr_anna","usr_ben","usr_elif"]})"), 1);
        action(groups.actions(), QStringLiteral("Remove"))->trigger();
        QCOMPARE(askedFor("DELETE"), 0);
        dialogOf<ConfirmDialog>(window)->findChild<QPushButton*>(QStringLiteral("confirm"))->click();
        QTRY_COMPARE(askedFor("DELETE /api/v1/admin/groups/grp_design"), 1);
    }

    void aKeyIsRevokedAfterAQuestion() {
        answerAll();
        m_server->answer("DELETE " + path(QStringLiteral("/admin/keys/key_1")), "204 No Content", "");
        MainWindow window(options());
        openPeople(window);
        KeysPanel& keys = page(window).keys();
        page(window).sections().show(&keys);
        QTRY_COMPARE(keys.count(), 2);
        keys.table().selectKey(QStringLiteral("key_2"));
        QCOMPARE(page(window).inspected().state.word, QStringLiteral("has run out"));
        keys.table().selectKey(QStringLiteral("key_1"));
        QCOMPARE(page(window).inspected().state.word, QStringLiteral("works"));
        keep(window, QStringLiteral("people-keys"));
        action(keys.actions(), QStringLiteral("Revoke"))->trigger();
        QCOMPARE(askedFor("DELETE"), 0);
        dialogOf<ConfirmDialog>(window)->findChild<QPushButton*>(QStringLiteral("confirm"))->click();
        QTRY_COMPARE(askedFor("DELETE /api/v1/admin/keys/key_1"), 1);
        QTRY_COMPARE(page(window).shownSentence(), QStringLiteral("The key laptop is revoked."));
    }

    void oneLimitIsChangedAndTheOthersStay() {
        answerAll();
        m_server->answer("PUT " + path(QStringLiteral("/admin/limits")), "200 OK", "{}");
        MainWindow window(options());
        openPeople(window);
        LimitsPanel& limits = page(window).limits();
        page(window).sections().show(&limits);
        QTRY_COMPARE(limits.count(), 2);
        limits.table().selectKey(QStringLiteral("person "));
        keep(window, QStringLiteral("people-limits"));
        action(limits.actions(), QString::fromUtf8("Edit…"))->trigger();
        auto* dialog = dialogOf<LimitDialog>(window);
        dialog->findChild<QSpinBox*>(QStringLiteral("requests"))->setValue(90);
        keep(*dialog, QStringLiteral("people-limit-dialog"));
        verb(dialog)->click();
        QTRY_COMPARE(askedFor(R"(PUT /api/v1/admin/limits {"items":[{"scope":"route","subject":"starter","requestsPerMinute":0,"tokensPerMinute":0,"streams":8},)"
                              R"({"scope":"person","subject":"","requestsPerMinute":90,"tokensPerMinute":200000,"streams":4}]})"),
                     1);
    }

    void withoutTheListNoLimitCanBeSaved() {
        answerAll();
        refuse(QStringLiteral("/admin/limits"), "503 Service Unavailable", "UNAVAILABLE", "The database does not answer.");
        MainWindow window(options());
        openPeople(window);
        LimitsPanel& limits = page(window).limits();
        page(window).sections().show(&limits);
        QTRY_VERIFY(limits.view().shownSentence().startsWith(QStringLiteral("The database does not answer.")));
        QVERIFY(!action(limits.actions(), QString::fromUtf8("New limit…"))->isEnabled()); // saving would drop the others
    }

    void anOlderServerIsSaidToBeOne() {
        for (const char* one : {"/admin/holds", "/admin/groups", "/admin/keys", "/admin/limits"})
            notThere(QString::fromLatin1(one));
        MainWindow window(options());
        openPeople(window);
        for (ListPanel* panel : {static_cast<ListPanel*>(&page(window).holds()), static_cast<ListPanel*>(&page(window).groups()),
                                 static_cast<ListPanel*>(&page(window).keys()), static_cast<ListPanel*>(&page(window).limits())}) {
            page(window).sections().show(panel);
            QTRY_VERIFY2(panel->view().shownSentence().contains(QStringLiteral("this server does not offer it")), qPrintable(panel->view().shownSentence()));
        }
        QCOMPARE(state(page(window), "usr_anna"), QStringLiteral("active"));
    }

    void itLooksWellInTheDarkAndOnASmallScreen() {
        answerAll();
        applyAppearance(*qApp, Appearance::Dark);
        {
            MainWindow window(options());
            openPeople(window, QStringLiteral("usr_elif"));
            QTRY_COMPARE(state(page(window), "usr_elif"), QStringLiteral("held"));
            keep(window, QStringLiteral("people-holds-dark"));
        }
        for (const double scale : {1.0, 1.25}) {
            Theme::setTextScale(scale);
            applyAppearance(*qApp, Appearance::Light);
            MainWindow window(options());
            window.resize(1280, 800);
            openPeople(window, QStringLiteral("usr_anna"));
            keep(window, QStringLiteral("people-small-%1").arg(scale));
            QCOMPARE(window.width(), 1280);
            for (ListPanel* panel : {static_cast<ListPanel*>(&page(window).holds()), static_cast<ListPanel*>(&page(window).groups()),
                                     static_cast<ListPanel*>(&page(window).keys()), static_cast<ListPanel*>(&page(window).limits())}) {
                page(window).sections().show(panel);
                QTRY_VERIFY(panel->view().showsContent());
                QTest::qWait(20);
                QCOMPARE(panel->table().horizontalScrollBar()->maximum(), 0);
            }
        }
    }
};

QTEST_MAIN(PeoplePageTest)
#include "tst_people_page.moc"
