// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "identity_fixture.h"

#include <QSignalSpy>
#include <QTest>

using namespace clawloops;
using namespace clawloops::identity;
using Verdict = SessionIndex::Verdict;

namespace {
constexpr int patience = 60'000;
}

class TestSessionIndex : public QObject {
    Q_OBJECT

    test::ThrowawayPostgres m_postgres;
    std::unique_ptr<test::IdentityFixture> m_on;

private Q_SLOTS:
    void init() {
        QVERIFY2(m_postgres.ok(), qPrintable(m_postgres.problem()));
        m_on = std::make_unique<test::IdentityFixture>(m_postgres);
        QVERIFY(m_on->loaded);
        QTRY_VERIFY_WITH_TIMEOUT(m_on->sessions.isOpen(), patience);
    }
    void cleanup() { m_on.reset(); }

    void anIdleSessionEndsAndUseKeepsItAlive() {
        auto member = m_on->member("bob");
        for (int i = 0; i < 5; ++i) {
            m_on->clock.advance(std::chrono::hours(11));
            QCOMPARE(m_on->verdict(member->workspace, SessionKind::Workspace), Verdict::Live);
        }
        m_on->clock.advance(std::chrono::hours(11));
        QCOMPARE(m_on->verdict(member->portal), Verdict::Live); // the workspace's use counted for both
        m_on->clock.advance(std::chrono::hours(12));
        QCOMPARE(m_on->verdict(member->portal), Verdict::Unknown);
    }

    void noUseKeepsASessionBeyondItsAbsoluteLimit() {
        auto member = m_on->member("bob");
        for (int i = 0; i < 15; ++i) {
            m_on->clock.advance(std::chrono::hours(11));
            QCOMPARE(m_on->verdict(member->portal), Verdict::Live);
        }
        m_on->clock.advance(std::chrono::hours(4));
        QCOMPARE(m_on->verdict(member->portal), Verdict::Unknown);
    }

    void whatOthersChangeInTheDatabaseIsSeen() {
        auto member = m_on->member("bob");
        QSignalSpy ended(&m_on->sessions, &SessionIndex::sessionsEnded);
        m_postgres.sql(QStringLiteral("DELETE FROM sessions WHERE kind = 'workspace' AND user_id = '%1'").arg(QString::fromStdString(member->user.id)));
        QTRY_COMPARE_WITH_TIMEOUT(m_on->verdict(member->workspace, SessionKind::Workspace), Verdict::Unknown, patience);
        QCOMPARE(ended.count(), 1);
        m_postgres.sql(QStringLiteral("UPDATE users SET status = 'disabled' WHERE username = 'bob'"));
        QTRY_COMPARE_WITH_TIMEOUT(ended.count(), 2, patience);
        QVERIFY(m_on->sessions.find(member->portal, SessionKind::Portal).user.isDisabled());
    }

    void aSignInThatWasOvertakenBringsNobodyBack() {
        auto member = m_on->member("bob");
        User disabled = member->user;
        disabled.status = UserStatus::Disabled;
        m_on->sessions.put(disabled);
        m_on->sessions.putSignedIn(member->user); // committed before, delivered after
        QVERIFY(m_on->sessions.user(member->user.id)->isDisabled());
        // The database, which knows nothing of it, has the last word, without a notification.
        QTRY_VERIFY_WITH_TIMEOUT(!m_on->sessions.user(member->user.id)->isDisabled(), patience);
    }

    void aPathBelongsToItsOwnerAndItsCellIsLearnt() {
        auto member = m_on->member("bob");
        auto owner = m_on->sessions.owner("bob");
        QVERIFY(owner && owner->userId == member->user.id && owner->cellId.empty());
        QVERIFY(!m_on->sessions.owner("eve"));
        QVERIFY(!m_on->sessions.owner("bob/../eve"));
        m_postgres.sql(QStringLiteral("INSERT INTO runtimes (id, user_id, cell_id, volume_id, slot, desired, observed)"
                                      " VALUES ('run_1', '%1', 'c0123456789ab', 'vol_1', 0, 'stopped', 'stopped')")
                           .arg(QString::fromStdString(member->user.id)));
        QTRY_COMPARE_WITH_TIMEOUT(m_on->sessions.owner("bob")->cellId, std::string("c0123456789ab"), patience);
    }

    void withoutNotificationsItAnswersForThirtySecondsAndThenFailsClosed() {
        auto member = m_on->member("bob");
        const std::string hash = m_on->sessions.find(member->portal, SessionKind::Portal).session.hash;
        QSignalSpy lost(&m_on->listener, &store::Listener::lost);
        QSignalSpy closed(&m_on->sessions, &SessionIndex::closed);
        m_postgres.kill();
        QTRY_COMPARE_WITH_TIMEOUT(lost.count(), 1, patience);
        QCOMPARE(m_on->verdict(member->portal), Verdict::Live);
        m_on->clock.advance(std::chrono::seconds(29));
        QCOMPARE(m_on->verdict(member->portal), Verdict::Live);
        m_on->clock.advance(std::chrono::seconds(2));
        QCOMPARE(m_on->verdict(member->portal), Verdict::Closed);
        QCOMPARE(m_on->sessions.liveness(hash), Verdict::Closed);
        QVERIFY(!m_on->sessions.owner("bob"));
        QTRY_COMPARE_WITH_TIMEOUT(closed.count(), 1, patience);
        QVERIFY(m_postgres.start());
        QTRY_COMPARE_WITH_TIMEOUT(m_on->verdict(member->portal), Verdict::Live, patience);
    }

    void whatChangedWhileItWasAwayIsSeenAfterwards() {
        auto member = m_on->member("bob");
        auto other = m_on->member("eve");
        QSignalSpy lost(&m_on->listener, &store::Listener::lost);
        QSignalSpy ended(&m_on->sessions, &SessionIndex::sessionsEnded);
        // Only the notifying connection is lost, and the row goes without a notification.
        m_postgres.sql(QStringLiteral("ALTER TABLE sessions DISABLE TRIGGER sessions_notify"));
        m_postgres.sql(QStringLiteral("DELETE FROM sessions WHERE user_id = '%1'").arg(QString::fromStdString(member->user.id)));
        m_postgres.sql(QStringLiteral("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'clawloopsd-listen'"));
        QTRY_COMPARE_WITH_TIMEOUT(lost.count(), 1, patience);
        QTRY_COMPARE_WITH_TIMEOUT(m_on->verdict(member->portal), Verdict::Unknown, patience);
        QCOMPARE(m_on->verdict(other->portal), Verdict::Live);
        QCOMPARE(ended.count(), 1);
    }

    void beforeItHasLoadedNothingPasses() {
        auto member = m_on->member("bob");
        store::Listener listener(m_postgres.url(), "clawloops");
        SessionIndex fresh(*m_on->database, listener, m_on->clock, {});
        QCOMPARE(fresh.find(member->portal, SessionKind::Portal).verdict, Verdict::Closed);
        QVERIFY(test::await<void>([&](auto done) { fresh.load(&fresh, done); }).ok());
        QCOMPARE(fresh.find(member->portal, SessionKind::Portal).verdict, Verdict::Live);
    }
};

QTEST_GUILESS_MAIN(TestSessionIndex)
#include "tst_session_index.moc"
