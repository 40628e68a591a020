// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "orchestrator/route_check.h"

#include <QTest>

#include <algorithm>
#include <functional>

using namespace clawloops;
using namespace clawloops::orchestrator;

namespace {

Result<std::string> resolve(const std::string& url) {
    if (url == "component:none")
        return Error{ErrorCode::InvalidRequest, "There is no component.", {}};
    return url == "component:starter" ? std::string("unix:/run/starter.sock") : url;
}

wire::Route good() {
    wire::Route route{"team/best", "Best", true, {{"near", "openai", "qwen", 1, "http://127.0.0.1:8000/v1"}, {"far", "litellm", "claude", 0, ""}}};
    route.targets[1].provider = "anthropic";
    return route;
}

using Edit = std::function<void(wire::Route&)>;

// The sentence that this edit of a good route is refused with; empty: it passes.
std::string sentence(const Edit& edit) {
    wire::Route route = good();
    edit(route);
    const Status checked = checkRoute(route, resolve);
    if (checked)
        return {};
    return checked.error().code == ErrorCode::InvalidRequest ? checked.error().message : "another code";
}

// JSON written with the other quotes: moc loses its way in some raw strings.
Edit forced(std::string members) {
    std::replace(members.begin(), members.end(), '\'', '"');
    return [members](wire::Route& route) { route.force = *parseObject(members); };
}

} // namespace

class TestRouteCheck : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsARoutePasses() {
        QCOMPARE(sentence([](auto&) {}), std::string());
        QCOMPARE(sentence([](auto& r) { r.balance = "weight"; }), std::string());
        QCOMPARE(sentence([](auto& r) { r.targets[0].url = "component:starter"; }), std::string());
        QCOMPARE(sentence([](auto& r) { r.roles = {"admin", "user"}; }), std::string());
        QCOMPARE(sentence([](auto& r) { r.contextTokens = r.outputTokens = 100; }), std::string());
        QCOMPARE(sentence([](auto& r) { r.targets[0].price = wire::Price{0, 0, 0}; }), std::string());
        QCOMPARE(sentence(forced("{'temperature':0,'top_p':1,'seed':7,'max_tokens':1,'stop':['a','b'],'reasoning_effort':'low','parallel_tool_calls':false}")),
                 std::string());
    }

    void eachThingThatIsWrongIsRefusedWithItsOwnSentence_data() {
        QTest::addColumn<QString>("word");
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < wrongs().size(); ++i)
            QTest::addRow("%d %s", int(i), wrongs()[i].first) << QString::fromLatin1(wrongs()[i].first) << int(i);
    }
    void eachThingThatIsWrongIsRefusedWithItsOwnSentence() {
        QFETCH(QString, word);
        QFETCH(int, index);
        const std::string said = sentence(wrongs()[std::size_t(index)].second);
        QVERIFY2(said.find(word.toStdString()) != std::string::npos, said.c_str());
    }

private:
    static const std::vector<std::pair<const char*, Edit>>& wrongs() { // a word of the sentence, the edit
        static const std::vector<std::pair<const char*, Edit>> all{
            {"name is", [](auto& r) { r.modelId = ""; }},
            {"name is", [](auto& r) { r.modelId = "Best"; }},
            {"name is", [](auto& r) { r.modelId = "-best"; }},
            {"name is", [](auto& r) { r.modelId = "a b"; }},
            {"name is", [](auto& r) { r.modelId = std::string(64, 'a'); }},
            {"title", [](auto& r) { r.title = ""; }},
            {"title", [](auto& r) { r.title = "a\nb"; }},
            {"title", [](auto& r) { r.title = std::string(101, 'a'); }},
            {"balance", [](auto& r) { r.balance = "random"; }},
            {"position", [](auto& r) { r.position = -1; }},
            {"contextTokens", [](auto& r) { r.contextTokens = -1; }},
            {"outputTokens", [](auto& r) { r.outputTokens = 100'000'001; }},
            {"more than its", [](auto& r) { r.contextTokens = 10; r.outputTokens = 11; }},
            {"roles", [](auto& r) { r.roles = {"owner"}; }},
            {"roles", [](auto& r) { r.roles = {"user", "user"}; }},
            {"1000 people", [](auto& r) { r.people = {"usr_a", "usr_a"}; }},
            {"\"model\" cannot", forced("{'model':'other'}")},
            {"\"stream\" cannot", forced("{'stream':false}")},
            {"\"messages\" cannot", forced("{'messages':[]}")},
            {"\"api_base\" cannot", forced("{'api_base':'http://evil'}")},
            {"\"api_key\" cannot", [](auto& r) { r.defaults = {{"api_key", "k"}}; }},
            {"no model takes", forced("{'temperature':2.1}")},
            {"no model takes", forced("{'temperature':'hot'}")},
            {"no model takes", forced("{'max_tokens':0}")},
            {"no model takes", forced("{'max_tokens':1.5}")},
            {"no model takes", forced("{'stop':['a','b','c','d','e']}")},
            {"no model takes", forced("{'stop':[]}")},
            {"no model takes", forced("{'reasoning_effort':'endless'}")},
            {"no model takes", forced("{'parallel_tool_calls':1}")},
            {"both forced and a default", [](auto& r) { r.force = {{"seed", 1}}; r.defaults = {{"seed", 2}}; }},
            {"1 to 16 targets", [](auto& r) { r.targets.clear(); }},
            {"1 to 16 targets", [](auto& r) { r.targets.resize(17, r.targets[0]); }},
            {"are named", [](auto& r) { r.targets[1].name = "near"; }},
            {"a name and a model", [](auto& r) { r.targets[0].model = ""; }},
            {"kind is", [](auto& r) { r.targets[0].kind = "magic"; }},
            {"weight is", [](auto& r) { r.targets[0].weight = 1001; }},
            {"By weight", [](auto& r) { r.balance = "weight"; r.targets[0].weight = 0; }},
            {"slots are", [](auto& r) { r.targets[0].slots = -1; }},
            {"Choose the kind litellm", [](auto& r) { r.targets[0].provider = "anthropic"; }},
            {"as LiteLLM names it", [](auto& r) { r.targets[1].provider = "anthropic/claude"; }},
            {"A price is", [](auto& r) { r.targets[0].price = wire::Price{-1, 0, 0}; }},
            {"A price is", [](auto& r) { r.targets[0].price = wire::Price{0, 0, 1000000000000001}; }},
            {"no component", [](auto& r) { r.targets[0].url = "component:none"; }},
            {"url starts with", [](auto& r) { r.targets[0].url = ""; }},
            {"url starts with", [](auto& r) { r.targets[0].url = "file:///etc/passwd"; }},
            {"url starts with", [](auto& r) { r.targets[0].url = "https://user:key@host/"; }},
            {"url starts with", [](auto& r) { r.targets[0].url = "http://host/\r\nX: y"; }},
        };
        return all;
    }
};

QTEST_GUILESS_MAIN(TestRouteCheck)
#include "tst_route_check.moc"
