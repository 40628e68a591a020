// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json.h"
#include "gateway/caller_token.h"
#include "gateway/request_body.h"
#include "request_bodies.h"

#include <QTest>
#include <algorithm>

using namespace clawloops;
using gateway::RequestBody;
using model::Endpoint;
using model::Target;

namespace {

json::object rewritten(std::string_view text, Target::Kind kind = Target::Kind::OpenAi, Endpoint endpoint = Endpoint::ChatCompletions) {
    auto body = RequestBody::parse(text, endpoint);
    Target target;
    target.kind = kind;
    target.model = "theirs";
    return body.ok() ? parseObject((*body)->writtenFor(target, {})).value() : json::object();
}

// JSON with ' for ", which moc can read.
std::string quoted(std::string text) {
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

// The same body in pieces of this many bytes: what goes on, or why nothing does.
std::string inPieces(std::string_view text, std::size_t bytes) {
    RequestBody body(Endpoint::ChatCompletions, [](std::size_t) { return true; });
    Status status;
    for (std::size_t at = 0; at < text.size() && status; at += bytes)
        status = body.push(text.substr(at, bytes));
    if (status)
        status = body.finish();
    Target target;
    target.model = "theirs";
    return status ? body.writtenFor(target, {}) : status.error().message;
}

bool isRefused(std::string_view text, Endpoint endpoint = Endpoint::ChatCompletions) {
    return !RequestBody::parse(text, endpoint).ok();
}

} // namespace

class TestRequestBody : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theModelIsReplacedAndTheRestKept() {
        const auto out = rewritten(escapes);
        QVERIFY(out.at("model").as_string() == "theirs");
        QVERIFY(out.at("messages").as_array()[0].at("content").as_string() == "h\u00e9\n\"x\"");
        QCOMPARE(out.at("temperature").as_double(), 0.1);
        QCOMPARE(out.at("seed").as_uint64(), 18446744073709551615ull);
        QVERIFY(out.at("odd").is_null());
        QVERIFY(!out.contains("stream_options"));
    }
    void aStreamedChatAsksForUsage() {
        auto out = rewritten(quoted("{'model':'m','stream':true}"));
        QVERIFY(out.at("stream_options").at("include_usage").as_bool());
        out = rewritten(quoted("{'model':'m','stream':true,'stream_options':{'include_usage':false,'include_obfuscation':false}}"));
        QVERIFY(out.at("stream_options").at("include_usage").as_bool());
        QVERIFY(!out.at("stream_options").at("include_obfuscation").as_bool());
        QVERIFY(!rewritten(quoted("{'model':'m','stream':true}"), Target::Kind::OpenAi, Endpoint::Messages).contains("stream_options"));
        QVERIFY(!rewritten(quoted("{'model':'m','stream':true}"), Target::Kind::OpenAi, Endpoint::Responses).contains("stream_options"));
    }
    void liteLlmGetsOnlyWhatTheApiNames() {
        const auto out = rewritten(steering, Target::Kind::LiteLlm);
        QCOMPARE(out.size(), std::size_t(3));
        QVERIFY(out.contains("messages") && out.contains("max_tokens"));
    }
    void whatTwoReadersCouldTakeDifferentlyIsRefused() {
        QVERIFY(isRefused(quoted("{'model':'a','model':'b'}")));
        QVERIFY(isRefused(escapedTwin));
        QVERIFY(isRefused(quoted("{'model':'a','stream':'yes'}")));
        QVERIFY(isRefused(quoted("{'model':7}")));
        QVERIFY(isRefused(quoted("{'messages':[]}")));
        QVERIFY(isRefused(quoted("[{'model':'a'}]")));
        QVERIFY(isRefused(quoted("{'model':'a'} {'model':'b'}")));
        QVERIFY(isRefused("{\"model\":\"a\",\"x\":\"\xff\"}"));
        QVERIFY(isRefused(quoted("{'model':'a','x':[}]")));
        QVERIFY(isRefused(""));
        QVERIFY(isRefused("{\"model\":\"a\",\"x\":" + std::string(300, '[') + std::string(300, ']') + "}"));
    }
    void onlyStrictJsonPasses_data() {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<bool>("passes");
        for (const char* value : strictValues)
            QTest::newRow(value) << QByteArray(value) << true;
        for (const char* value : looseValues)
            QTest::newRow(value) << QByteArray(value) << false;
    }
    void onlyStrictJsonPasses() {
        QFETCH(QByteArray, value);
        QFETCH(bool, passes);
        const std::string text = quoted("{'model':'m','x':") + value.toStdString() + "}";
        for (const std::size_t bytes : {1, 2, 5, 1000})
            QCOMPARE(inPieces(text, bytes) == quoted("{'model':'theirs','x':") + value.toStdString() + "}", passes);
    }
    void depthEndsWhereItIsSaid() {
        const auto nested = [](std::size_t levels) { return "{\"model\":\"a\",\"x\":" + std::string(levels, '[') + std::string(levels, ']') + "}"; };
        QVERIFY(!isRefused(nested(127)));
        QVERIFY(isRefused(nested(128)));
    }
    void piecesMakeNoDifference() {
        std::vector<std::string> bodies{quoted("{'model':'m','x':'\xff','x':1}"), quoted("{'model':'m','m\xc3':1,'model':2}"), quoted("{'model':'\xc3\xa9','y':7,'y':8}"), escapes, steering, escapedTwin, quoted("{'model':'m','x':[1,-2.50e-7,{'a':[]},null,true],'model2':''}"),
                                        quoted("{'model':'m','x':[}"), quoted("{'model':'m'} x"), quoted("{'model':'m','x':'\\ud83d\\ude00'}"), ""};
        for (const auto& [name, body] : byAddress)
            bodies.emplace_back(body);
        for (const char* body : harmless)
            bodies.emplace_back(body);
        for (const std::string& body : bodies) {
            const std::string whole = inPieces(body, 100'000);
            for (const std::size_t bytes : {1, 2, 3, 7, 31})
                QCOMPARE(inPieces(body, bytes), whole);
        }
    }
    void valuesGoOnAsTheyWereGiven() {
        const auto written = [](std::string_view text) { return inPieces(quoted(std::string(text)), 5); };
        QCOMPARE(written("{ 'model' : 'm' , 'a' : [ 1.0 , -0 , 1E+2 , 123456789012345678901234567890 ] , 'b' : { } }"),
                 quoted("{'model':'theirs','a' : [ 1.0 , -0 , 1E+2 , 123456789012345678901234567890 ] , 'b' : { }}"));
        QCOMPARE(written("{'a':'\\u0001\\n\\\\ \\/ \\u20ac','model':'m'}"), quoted("{'model':'theirs','a':'\\u0001\\n\\\\ \\/ \\u20ac'}"));
        QCOMPARE(written("{'a':1 , 'model':'m' , 'b':2\n}"), quoted("{'model':'theirs','a':1,'b':2}"));
        QCOMPARE(written("{'model':'m','a':[[],[[1],[2,3]],{'b':{'c':[{}]},'d':'e'}]}"),
                 quoted("{'model':'theirs','a':[[],[[1],[2,3]],{'b':{'c':[{}]},'d':'e'}]}"));
    }
    void aLargeBodyIsHeldOnceAndWrittenInPieces() {
        std::string text = quoted("{'model':'m','x':[0");
        for (int i = 0; i < 200'000; ++i)
            text += i % 3 ? ",0" : ",1234";
        text += "],\"y\":\"" + std::string(100'000, 'z') + "\"}";
        std::size_t granted = 0;
        RequestBody body(Endpoint::ChatCompletions, [&](std::size_t bytes) { return (granted += bytes) > 0; });
        for (std::size_t at = 0; at < text.size(); at += 40'000)
            QVERIFY(body.push(std::string_view(text).substr(at, 40'000)).ok());
        QVERIFY(body.finish().ok());
        QVERIFY(body.held() <= text.size());
        QVERIFY(granted <= text.size() + 65536);
        Target target;
        target.model = "m";
        RequestBody::Writer writer(body, target, {});
        const std::uint64_t size = writer.size();
        std::string written;
        for (const std::string_view part : writer.parts()) {
            QVERIFY(part.size() <= 65536);
            written += part;
        }
        QCOMPARE(written.size(), size);
        QCOMPARE(written, text);
    }
    void itStopsWhereNoMoreIsGranted() {
        std::size_t left = 4096 + 65536;
        RequestBody body(Endpoint::ChatCompletions, [&](std::size_t bytes) { return left >= bytes && ((left -= bytes), true); });
        QVERIFY(body.push(quoted("{'model':'m','x':'") + std::string(60'000, 'z')).ok());
        QVERIFY(!body.push(std::string(100'000, 'z')).ok());
        QCOMPARE(left, std::size_t(0));
    }
    void whatWouldCostMemoryBesideItsTextIsRefused() {
        std::string many = quoted("{'model':'m'");
        for (int i = 0; i < 300; ++i)
            many += quoted(",'a") + std::to_string(i) + quoted("':0");
        QVERIFY(isRefused(many + "}"));
        QVERIFY(isRefused(quoted("{'model':'m','") + std::string(201, 'n') + quoted("':0}")));
        QVERIFY(isRefused(quoted("{'model':'") + std::string(201, 'n') + quoted("'}")));
        QVERIFY(isRefused(quoted("{'model':'m','stream':true,'stream_options':{'x':'") + std::string(9000, 'n') + quoted("'}}")));
        QVERIFY(!isRefused(quoted("{'model':'m','x':{'") + std::string(201, 'n') + quoted("':0}}")));
    }
    void contentByAddressIsRefused_data() {
        QTest::addColumn<QByteArray>("body");
        for (const auto& [name, body] : byAddress)
            QTest::newRow(name) << QByteArray(body);
    }
    void contentByAddressIsRefused() {
        QFETCH(QByteArray, body);
        QVERIFY(isRefused(body.toStdString()));
    }
    void inlineContentAndToolArgumentsPass() {
        for (const char* body : harmless)
            QVERIFY2(!isRefused(body, Endpoint::Messages), body);
    }
    void onlyTheCellsOwnTokenOpens() {
        model::Caller cell;
        cell.tokenHash = sha256("token-of-a");
        const auto opens = [&](stream::Fields fields) { return gateway::carriesTokenOf(cell, fields); };
        QVERIFY(opens({{"Authorization", "Bearer token-of-a"}}));
        QVERIFY(opens({{"authorization", "bearer token-of-a"}}));
        QVERIFY(opens({{"x-api-key", "token-of-a"}}));
        QVERIFY(!opens({}));
        QVERIFY(!opens({{"Authorization", "Bearer token-of-b"}}));
        QVERIFY(!opens({{"Authorization", "Bearer token-of-"}}));
        QVERIFY(!opens({{"Authorization", "Bearer "}}));
        QVERIFY(!opens({{"Authorization", "Basic token-of-a"}}));
        QVERIFY(!opens({{"Authorization", "Bearer token-of-b"}, {"Authorization", "Bearer token-of-a"}}));
        QVERIFY(!opens({{"Authorization", "Bearer token-of-b"}, {"x-api-key", "token-of-a"}}));
        QVERIFY(!opens({{"x_api_key", "token-of-a"}}));
    }
};

QTEST_GUILESS_MAIN(TestRequestBody)
#include "tst_request_body.moc"
