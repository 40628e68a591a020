// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/field_rules.h"
#include "model/route_table.h"
#include "model/target_choice.h"
#include "wire/gateway_verbs.h"

#include <QTest>

using namespace clawloops;
using namespace clawloops::model;

namespace {

gateway_verbs::Configuration configuration() {
    gateway_verbs::Configuration c;
    c.revision = 3;
    c.routes = {{"starter", "Starter", true, "order", {{"a", "openai", "unix:/run/a.sock", "starter", 1}, {"b", "litellm", "", "x", 1}}},
                {"off", "Off", false, "order", {}}};
    c.people = {{"usr_a", "anna", "user", {}, "", 0}, {"usr_b", "ben", "admin", {}, "", 0}};
    c.cells = {{"c0123456789ab", "usr_a", std::string(64, 'a'), {"starter", "off"}},
               {"cba9876543210", "usr_b", std::string(64, 'b'), {}}};
    return c;
}

const RouteTable::Managed managed{"/run/litellm.sock", "/run/starter.sock"};

QString whyNot(const gateway_verbs::Configuration& c) {
    const auto table = RouteTable::build(c, managed);
    if (table.ok())
        return (*table)->refused().empty() ? QString() : QString::fromStdString((*table)->refused().front());
    return QString::fromStdString(table.error().message);
}

Route weighted() {
    Route route;
    route.byWeight = true;
    for (const auto& [name, weight] : {std::pair{"a", 3u}, {"b", 0u}, {"c", 1u}}) {
        Target target;
        target.name = name;
        target.weight = weight;
        route.targets.push_back(target);
    }
    return route;
}

std::string names(const std::vector<const Target*>& targets) {
    std::string text;
    for (const Target* target : targets)
        text += target->name;
    return text;
}

} // namespace

class TestRoutes : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aRouteIsOpenToEveryoneToRolesOrToPeople() {
        const auto opens = [](auto change) {
            auto c = configuration();
            change(c);
            const auto table = RouteTable::build(c, managed);
            return std::pair((*table)->routeFor(*(*table)->cell("c0123456789ab"), "starter") != nullptr,
                             (*table)->routeFor(*(*table)->cell("cba9876543210"), "starter") != nullptr);
        };
        const auto listedNowhere = [](gateway_verbs::Configuration& c) { c.cells[0].routes.clear(); };
        QCOMPARE(opens(listedNowhere), std::pair(false, false));
        QCOMPARE(opens([&](auto& c) { listedNowhere(c); c.routes[0].everyone = true; }), std::pair(true, true));
        QCOMPARE(opens([&](auto& c) { listedNowhere(c); c.routes[0].roles = {"admin"}; }), std::pair(false, true));
        QCOMPARE(opens([&](auto& c) { listedNowhere(c); c.routes[0].people = {"usr_a"}; }), std::pair(true, false));
        // Nobody's cell opens nothing, whatever it lists.
        QCOMPARE(opens([&](auto& c) { c.people.erase(c.people.begin()); c.routes[0].everyone = true; }), std::pair(false, true));
    }
    void aKeyOpensWhatItsPersonMayAndOnlyWhatItLists() {
        auto c = configuration();
        c.routes[0].everyone = true;
        c.routes[1].enabled = true;
        c.routes[1].targets = c.routes[0].targets;
        c.keys = {{"key_all", "usr_a", std::string(64, '1'), "", {}, false}, {"key_one", "usr_a", std::string(64, '2'), "2026-12-01T00:00:00Z", {"off"}, true}};
        const auto table = RouteTable::build(c, managed);
        QVERIFY(table.ok());
        const auto hash = [](unsigned char byte) { Sha256 all; all.fill(byte); return all; };
        const Caller* all = (*table)->key(hash(0x11));
        const Caller* one = (*table)->key(hash(0x22));
        QVERIFY(all && one && !(*table)->key(hash(0x33)));
        QCOMPARE(all->id, std::string("key_all"));
        QVERIFY(!all->expires && one->expires && one->batch && one->kind == Caller::Kind::Key);
        QVERIFY((*table)->routeFor(*all, "starter") && !(*table)->routeFor(*all, "off")); // "off" is nobody's but whom it names
        QVERIFY(!(*table)->routeFor(*one, "starter") && !(*table)->routeFor(*one, "off")); // what a key lists opens nothing by itself
        QVERIFY((*table)->hasKey("key_one") && !(*table)->hasKey("key_gone"));
    }
    void whoeverIsFrozenOrGoneIsToldWhy() {
        auto c = configuration();
        c.people[0].frozen = "Too much.";
        auto table = RouteTable::build(c, managed);
        QCOMPARE((*table)->stopOf("usr_a"), std::string_view("Too much."));
        QVERIFY((*table)->stopOf("usr_b").empty());
        QVERIFY(!(*table)->stopOf("usr_gone").empty());
        c.frozenAll = "Everything stands still.";
        table = RouteTable::build(c, managed);
        QCOMPARE((*table)->stopOf("usr_b"), std::string_view("Everything stands still."));
    }
    void whatIsOnThisMachineCostsNothingAndTheRestIsUnknown() {
        auto c = configuration();
        c.routes[0].targets = {{"socket", "openai", "unix:/run/a.sock", "m", 1}, {"loopback", "openai", "http://127.0.0.1:8000/v1", "m", 1},
                               {"elsewhere", "openai", "https://models.example/v1", "m", 1}, {"own", "litellm", "", "starter", 1},
                               {"provider", "litellm", "", "claude", 1, "anthropic"}, {"lookalike", "openai", "http://127.example/v1", "m", 1}};
        const auto table = RouteTable::build(c, managed);
        QVERIFY(table.ok() && (*table)->refused().empty());
        const auto& targets = (*table)->routes().at("starter").targets;
        const std::vector<bool> known{true, true, false, true, false, false};
        for (std::size_t i = 0; i < targets.size(); ++i)
            QCOMPARE(isKnown(targets[i].price), bool(known[i]));
        QCOMPARE(targets[4].model, std::string("anthropic/claude"));
        QVERIFY(targets[0].identity != targets[1].identity);
    }
    void aRouteSetsNeitherTheModelNorTheStream() {
        auto c = configuration();
        c.routes[0].force = {{"model", "x"}};
        QVERIFY(whyNot(c).contains(QStringLiteral("may not set")));
        c.routes[0].force = {{"temperature", 0.5}};
        c.routes[0].defaults = {{"stream", true}};
        QVERIFY(whyNot(c).contains(QStringLiteral("may not set")));
    }
    void aCellGetsTheEnabledRoutesThatAreOpenToIt() {
        const auto table = RouteTable::build(configuration(), managed);
        QVERIFY(table.ok());
        const Caller* first = (*table)->cell("c0123456789ab");
        const Caller* second = (*table)->cell("cba9876543210");
        QVERIFY(first && second && !(*table)->cell("c000000000000"));
        QVERIFY((*table)->routeFor(*first, "starter"));
        QVERIFY(!(*table)->routeFor(*first, "off"));
        QVERIFY(!(*table)->routeFor(*second, "starter"));
        QCOMPARE((*table)->routesOf(*first).size(), std::size_t(1));
        QCOMPARE((*table)->routesOf(*second).size(), std::size_t(0));
    }
    void aRouteThatIsNotThereOpensNothingAndStopsNobody() {
        auto c = configuration();
        c.cells[0].routes.push_back("nowhere");
        c.routes.push_back({"empty", "Empty", true, "order", {}});
        c.cells[0].routes.push_back("empty");
        const auto table = RouteTable::build(c, managed);
        QVERIFY(table.ok());
        const Caller* cell = (*table)->cell("c0123456789ab");
        QVERIFY(!(*table)->routeFor(*cell, "nowhere") && !(*table)->routeFor(*cell, "empty"));
        QCOMPARE((*table)->routesOf(*cell).size(), std::size_t(1));
    }
    void aWrongTargetIsLeftOutAndTheRestServed() {
        auto c = configuration();
        c.routes[0].targets[0].url = "gopher://x";
        const auto table = RouteTable::build(c, managed);
        QVERIFY(table.ok());
        QCOMPARE((*table)->refused().size(), std::size_t(1));
        QCOMPARE((*table)->routes().at("starter").targets.size(), std::size_t(1));
    }
    void aLiteLlmTargetWithoutAddressIsTheManagedOne() {
        const auto table = RouteTable::build(configuration(), managed);
        QVERIFY(table.ok());
        QCOMPARE((*table)->routes().at("starter").targets[1].url.socketPath, std::string("/run/litellm.sock"));
    }
    void theStarterModelIsKnownByItsSocket() {
        auto c = configuration();
        c.routes[0].targets[0].url = "unix:/run/starter.sock";
        c.routes[0].targets[1].url = "unix:/run/starter.sock"; // LiteLLM stays what it is called
        const auto table = RouteTable::build(c, managed);
        QVERIFY(table.ok());
        QVERIFY((*table)->routes().at("starter").targets[0].kind == Target::Kind::Starter);
        QVERIFY((*table)->routes().at("starter").targets[1].kind == Target::Kind::LiteLlm);
        const auto other = RouteTable::build(configuration(), managed);
        QVERIFY((*other)->routes().at("starter").targets[0].kind == Target::Kind::OpenAi);
    }
    void whatIsHalfRightIsRefusedByName() {
        auto c = configuration();
        c.cells[0].cellId = "../../etc";
        QVERIFY(whyNot(c).contains(QStringLiteral("no cell id")));
        c = configuration();
        c.cells[0].tokenHash = "abcd";
        QVERIFY(whyNot(c).contains(QStringLiteral("64 hexadecimal digits")));
        c = configuration();
        c.routes.push_back(c.routes[0]);
        QVERIFY(whyNot(c).contains(QStringLiteral("given twice")));
        c = configuration();
        c.routes[0].targets[0].url = "file:///etc/passwd";
        QVERIFY(whyNot(c).contains(QStringLiteral("neither a unix socket nor http")));
        c = configuration();
        c.routes[0].targets[0].kind = "shell";
        QVERIFY(whyNot(c).contains(QStringLiteral("unknown kind")));
    }
    void inOrderMeansInOrder() {
        Route route = weighted();
        route.byWeight = false;
        for (const std::uint64_t draw : {0u, 3u, 77u})
            QCOMPARE(names(targetsToTry(route, draw)), std::string("abc"));
    }
    void weightDrawsTheFirstAndKeepsTheRestAsFallback() {
        const Route route = weighted();
        QCOMPARE(names(targetsToTry(route, 0)), std::string("abc"));
        QCOMPARE(names(targetsToTry(route, 2)), std::string("abc"));
        QCOMPARE(names(targetsToTry(route, 3)), std::string("cab"));
        QCOMPARE(names(targetsToTry(route, 4)), std::string("abc"));
    }
    void onlyWhatAnotherTargetCouldDoBetterIsTriedThere() {
        for (const int status : {401, 403, 404, 408, 429, 500, 502, 503, 504})
            QVERIFY(isWorthAnotherTarget(status));
        for (const int status : {200, 400, 409, 413, 422})
            QVERIFY(!isWorthAnotherTarget(status));
    }
    void liteLlmGetsNoMemberThatSteersIt() {
        for (const char* name : {"api_base", "base_url", "api_key", "fallbacks", "mock_response", "metadata", "user_config",
                                 "model_list", "custom_llm_provider", "extra_headers", "extra_body", "litellm_metadata",
                                 "cache", "num_retries", "guardrails", "callbacks", "aws_access_key_id", "vertex_credentials"}) {
            for (const Endpoint endpoint : {Endpoint::ChatCompletions, Endpoint::Completions, Endpoint::Embeddings,
                                            Endpoint::Responses, Endpoint::Messages})
                QVERIFY2(!passes(Target::Kind::LiteLlm, endpoint, name), name);
        }
        QVERIFY(passes(Target::Kind::LiteLlm, Endpoint::ChatCompletions, "messages"));
        QVERIFY(passes(Target::Kind::LiteLlm, Endpoint::Messages, "max_tokens"));
        QVERIFY(passes(Target::Kind::OpenAi, Endpoint::ChatCompletions, "cache_prompt"));
    }
    void theStarterModelGetsNoMemberThatPicksWhosePromptItReads() {
        for (const char* name : {"id_slot", "slot_id", "cache_prompt", "n_cache_reuse", "n_probs", "post_sampling_probs", "return_tokens",
                                 "return_progress", "timings_per_token", "n_predict", "n_keep", "ignore_eos", "t_max_predict_ms", "lora",
                                 "grammar", "json_schema", "samplers", "prompt_progress", "__verbose"}) {
            for (const Endpoint endpoint : {Endpoint::ChatCompletions, Endpoint::Completions, Endpoint::Embeddings,
                                            Endpoint::Responses, Endpoint::Messages})
                QVERIFY2(!passes(Target::Kind::Starter, endpoint, name), name);
        }
        // What OpenClaw sends.
        for (const char* name : {"model", "messages", "stream", "stream_options", "max_tokens", "max_completion_tokens", "temperature", "tools",
                                 "tool_choice", "reasoning_effort", "stop"})
            QVERIFY2(passes(Target::Kind::Starter, Endpoint::ChatCompletions, name), name);
    }
    void addressesAreReadStrictly() {
        const auto url = parseTargetUrl("http://[::1]:8080/openai/v1/");
        QVERIFY(url.ok());
        QCOMPARE(url->host, std::string("::1"));
        QCOMPARE(url->hostField(), std::string("[::1]:8080"));
        QCOMPARE(url->pathFor(Endpoint::ChatCompletions), std::string("/openai/v1/chat/completions"));
        QCOMPARE(parseTargetUrl("http://host").value().pathFor(Endpoint::Messages), std::string("/v1/messages"));
        const auto secure = parseTargetUrl("https://models.lan/v1");
        QVERIFY(secure.ok() && secure->tls && secure->port == 443 && secure->hostField() == "models.lan");
        for (const char* wrong : {"", "unix:", "unix:relative", "unix:/a/../b", "http://", "http://user:pw@host", "http://host:0",
                                  "http://host:99999", "http://host:1x", "http://host/a/../b", "http://ho st", "http://host?x=1",
                                  "http://host#x", "https://", "ftp://host", "http://host/a\r\nX: y"})
            QVERIFY2(!parseTargetUrl(wrong).ok(), wrong);
    }
    void theVerbsValuesSurviveTheirJson() {
        const auto c = configuration();
        const auto read = gateway_verbs::configurationFromJson(gateway_verbs::toJson(c));
        QVERIFY(read.ok());
        QCOMPARE(json::serialize(gateway_verbs::toJson(*read)), json::serialize(gateway_verbs::toJson(c)));
        auto object = gateway_verbs::toJson(c);
        object["extra"] = 1;
        const auto refused = gateway_verbs::configurationFromJson(object);
        QVERIFY(!refused.ok());
        QVERIFY(refused.error().message.find("extra") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestRoutes)
#include "tst_routes.moc"
