// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/fair_queue.h"

#include <QTest>

#include <map>
#include <queue>

using namespace clawloops;
using namespace clawloops::model;
using namespace std::chrono_literals;

namespace {

const SteadyTime start{1h};

std::uint64_t add(FairQueue& queue, std::string_view user, std::int64_t prompt = 100, QueueKind kind = QueueKind::Interactive) {
    const auto outcome = queue.enqueue(user, kind, prompt, start);
    return outcome.index() == 0 ? std::get<0>(outcome) : 0;
}
// Takes the slot and gives it back.
std::uint64_t serve(FairQueue& queue, std::int64_t answer = 0) {
    const auto ticket = queue.next(start);
    if (ticket)
        queue.finish(*ticket, answer, start);
    return ticket.value_or(0);
}

} // namespace

class TestFairQueue : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void nobodyWaitsWhileASlotIsFree() {
        FairQueue queue(2);
        const auto one = add(queue, "ada");
        QCOMPARE(queue.next(start).value_or(0), one);
        const auto two = add(queue, "ada");
        QCOMPARE(queue.next(start).value_or(0), two);
        const auto three = add(queue, "bob");
        QVERIFY(!queue.next(start));
        QCOMPARE(queue.waiting(), std::size_t(1));
        queue.finish(one, 5, start);
        QCOMPARE(queue.next(start).value_or(0), three);
        QCOMPARE(queue.running(), 2);
    }
    void zeroSlotsAreAnyNumber() {
        FairQueue queue(0);
        for (int i = 0; i < 1000; ++i) {
            QVERIFY(add(queue, "ada") > 0);
            QVERIFY(queue.next(start));
        }
    }
    void theLowestCounterIsNext() {
        FairQueue queue(1);
        const auto a1 = add(queue, "ada", 1000);
        const auto a2 = add(queue, "ada", 1000);
        const auto b1 = add(queue, "bob", 100);
        const auto b2 = add(queue, "bob", 100);
        QCOMPARE(serve(queue), a1); // both at 0, who came first
        QCOMPARE(serve(queue), b1);
        QCOMPARE(serve(queue), b2);
        QCOMPARE(serve(queue), a2);
    }
    void answersCountTwiceAndOnlyOnce() {
        FairQueue queue(1);
        const auto one = add(queue, "ada", 100);
        QVERIFY(queue.next(start));
        QCOMPARE(queue.counterOf("ada"), 100);
        queue.charge(one, 10);
        queue.charge(one, 10);
        QCOMPARE(queue.counterOf("ada"), 120);
        queue.charge(one, 5); // never back
        queue.finish(one, 30, start);
        queue.finish(one, 30, start);
        queue.charge(one, 99);
        QCOMPARE(queue.counterOf("ada"), 160);
        QCOMPARE(queue.running(), 0);
    }
    void whatIsChargedWhileOthersWaitChangesTheOrder() {
        FairQueue queue(1);
        const auto running = add(queue, "ada", 10);
        QVERIFY(queue.next(start));
        const auto a = add(queue, "ada", 10);
        const auto b = add(queue, "bob", 10); // at least ada's counter
        queue.charge(running, 100);
        queue.finish(running, 100, start);
        QCOMPARE(serve(queue), b);
        QCOMPARE(serve(queue), a);
    }
    void whoWasAwayHasNotSavedUp() {
        FairQueue queue(1);
        QVERIFY(add(queue, "ada", 50'000) && add(queue, "ada", 100) && add(queue, "ada", 100));
        QVERIFY(serve(queue));
        QVERIFY(add(queue, "bob", 100));
        QCOMPARE(queue.counterOf("bob"), 50'000); // the lowest of those who wait
    }
    void whoUsedItAloneOwesNothing() {
        FairQueue queue(1);
        for (int i = 0; i < 10; ++i) {
            QVERIFY(add(queue, "ada", 1000));
            QVERIFY(serve(queue, 1000));
        }
        QVERIFY(add(queue, "bob", 1));
        QCOMPARE(queue.counterOf("bob"), queue.counterOf("ada"));
    }
    void firstComeFirstServedWithinAPerson() {
        FairQueue queue(1);
        std::vector<std::uint64_t> tickets;
        for (int i = 0; i < 10; ++i)
            tickets.push_back(add(queue, "ada", 100 - i));
        for (const auto ticket : tickets)
            QCOMPARE(serve(queue), ticket);
    }
    void interactiveComesBeforeBatch() {
        FairQueue queue(1);
        const auto batch = add(queue, "ada", 1, QueueKind::Batch);
        const auto other = add(queue, "bob", 10'000);
        const auto own = add(queue, "ada", 1);
        QCOMPARE(serve(queue), own);
        QCOMPARE(serve(queue), other);
        QCOMPARE(serve(queue), batch);
    }
    void anAdminMovesAndDrops() {
        FairQueue queue(1);
        const auto running = add(queue, "cy");
        QVERIFY(queue.next(start));
        const auto a = add(queue, "ada");
        const auto b = add(queue, "bob", 100, QueueKind::Batch);
        const auto c = add(queue, "bob");
        QVERIFY(queue.moveToFront(b));
        QCOMPARE(queue.entry(b)->position, 1);
        QVERIFY(queue.moveToFront(c));
        QCOMPARE(queue.entry(c)->position, 1);
        QCOMPARE(queue.entry(b)->position, 2);
        QVERIFY(queue.drop(c));
        QVERIFY(!queue.drop(c) && !queue.entry(c));
        QVERIFY(!queue.moveToFront(running) && !queue.drop(running) && !queue.drop(4711));
        QCOMPARE(queue.waiting(), std::size_t(2));
        queue.finish(running, 0, start);
        QCOMPARE(serve(queue), b);
        QCOMPARE(serve(queue), a);
        QCOMPARE(droppedByAdmin().rule, std::string_view("dropped_by_admin"));
    }
    void whoLeavesFreesTheirPlace() {
        FairQueue queue(1);
        const auto running = add(queue, "ada");
        QVERIFY(queue.next(start));
        const auto a = add(queue, "bob");
        const auto b = add(queue, "cy");
        queue.cancel(a);
        queue.cancel(a);
        QVERIFY(!queue.next(start));
        queue.cancel(running);
        QCOMPARE(queue.running(), 0);
        QCOMPARE(serve(queue), b);
        QCOMPARE(queue.waiting(), std::size_t(0));
        QVERIFY(!queue.next(start));
    }
    void placesAreBounded() {
        FairQueue queue(1, 5, 3);
        for (int i = 0; i < 3; ++i)
            QVERIFY(add(queue, "ada"));
        const auto own = queue.enqueue("ada", QueueKind::Batch, 1, start);
        QVERIFY(own.index() == 1 && std::get<1>(own).ofPerson);
        QVERIFY(add(queue, "bob") && add(queue, "bob"));
        const auto all = queue.enqueue("cy", QueueKind::Interactive, 1, start);
        QVERIFY(all.index() == 1 && !std::get<1>(all).ofPerson);
        const RefusalReason reason = std::get<1>(all).reason();
        QCOMPARE(reason.rule, std::string_view("queue_full"));
        QVERIFY(reason.kind == Refusal::QueueFull && reason.retryAfterSeconds() >= 1);
        QCOMPARE(json::value_to<std::int64_t>(reason.numbersJson().at("limit")), 5);
        QVERIFY(serve(queue));
        QVERIFY(add(queue, "cy"));
    }
    void positionsAreTheOrderInWhichTheyGo() {
        FairQueue queue(1);
        for (int i = 0; i < 60; ++i)
            QVERIFY(add(queue, "user" + std::to_string(i % 7), 13 * i % 101 / 4, i % 3 ? QueueKind::Interactive : QueueKind::Batch));
        QVERIFY(queue.moveToFront(20) && queue.moveToFront(31));
        const auto entries = queue.entries();
        QCOMPARE(entries.size(), queue.waiting());
        for (const auto& entry : entries)
            QCOMPARE(queue.entry(entry.ticket)->position, entry.position);
        for (const auto& entry : entries) {
            QCOMPARE(queue.entry(entry.ticket)->position, 1);
            QCOMPARE(serve(queue), entry.ticket);
        }
    }
    void theWaitIsReckonedFromWhatOthersTook() {
        FairQueue queue(2);
        const auto one = add(queue, "ada");
        QVERIFY(queue.next(start));
        queue.finish(one, 1, start + 10s);
        QVERIFY(add(queue, "ada") && add(queue, "ada"));
        QVERIFY(queue.next(start) && queue.next(start));
        const auto a = add(queue, "bob");
        const auto b = add(queue, "bob");
        QCOMPARE(queue.entry(a)->wait, 5000ms);
        QCOMPARE(queue.entry(b)->wait, 10'000ms);
        queue.finish(2, 1, start + 20s); // 20 s: the average moves by a tenth
        QCOMPARE(queue.entry(a)->wait, 5500ms);
    }
    void tenPeopleOneOfThemGreedy() {
        FairQueue queue(4);
        struct Job {
            std::string user;
            std::int64_t prompt, answer;
        };
        std::map<std::uint64_t, Job> jobs;
        std::map<std::string, double> served;
        std::priority_queue<std::pair<std::int64_t, std::uint64_t>, std::vector<std::pair<std::int64_t, std::uint64_t>>, std::greater<>> ends;
        const auto fill = [&](const std::string& user, std::size_t many, std::int64_t prompt, std::int64_t answer) {
            std::size_t own = 0;
            for (const auto& entry : queue.entries())
                own += entry.user == user;
            for (; own < many; ++own)
                jobs[add(queue, user, prompt, answer ? QueueKind::Interactive : QueueKind::Batch)] = {user, prompt, answer};
        };
        std::int64_t now = 0;
        for (int step = 0; step < 3000; ++step) {
            fill("greedy", 16, 4000, 1500);
            for (int i = 0; i < 9; ++i)
                fill("user" + std::to_string(i), 1, 200 + 50 * i, 100 + 20 * i);
            while (const auto ticket = queue.next(SteadyTime(std::chrono::milliseconds(now))))
                ends.emplace(now + jobs.at(*ticket).prompt / 10 + jobs.at(*ticket).answer * 10, *ticket);
            now = ends.top().first;
            const std::uint64_t ticket = ends.top().second;
            ends.pop();
            const Job job = jobs.at(ticket);
            jobs.erase(ticket);
            queue.finish(ticket, job.answer, SteadyTime(std::chrono::milliseconds(now)));
            served[job.user] += static_cast<double>(job.prompt + 2 * job.answer);
        }
        double sum = 0;
        double squares = 0;
        for (const auto& [user, tokens] : served) {
            sum += tokens;
            squares += tokens * tokens;
        }
        const double jain = sum * sum / (10 * squares);
        QCOMPARE(served.size(), std::size_t(10));
        QVERIFY2(jain >= 0.95, qPrintable(QString::number(jain)));
    }
};

QTEST_GUILESS_MAIN(TestFairQueue)
#include "tst_fair_queue.moc"
