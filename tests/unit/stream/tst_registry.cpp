// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "stream/registry.h"

#include <QtTest>

using namespace clawloops;
using clawloops::stream::ConnectionInfo;
using clawloops::stream::ConnectionRegistry;

class TestRegistry : public QObject {
    Q_OBJECT

    ConnectionRegistry::Entry add(ConnectionRegistry& registry, const char* user, const char* cell, const char* session, int& closed,
                                  std::optional<WallTime> until = {}) {
        ConnectionInfo info;
        info.user = user;
        info.cell = cell;
        info.session = session;
        info.until = until;
        return registry.add(std::move(info), [&closed] { ++closed; });
    }

private Q_SLOTS:
    void cutClosesWhatMatchesEveryGivenField() {
        ConnectionRegistry registry;
        int anna = 0, annaOther = 0, bert = 0;
        const auto a = add(registry, "anna", "c1", "s1", anna);
        const auto b = add(registry, "anna", "c1", "s2", annaOther);
        const auto c = add(registry, "bert", "c2", "s3", bert);
        ConnectionRegistry::Selector selector;
        QCOMPARE(registry.cut(selector), std::size_t(0)); // nothing given, nothing cut
        selector.session = "s1";
        QCOMPARE(registry.cut(selector), std::size_t(1));
        selector.user = "bert";
        QCOMPARE(registry.cut(selector), std::size_t(0));
        selector = {};
        selector.user = "anna";
        QCOMPARE(registry.cut(selector), std::size_t(2));
        QCOMPARE(anna, 2);
        QCOMPARE(annaOther, 1);
        QCOMPARE(bert, 0);
    }

    void onlyExpiredSessionsAreCut() {
        ConnectionRegistry registry;
        int early = 0, late = 0, without = 0;
        const WallTime now = fromUnixSeconds(1'000);
        const auto a = add(registry, "a", "c1", "s1", early, now);
        const auto b = add(registry, "a", "c1", "s2", late, now + std::chrono::seconds(1));
        const auto c = add(registry, "a", "c1", "", without);
        QCOMPARE(registry.cutExpired(now), std::size_t(1));
        QCOMPARE(early, 1);
        QCOMPARE(late, 0);
        QCOMPARE(without, 0);
    }

    void aCloserMayEndItsEntryAtOnce() {
        ConnectionRegistry registry;
        std::optional<ConnectionRegistry::Entry> entry;
        ConnectionInfo info;
        info.user = "a";
        entry = registry.add(info, [&] { entry.reset(); });
        ConnectionRegistry::Selector selector;
        selector.user = "a";
        QCOMPARE(registry.cut(selector), std::size_t(1));
        QCOMPARE(registry.size(), std::size_t(0));
    }

    void theNumberOfACellsConnectionsIsToldAtEachChange() {
        ConnectionRegistry registry;
        QStringList told;
        registry.onCellChanged([&](const std::string& cell, const std::string&, std::size_t open) {
            told << QString::fromStdString(cell) + QString::number(open);
        });
        int closed = 0;
        {
            const auto a = add(registry, "a", "c1", "s", closed);
            const auto b = add(registry, "a", "c1", "s", closed);
            QCOMPARE(registry.openOfCell("c1"), std::size_t(2));
        }
        QCOMPARE(told, (QStringList{"c11", "c12", "c11", "c10"}));
        QCOMPARE(registry.openOfCell("c1"), std::size_t(0));
    }
};

QTEST_APPLESS_MAIN(TestRegistry)
#include "tst_registry.moc"
