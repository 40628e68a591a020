// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/gateway_queries.h"

#include <QTest>

using namespace clawloops;
using namespace clawloops::gateway_verbs;

class TestGatewayQueries : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyReplyComesBackAsItWent() {
        const auto queue = queueReply({{"7", "t", "r", "usr_a", "batch", "s", 2, 900}});
        QVERIFY(queueReply(*queueReplyFromJson(queue)) == queue);
        const auto targets = targetsReply({{"r", "t", "wrong_key", "s", "The provider does not know the key.", 1, 2, 3, "a", "b"}});
        QVERIFY(targetsReply(*targetsReplyFromJson(targets)) == targets);
        const auto brake = brakeReply({{"usr_a", "held", "identicalRequests", "Why.", {{"seen", 20}}, "s"}});
        QVERIFY(brakeReply(*brakeReplyFromJson(brake)) == brake);
        const auto budgets = budgetsReply({{"bud_1", "usr_a", 1, 2, 3, "s"}});
        QVERIFY(budgetsReply(*budgetsReplyFromJson(budgets)) == budgets);
        const auto refusals = refusalsReply({{"req_1", "a", "usr_a", "c0", "r", "budget", "Why.", {{"left", 0}}, "Raise it."}});
        QVERIFY(refusalsReply(*refusalsReplyFromJson(refusals)) == refusals);
    }

    void aReleaseSaysNothingButThat() {
        const auto released = brakeStateFromJson({{"user", "usr_a"}, {"state", "released"}});
        QVERIFY(released.ok());
        QCOMPARE(released->state, std::string("released"));
        QVERIFY(released->numbers.empty());
    }

    void whatIsUnknownOrOfAnotherTypeIsRefusedByName() {
        QVERIFY(queueReplyFromJson({{"items", json::array()}}).error().message.find("entries") != std::string::npos);
        json::object entry = toJson(QueueEntry{"7", "t", "r", "usr_a", "batch", "s", 2, 900});
        entry["position"] = "first";
        QVERIFY(queueEntryFromJson(entry).error().message.find("position") != std::string::npos);
        entry["position"] = 1;
        entry["prompt"] = "what they asked"; // content is never told
        QVERIFY(queueEntryFromJson(entry).error().message.find("prompt") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestGatewayQueries)
#include "tst_gateway_queries.moc"
