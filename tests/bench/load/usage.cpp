// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// bench_usage EVENTS: stores so many usage events in a throw-away PostgreSQL as the control plane does, in batches of 1,000, and then
// asks what the usage page asks. 90 days, 1,000 people who use five of 100 routes with two targets each, a tenth of it by keys. Prints
// one JSON object: usage_stored_s (events a second), usage_p99_ms and usage_p50_ms of the pages by person, route and day (90, 30 and
// 7 days, of all, of one person, of one route), usage_target_p99_ms of the one by target. The database does not sync: what a disk's
// cache takes to write a batch's one commit comes on top of storing, and of nothing that is read.
#include "governance/usage_reports.h"
#include "governance/usage_store.h"
#include "store/migrations.h"
#include "support/postgres.h"

#include <QCoreApplication>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>

using namespace clawloops;
using Clocked = std::chrono::steady_clock;

namespace {

constexpr int dayCount = 90;
constexpr std::int64_t firstDay = 1'790'000'000 / 86'400 * 86'400; // seconds; in September 2026
constexpr std::size_t batch = 1000;

double millisSince(Clocked::time_point since) { return std::chrono::duration<double, std::milli>(Clocked::now() - since).count(); }

[[noreturn]] void give(const Error& error) {
    std::fprintf(stderr, "bench_usage: %s %s\n", error.message.c_str(), error.detail.c_str());
    std::exit(1);
}

template <class Job> void inTransaction(store::Connection& connection, Job job) {
    if (const Status begun = connection.script("BEGIN"); !begun)
        give(begun.error());
    store::Transaction tx(connection);
    if (const Status done = job(tx); !done)
        give(done.error());
    if (const Status ended = connection.script("COMMIT"); !ended)
        give(ended.error());
}

std::string dayText(int day) { return toRfc3339(fromUnixSeconds(firstDay + std::int64_t(day) * 86'400)).substr(0, 10); }

gateway_verbs::UsageEvent event(std::int64_t number, std::int64_t all, std::mt19937_64& random) {
    const std::size_t person = random() % 1000;
    const std::size_t route = (person * 7 + random() % 5) % 100;
    gateway_verbs::UsageEvent one;
    one.seq = number + 1;
    one.requestId = "req_" + std::to_string(10'000'000'000 + number);
    one.cellId = "c" + std::to_string(100'000'000'000 + person);
    one.userId = "usr_" + std::to_string(person);
    one.route = "route-" + std::to_string(route);
    one.target = random() % 2 ? "first" : "second";
    one.model = "model";
    one.promptTokens = std::int64_t(random() % 20'000);
    one.cachedTokens = one.promptTokens / 2;
    one.completionTokens = std::int64_t(random() % 2'000);
    one.costNanos = std::int64_t(random() % 100'000'000);
    one.priced = true;
    one.startedAt = toRfc3339(fromUnixMillis(firstDay * 1000 + number * (std::int64_t(dayCount) * 86'400'000 / all)));
    one.outcome = random() % 50 ? "ok" : "upstream_error";
    one.endpoint = "/v1/chat/completions";
    one.keyId = random() % 10 ? "" : "key_" + std::to_string(person);
    return one;
}

double storeAll(store::Connection& connection, std::int64_t all) {
    std::mt19937_64 random(7);
    double millis = 0;
    for (std::int64_t number = 0; number < all;) {
        std::vector<gateway_verbs::UsageEvent> events;
        while (number < all && events.size() < batch)
            events.push_back(event(number++, all, random));
        const auto since = Clocked::now();
        inTransaction(connection, [&events](store::Transaction& tx) { return governance::storeUsage(tx, "spool", events); });
        millis += millisSince(since);
    }
    return double(all) / millis * 1000;
}

std::vector<double> ask(store::Connection& connection, const char* by, int times) {
    std::mt19937_64 random(11);
    std::vector<double> millis;
    for (int i = 0; i < times; ++i)
        for (const int days : {90, 30, 7})
            for (const int of : {0, 1, 2}) {
                const int first = int(random() % std::size_t(dayCount - days + 1));
                const governance::UsageQuestion question{dayText(first), dayText(first + days - 1), by, of == 1 ? "usr_" + std::to_string(random() % 1000) : "",
                                                         of == 2 ? "route-" + std::to_string(random() % 100) : ""};
                const auto since = Clocked::now();
                inTransaction(connection, [&question](store::Transaction& tx) -> Status {
                    const auto report = governance::usageReport(tx, question);
                    return report ? Status() : Status(report.error());
                });
                millis.push_back(millisSince(since));
            }
    return millis;
}

double part(std::vector<double> millis, double share) {
    std::sort(millis.begin(), millis.end());
    return millis[std::min(millis.size() - 1, std::size_t(share * double(millis.size())))];
}

} // namespace

int main(int argc, char** argv) {
    QCoreApplication application(argc, argv);
    const std::int64_t all = argc == 2 ? std::atoll(argv[1]) : 0;
    if (all < 1000) {
        std::fprintf(stderr, "usage: bench_usage EVENTS (1000 or more)\n");
        return 64;
    }
    test::ThrowawayPostgres postgres;
    if (!postgres.ok()) {
        std::fprintf(stderr, "bench_usage: %s\n", qPrintable(postgres.problem()));
        return 69;
    }
    store::Connection connection(postgres.freshDatabase(), "bench", std::chrono::minutes(5));
    if (const Status connected = connection.ensure(); !connected)
        give(connected.error());
    const auto migrations = store::readMigrations(test::migrationsFolder());
    if (!migrations)
        give(migrations.error());
    if (const Status applied = store::applyMigrations(connection, *migrations); !applied)
        give(applied.error());
    const double stored = storeAll(connection, all);
    if (const Status analysed = connection.script("ANALYZE"); !analysed) // as PostgreSQL does by itself within a minute
        give(analysed.error());
    std::vector<double> pages;
    for (const char* by : {"person", "route", "day"}) {
        const auto some = ask(connection, by, 40);
        std::fprintf(stderr, "by %s: p50 %.1f ms, p99 %.1f ms\n", by, part(some, 0.5), part(some, 0.99));
        pages.insert(pages.end(), some.begin(), some.end());
    }
    const auto target = ask(connection, "target", 40);
    std::printf("{\"usage_events\": %lld, \"usage_stored_s\": %.0f, \"usage_p50_ms\": %.2f, \"usage_p99_ms\": %.2f, \"usage_target_p99_ms\": %.2f}\n",
                static_cast<long long>(all), stored, part(pages, 0.5), part(pages, 0.99), part(target, 0.99));
    return 0;
}
