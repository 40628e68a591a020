// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json.h"
#include "gateway/cell_token.h"
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
    return body.ok() ? parseObject(body->writtenFor(target)).value() : json::object();
}

// JSON with ' for ", which moc can read.
std::string quoted(std::string text) {
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
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
        model::CellAccess cell;
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
