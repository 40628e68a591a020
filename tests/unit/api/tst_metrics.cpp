// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/metrics.h"

#include <QTest>

using namespace clawloops;
using namespace clawloops::api;

class TestMetrics : public QObject {
    Q_OBJECT
    static bool has(const std::string& text, std::string_view line) { return ("\n" + text).find("\n" + std::string(line) + "\n") != std::string::npos; }

private Q_SLOTS:
    void everyFamilyIsDescribedOnceBeforeItsSamples() {
        Measured measured;
        measured.routes = {{"fast", "Fast", 3, 1, 100, 40, 7, 2, 1'000'000'005, 0}, {"wise", "Wise", 1, 0, 1, 0, 1, 0, 0, 0}};
        measured.gateway = {{"requests", std::uint64_t(9)}, {"refused", 2}, {"unknownToUs", 5}};
        measured.runtimes = {{"running", 2}, {"stopped", 1}};
        measured.components = {{"postgres", "PostgreSQL", "running", "t", 7, 0, std::nullopt, std::nullopt}, {"relay", "Relay", "backoff", "t", 7, 0, std::nullopt, std::nullopt}};
        const std::string text = metricsText(measured);
        QVERIFY(has(text, "clawloops_requests_total{route=\"fast\"} 3"));
        QVERIFY(has(text, "clawloops_requests_failed_total{route=\"fast\"} 1"));
        QVERIFY(has(text, "clawloops_tokens_total{route=\"fast\",kind=\"cached\"} 40"));
        QVERIFY(has(text, "clawloops_cost_dollars_total{route=\"fast\"} 1.000000005"));
        QVERIFY(has(text, "clawloops_gateway_up 1"));
        QVERIFY(has(text, "clawloops_gateway_requests_total 9"));
        QVERIFY(text.find("unknownToUs") == std::string::npos);
        QVERIFY(has(text, "clawloops_runtimes{state=\"stopped\"} 1"));
        QVERIFY(has(text, "clawloops_component_running{component=\"relay\"} 0"));
        const std::string type = "# TYPE clawloops_tokens_total counter\n";
        QVERIFY(text.find(type) != std::string::npos);
        QCOMPARE(text.find(type), text.rfind(type));
        QVERIFY(text.find(type) < text.find("clawloops_tokens_total{"));
        QCOMPARE(text.back(), '\n');
    }

    void aGatewayThatIsAwayIsDownAndSaysNothing() {
        const std::string text = metricsText({});
        QVERIFY(has(text, "clawloops_gateway_up 0"));
        QVERIFY(text.find("clawloops_gateway_requests_total") == std::string::npos);
    }

    void aLabelCannotEndItsLine() {
        Measured measured;
        measured.components = {{"a\"} 1\nb\\", "", "running", "", std::nullopt, 0, std::nullopt, std::nullopt}};
        QVERIFY(has(metricsText(measured), "clawloops_component_running{component=\"a\\\"} 1\\nb\\\\\"} 1"));
    }
};

QTEST_GUILESS_MAIN(TestMetrics)
#include "tst_metrics.moc"
