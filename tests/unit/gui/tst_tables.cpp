// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/filter_model.h"
#include "models/health_board.h"
#include "models/live_data.h"

#include <QAbstractItemModelTester>
#include <QPersistentModelIndex>
#include <QtTest>

using namespace clawloops;
using namespace clawloops::gui;

class Tables : public QObject {
    Q_OBJECT

    static wire::AdminRuntime runtime(const std::string& name, const std::string& desired, const std::string& observed, bool ready = false) {
        wire::AdminRuntime made;
        made.username = name;
        made.userId = "usr_" + name;
        made.status.binding.runtimeId = "run_" + name;
        made.status.binding.desiredState = desired;
        made.status.binding.observedState = observed;
        made.status.ready = ready;
        return made;
    }
    static QStringList names(const QAbstractItemModel& model) {
        QStringList out;
        for (int i = 0; i < model.rowCount(); ++i)
            out += model.index(i, 0).data().toString();
        return out;
    }
    static wire::Component component(const std::string& name, const std::string& state) {
        wire::Component made;
        made.name = made.title = name;
        made.state = state;
        return made;
    }

private Q_SLOTS:
    void theTableOfRuntimeStates_data() {
        QTest::addColumn<QString>("desired");
        QTest::addColumn<QString>("observed");
        QTest::addColumn<bool>("ready");
        QTest::addColumn<QString>("word");
        QTest::newRow("creating") << "running" << "creating" << false << "starting";
        QTest::newRow("ready") << "running" << "running" << true << "running";
        QTest::newRow("not ready") << "running" << "running" << false << "starting";
        QTest::newRow("to be stopped") << "stopped" << "running" << true << "stopping";
        QTest::newRow("paused") << "running" << "paused" << false << "paused";
        QTest::newRow("to be started") << "running" << "stopped" << false << "waiting";
        QTest::newRow("stopped") << "stopped" << "stopped" << false << "stopped";
        QTest::newRow("error") << "running" << "error" << false << "error";
        QTest::newRow("new word") << "running" << "dreaming" << false << "unknown";
    }
    void theTableOfRuntimeStates() {
        QFETCH(QString, desired);
        QFETCH(QString, observed);
        QFETCH(bool, ready);
        QTEST(describe(runtime("a", desired.toStdString(), observed.toStdString(), ready)).word, "word");
    }

    void aChangeTouchesItsRowAlone() {
        LiveData data;
        QAbstractItemModelTester tester(&data.runtimes);
        data.runtimes.merge({runtime("anna", "running", "running", true), runtime("ben", "running", "running", true)});
        QSignalSpy changed(&data.runtimes, &QAbstractItemModel::dataChanged);
        QSignalSpy reset(&data.runtimes, &QAbstractItemModel::modelReset);
        data.apply("runtime", wire::toJson(runtime("ben", "stopped", "stopped")));
        QCOMPARE(changed.count(), 1);
        QCOMPARE(changed.first()[0].toModelIndex().row(), 1);
        QCOMPARE(changed.first()[1].toModelIndex().row(), 1);
        QCOMPARE(reset.count(), 0);
        data.apply("runtime", {{"deleted", "run_anna"}});
        QCOMPARE(names(data.runtimes), QStringList{QStringLiteral("ben")});
    }

    void aSnapshotIsMergedNotReset() {
        LiveData data;
        QAbstractItemModelTester tester(&data.runtimes);
        data.runtimes.merge({runtime("a", "running", "running"), runtime("b", "running", "running"), runtime("c", "running", "running"),
                             runtime("d", "running", "running")});
        const QPersistentModelIndex kept(data.runtimes.index(2, 0));
        data.runtimes.merge({runtime("e", "running", "running"), runtime("c", "stopped", "stopped"), runtime("a", "running", "running")});
        QCOMPARE(names(data.runtimes), (QStringList{QStringLiteral("a"), QStringLiteral("c"), QStringLiteral("e")}));
        QVERIFY(kept.isValid());
        QCOMPARE(kept.data().toString(), QStringLiteral("c"));
    }

    void rowsMoveOnCommandOnly() {
        LiveData data;
        FilterModel filter;
        filter.setSourceModel(&data.runtimes);
        QAbstractItemModelTester tester(&filter);
        data.runtimes.merge({runtime("c", "running", "running", true), runtime("a", "running", "error"), runtime("b", "running", "running", true)});
        filter.sort(RuntimesModel::State);
        const QStringList order = names(filter);
        QCOMPARE(order.first(), QStringLiteral("a"));
        data.apply("runtime", wire::toJson(runtime("a", "running", "running", true)));
        data.apply("runtime", wire::toJson(runtime("b", "running", "error")));
        QCOMPARE(names(filter), order);
        filter.sort(RuntimesModel::State);
        QCOMPARE(names(filter).first(), QStringLiteral("b"));
    }

    void theFilterTakesEveryWordAndTheState() {
        LiveData data;
        FilterModel filter;
        filter.setSourceModel(&data.runtimes);
        data.runtimes.merge({runtime("anna", "running", "running", true), runtime("annabel", "running", "error"), runtime("ben", "running", "error")});
        filter.setWords(QStringLiteral("ANN  error"));
        QCOMPARE(names(filter), QStringList{QStringLiteral("annabel")});
        filter.setWords({});
        filter.setState(StateKind::Error);
        QCOMPARE(filter.rowCount(), 2);
        QVERIFY(filter.isFiltering());
    }

    void peopleShowTheStateOfTheirWorkspace() {
        LiveData data;
        wire::Snapshot snapshot;
        wire::User user;
        user.userId = "usr_anna";
        user.username = "anna";
        snapshot.users = {user};
        snapshot.runtimes = {runtime("anna", "running", "running", true)};
        snapshot.invitations = {{"inv_1", "hugo", "user", "pending", "", ""}, {"inv_2", "gone", "user", "revoked", "", ""}};
        data.applySnapshot(snapshot);
        QCOMPARE(names(data.people), (QStringList{QStringLiteral("anna"), QStringLiteral("hugo")}));
        const auto workspace = [&] { return data.people.index(0, PeopleModel::Workspace).data().toString(); };
        QCOMPARE(workspace(), QStringLiteral("running"));
        QSignalSpy changed(&data.people, &QAbstractItemModel::dataChanged);
        data.apply("runtime", wire::toJson(runtime("anna", "running", "paused")));
        QCOMPARE(workspace(), QStringLiteral("paused"));
        QVERIFY(changed.count() >= 1);
        snapshot.invitations[0].status = "consumed";
        data.apply("invitation", wire::toJson(snapshot.invitations[0]));
        QCOMPARE(data.people.rowCount(), 1);
    }

    void anUnreadableEventIsLeftOut() {
        LiveData data;
        data.runtimes.merge({runtime("anna", "running", "running", true)});
        data.apply("runtime", {{"runtimeId", "run_anna"}});
        data.apply("runtime", {{"runtimeId", 7}});
        data.apply("something new", {{"x", 1}});
        QCOMPARE(data.runtimes.rowCount(), 1);
        QCOMPARE(describe(data.runtimes.row(0)).word, QStringLiteral("running"));
    }

    void theTableOfHealth() {
        LiveData data;
        HealthBoard health(data);
        data.components.merge({component("traefik", "running"), component("clawloopsd", "running"), component("postgres", "backoff")});
        const auto kind = [&](const char* name) { return health.of(QString::fromLatin1(name)).kind; };
        Contact contact;
        contact.phase = Contact::Phase::Live;
        health.setContact(contact);
        QCOMPARE(kind("traefik"), StateKind::Running);
        QCOMPARE(kind("postgres"), StateKind::Error);
        QCOMPARE(kind("relay"), StateKind::Unknown);
        contact.phase = Contact::Phase::Stale;
        contact.silent = Contact::Silent::Entry;
        health.setContact(contact);
        QCOMPARE(kind("traefik"), StateKind::Error);
        QCOMPARE(kind("clawloopsd"), StateKind::Unknown);
        QCOMPARE(kind("postgres"), StateKind::Unknown);
        contact.silent = Contact::Silent::ControlPlane;
        health.setContact(contact);
        QCOMPARE(kind("traefik"), StateKind::Unknown);
        QCOMPARE(kind("clawloopsd"), StateKind::Error);
        health.setLocal(true);
        QCOMPARE(kind("clawloopsd"), StateKind::Running);
        QCOMPARE(kind("postgres"), StateKind::Error);
    }

    void figuresAreShortAndHaveUnits() {
        QCOMPARE(spanText(6), QStringLiteral("6 s"));
        QCOMPARE(spanText(1200), QStringLiteral("20 min"));
        QCOMPARE(spanText(7200), QStringLiteral("2 h"));
        QCOMPARE(spanText(3 * 86400), QStringLiteral("3 d"));
        QCOMPARE(spanText(-5), QStringLiteral("0 s"));
        QCOMPARE(bytesText(1288490189), QStringLiteral("1.2 GiB"));
        QCOMPARE(bytesText(48 * 1024 * 1024), QStringLiteral("48 MiB"));
        QCOMPARE(bytesText(0), QStringLiteral("0 B"));
        QCOMPARE(countText(812), QStringLiteral("812"));
        QCOMPARE(countText(41200), QStringLiteral("41 k"));
        QCOMPARE(countText(3'100'000), QStringLiteral("3.1 M"));
        QVERIFY(!timeFromWire("").isValid());
        QCOMPARE(timeFromWire("2026-11-22T17:20:12.345Z").toUTC().time(), QTime(17, 20, 12, 345));
    }
};

QTEST_GUILESS_MAIN(Tables)
#include "tst_tables.moc"
