// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json.h"
#include "sample_places.h"
#include "supervisor/traefik_config.h"

#include <QtTest>

using namespace clawloops;
using namespace clawloops::supervisor;

class TestTraefikConfig : public QObject {
    Q_OBJECT
    static Settings settings(const std::vector<std::string>& overrides = {}) { return *Settings::parse({}, "f", overrides); }
    static json::value dynamic() { return json::parse(traefikDynamic(settings(), samplePlaces())); }
    static json::value fixed() { return json::parse(traefikStatic(settings(), samplePlaces())); }
    static std::string rule(const char* router) { return std::string(dynamic().at_pointer(std::string("/http/routers/") + router + "/rule").as_string()); }

private Q_SLOTS:
    void onlyTheAllowedHostsAreRouted() {
        for (const char* router : {"portal", "events", "models", "workspace", "invitations", "portal-pages", "workspace-pages"})
            QVERIFY2(rule(router).starts_with("(Host(`127.0.0.1`) || Host(`claw.lan`) || Host(`localhost`))"), router);
    }

    void aWorkspaceRequestIsStrippedAndThenChecked() {
        const json::value configuration = dynamic();
        QCOMPARE(json::serialize(configuration.at_pointer("/http/routers/workspace/middlewares")), std::string(R"(["strip","check"])"));
        const json::value& check = configuration.at_pointer("/http/middlewares/check/forwardAuth");
        QCOMPARE(std::string(check.at("address").as_string()), std::string("http://127.0.0.1:18442/check"));
        QVERIFY(!check.at("trustForwardHeader").as_bool());
        QCOMPARE(json::serialize(check.at("authResponseHeaders")), std::string(R"(["X-Clawloops-Grant","X-Request-Id","Cookie"])"));
        QCOMPARE(json::serialize(configuration.at_pointer("/http/middlewares/strip/headers/customRequestHeaders")),
                 std::string(R"({"X-Clawloops-Grant":"","X-Request-Id":""})"));
    }

    void aPageWhoseServerIsGoneIsOneOfTheOthers() {
        const json::value configuration = dynamic();
        for (const auto& [name, service, gone, other] : {std::tuple("portal-pages", "control", "control-gone", "relay"),
                                                         std::tuple("workspace-pages", "relay", "relay-gone", "control")}) {
            const json::object& router = configuration.at_pointer(std::string("/http/routers/") + name).as_object();
            QCOMPARE(std::string(router.at("service").as_string()), std::string(service));
            QVERIFY(std::string(router.at("rule").as_string()).ends_with("Header(`Sec-Fetch-Dest`, `document`)"));
            QCOMPARE(std::string(router.at("middlewares").as_array().at(1).as_string()), std::string(gone));
            const json::value& errors = configuration.at_pointer(std::string("/http/middlewares/") + gone + "/errors");
            QCOMPARE(std::string(errors.at("service").as_string()), std::string(other));
        }
        // The session check is never left out for a page.
        QCOMPARE(json::serialize(configuration.at_pointer("/http/routers/workspace-pages/middlewares")), std::string(R"(["strip","relay-gone","check"])"));
    }

    void everyRouteDropsTheClientsGrantAndRequestId() {
        const json::value configuration = dynamic();
        for (const auto& router : configuration.at_pointer("/http/routers").as_object()) {
            if (router.key() == "probe")
                continue;
            QCOMPARE(std::string(router.value().at("middlewares").as_array().at(0).as_string()), std::string("strip"));
        }
    }

    void bodiesAreLimitedButNotOnStreams() {
        const json::value configuration = dynamic();
        QCOMPARE(json::serialize(configuration.at_pointer("/http/routers/events/middlewares")), std::string(R"(["strip","streams-at-once"])"));
        QCOMPARE(configuration.at_pointer("/http/middlewares/limit/buffering/maxRequestBodyBytes").as_int64(), 256 * 1024);
        QVERIFY(rule("events").find("Method(`GET`)") != std::string::npos);
    }

    void nothingIsBufferedBeforeItIsCountedByItsSender() {
        const json::value configuration = dynamic();
        for (const auto& router : configuration.at_pointer("/http/routers").as_object()) {
            const std::string middlewares = json::serialize(router.value().at("middlewares"));
            QVERIFY2(middlewares.find("limit") == std::string::npos || middlewares.ends_with(R"("at-once","limit"])"), middlewares.c_str());
        }
        for (const auto& [name, amount] : {std::pair("at-once", 128), std::pair("streams-at-once", 256)}) {
            const json::value& counted = configuration.at_pointer(std::string("/http/middlewares/") + name + "/inFlightReq");
            QCOMPARE(counted.at("amount").as_int64(), amount);
            // An empty strategy would be dropped from the file, and all senders be counted together.
            QCOMPARE(json::serialize(counted.at("sourceCriterion")), std::string(R"({"ipStrategy":{"ipv6Subnet":64}})"));
        }
        const json::value entries = fixed();
        for (const char* entry : {"portal", "workspace"}) {
            const json::value& point = entries.at_pointer(std::string("/entryPoints/") + entry);
            QCOMPARE(point.at_pointer("/http/maxHeaderBytes").as_int64(), 256 * 1024);
            QCOMPARE(point.at_pointer("/http2/maxConcurrentStreams").as_int64(), 100);
        }
    }

    void upstreamsAreReachedWithTheClientCertificateAndTheirName() {
        const json::value configuration = dynamic();
        const json::value& transport = configuration.at_pointer("/http/serversTransports/internal");
        QCOMPARE(std::string(transport.at("serverName").as_string()), std::string("clawloops.internal"));
        QCOMPARE(transport.at("maxIdleConnsPerHost").as_int64(), 200);
        QVERIFY(!transport.as_object().contains("insecureSkipVerify"));
        for (const auto& service : configuration.at_pointer("/http/services").as_object()) {
            QCOMPARE(std::string(service.value().at_pointer("/loadBalancer/serversTransport").as_string()), std::string("internal"));
            const std::string url(service.value().at_pointer("/loadBalancer/servers/0/url").as_string());
            QVERIFY2(url.starts_with("https://127.0.0.1:"), url.c_str());
        }
    }

    void nothingOfTraefikItselfIsServed() {
        const json::object all = fixed().as_object();
        QVERIFY(!all.contains("api") && !all.contains("ping") && !all.contains("metrics"));
        QCOMPARE(all.at("entryPoints").as_object().size(), std::size_t(2));
        QVERIFY(!all.at("global").at("sendAnonymousUsage").as_bool());
    }

    void theAccessLogKeepsTheRequestIdAndNoQueryOrOtherHeader() {
        const json::value configuration = fixed();
        const json::value& fields = configuration.at_pointer("/accessLog/fields");
        QCOMPARE(json::serialize(fields.at("headers")), std::string(R"({"defaultMode":"drop","names":{"X-Request-Id":"keep"}})"));
        QCOMPARE(std::string(fields.at_pointer("/queryParameters/defaultMode").as_string()), std::string("drop"));
        QVERIFY(!dynamic().at_pointer("/http/routers/invitations/observability/accessLogs").as_bool());
    }

    void ownCertificatesReplaceOurs() {
        const auto text = traefikDynamic(settings({"traefik.cert=/etc/own.crt", "traefik.key=/etc/own.key"}), samplePlaces());
        QCOMPARE(std::string(json::parse(text).at_pointer("/tls/stores/default/defaultCertificate/certFile").as_string()), std::string("/etc/own.crt"));
    }
};

QTEST_GUILESS_MAIN(TestTraefikConfig)
#include "tst_traefik_config.moc"
