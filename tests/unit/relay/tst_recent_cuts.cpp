// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/recent_cuts.h"

#include <QtTest>

using namespace clawloops;
using namespace clawloops::relay;

class TestRecentCuts : public QObject {
    Q_OBJECT

    const WallTime m_start = fromUnixSeconds(1'800'000'000);

    static stream::ConnectionRegistry::Selector session(int number) { return {std::to_string(number), {}, {}}; }
    static Grant grant(int session, WallTime at) {
        Grant one;
        one.session = std::to_string(session);
        one.user = "anna";
        one.cell = "c0123456789ab";
        one.expires = at + grantLifetime;
        return one;
    }

private Q_SLOTS:
    void aCutConcernsWhatWasGivenBeforeItAndWhomItNames() {
        RecentCuts cuts;
        QVERIFY(!cuts.forbid(grant(1, m_start)));
        cuts.add(session(1), m_start + std::chrono::milliseconds(400));
        QVERIFY(cuts.forbid(grant(1, m_start)));
        QVERIFY(!cuts.forbid(grant(1, m_start + std::chrono::seconds(1))));
        QVERIFY(!cuts.forbid(grant(2, m_start)));
        cuts.add({{}, "anna", "c00"}, m_start);
        QVERIFY(!cuts.forbid(grant(2, m_start))); // of two that are named both must fit
        cuts.add({{}, "anna", {}}, m_start);
        QVERIFY(cuts.forbid(grant(2, m_start)));
    }

    void nothingIsKeptBeyondAGrantsLife() {
        RecentCuts cuts;
        for (int second = 0; second < 1'000; ++second)
            cuts.add(session(second), m_start + std::chrono::seconds(second));
        QVERIFY(cuts.size() <= 32);
    }

    void manyCutsAtOnceMakeNobodyForgotten() {
        RecentCuts cuts(3);
        for (int number = 0; number < 10; ++number)
            cuts.add(session(number), m_start + std::chrono::seconds(number / 5));
        QCOMPARE(cuts.size(), std::size_t(3));
        QVERIFY(cuts.forbid(grant(0, m_start))); // forgotten: refused with everybody else of its time
        QVERIFY(cuts.forbid(grant(9, m_start)));
        QVERIFY(!cuts.forbid(grant(0, m_start + std::chrono::seconds(2))));
    }
};

QTEST_GUILESS_MAIN(TestRecentCuts)
#include "tst_recent_cuts.moc"
