// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/answer_meter.h"

#include <QTest>

using namespace clawloops;
using gateway::AnswerMeter;
using gateway::JsonSkimmer;
using model::Endpoint;

namespace {

const std::string chat = ": ping\r\n\r\ndata: {\"id\":\"c1\",\"choices\":[{\"delta\":{\"content\":\"usage: {\\\"usage\\\":1}\"}}],\"usage\":null}\r\n\r\n"
                         "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":3,\"total_tokens\":15},\"timings\":{\"prompt_ms\":1.5}}\r\n\r\n"
                         "data: [DONE]\r\n\r\n";
const std::string messages = "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m1\",\"usage\":{\"input_tokens\":5,\"cache_read_input_tokens\":100,\"output_tokens\":1}}}\n\n"
                             "event: message_delta\ndata: {\"type\":\"message_delta\",\"usage\":{\"output_tokens\":9}}\n\n"
                             "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
const std::string responses = "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"id\":\"r1\",\"usage\":null}}\n\n"
                              "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"id\":\"r1\",\"error\":null,\"usage\":{\"input_tokens\":7,\"output_tokens\":8}}}\n\n";

} // namespace

class TestAnswerMeter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsEveryDialectHoweverItIsCut_data() {
        QTest::addColumn<int>("endpoint");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("prompt");
        QTest::addColumn<int>("completion");
        QTest::addColumn<QByteArray>("id");
        QTest::newRow("chat") << int(Endpoint::ChatCompletions) << QByteArray::fromStdString(chat) << 12 << 3 << QByteArray("c1");
        QTest::newRow("messages") << int(Endpoint::Messages) << QByteArray::fromStdString(messages) << 105 << 9 << QByteArray("m1");
        QTest::newRow("responses") << int(Endpoint::Responses) << QByteArray::fromStdString(responses) << 7 << 8 << QByteArray("r1");
    }
    void readsEveryDialectHoweverItIsCut() {
        QFETCH(int, endpoint);
        QFETCH(QByteArray, text);
        QFETCH(int, prompt);
        QFETCH(int, completion);
        QFETCH(QByteArray, id);
        for (const std::size_t size : {1u, 2u, 3u, 7u, 4096u}) {
            AnswerMeter meter(static_cast<Endpoint>(endpoint), true);
            const std::string whole = text.toStdString();
            for (std::size_t at = 0; at < whole.size(); at += size)
                meter.push(std::string_view(whole).substr(at, size));
            meter.finish();
            QVERIFY(meter.ended());
            QVERIFY(!meter.sawError());
            const auto counts = meter.counts(400);
            QCOMPARE(counts.prompt, std::int64_t(prompt));
            QCOMPARE(counts.completion, std::int64_t(completion));
            QVERIFY(!counts.estimated);
            QCOMPARE(meter.upstreamId(), id.toStdString());
        }
    }
    void withoutItsTerminalEventAStreamHasNotEnded() {
        AnswerMeter meter(Endpoint::ChatCompletions, true);
        meter.push(std::string_view(chat).substr(0, chat.find("data: [DONE]")));
        meter.finish();
        QVERIFY(!meter.ended());
        AnswerMeter quoted(Endpoint::ChatCompletions, true); // said by the model, not by the server
        quoted.push("data: {\"choices\":[{\"delta\":{\"content\":\"data: [DONE]\"}}]}\n\n");
        QVERIFY(!quoted.ended());
    }
    void withoutReportedUsageItGuessesAndSaysSo() {
        AnswerMeter meter(Endpoint::ChatCompletions, true);
        for (int i = 0; i < 6; ++i)
            meter.push("data: {\"choices\":[{}]}\n\n");
        meter.push("data: [DONE]\n\n");
        const auto counts = meter.counts(4000);
        QVERIFY(counts.estimated);
        QCOMPARE(counts.prompt, 1000);
        QCOMPARE(counts.completion, 6);
    }
    void anErrorEventIsSeen() {
        AnswerMeter meter(Endpoint::ChatCompletions, true);
        meter.push("data: {\"error\":{\"message\":\"x\"}}\n\n");
        QVERIFY(meter.sawError());
        AnswerMeter anthropic(Endpoint::Messages, true);
        anthropic.push("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}\n\n");
        QVERIFY(anthropic.sawError());
    }
    void aWholeAnswerOfAnySizeIsMeteredAtItsEnd() {
        AnswerMeter meter(Endpoint::Embeddings, false);
        meter.push("{\"id\":\"e1\",\"data\":[{\"usage\":{\"prompt_tokens\":999}}, \"");
        for (int i = 0; i < 1000; ++i)
            meter.push(std::string(1000, 'x') + "\\\"{[");
        QVERIFY(!meter.wholeJson());
        meter.push("\"],\"usage\" : {\"prompt_tokens\" : 42, \"total_tokens\":42}}");
        meter.finish();
        QVERIFY(meter.wholeJson());
        QCOMPARE(meter.counts(0).prompt, 42);
        QCOMPARE(meter.counts(0).completion, 0);
        QVERIFY(!meter.counts(0).estimated);
    }
    // It goes into the spool's line, which one such byte would make unreadable.
    void anIdThatIsNoPlainTextIsNotKept() {
        for (const std::string id : {"a\xff", "a\x01", "\xc3\xa4", "a\x7f"}) {
            AnswerMeter meter(Endpoint::ChatCompletions, true);
            meter.push("data: {\"id\":\"" + id + "\",\"timings\":{\"x\":\"" + id + "\"}}\n\ndata: [DONE]\n\n");
            QVERIFY(meter.ended());
            QCOMPARE(meter.upstreamId(), std::string());
            QCOMPARE(meter.timings(), std::string());
        }
        AnswerMeter meter(Endpoint::ChatCompletions, true); // a later event's good one is
        meter.push("data: {\"id\":\"\xff\"}\n\ndata: {\"id\":\"chatcmpl-1 b\"}\n\n");
        QCOMPARE(meter.upstreamId(), std::string("chatcmpl-1 b"));
    }
    void aCountBeyondBeliefIsAGuessInstead() {
        for (const char* hostile : {"9223372036854775807", "1000000001", "18446744073709551615", "-1"}) {
            AnswerMeter meter(Endpoint::Messages, false);
            meter.push(std::string("{\"usage\":{\"input_tokens\":") + hostile + ",\"cache_read_input_tokens\":" + hostile +
                       ",\"cache_creation_input_tokens\":" + hostile + ",\"output_tokens\":" + hostile + "}}");
            meter.finish();
            QCOMPARE(meter.counts(4000).prompt, 1000);
            QVERIFY(meter.counts(4000).estimated);
            QVERIFY(meter.counts(4000).completion < 1000);
        }
        AnswerMeter meter(Endpoint::Messages, false); // the sum of what may be had
        meter.push("{\"usage\":{\"input_tokens\":5,\"cache_read_input_tokens\":9223372036854775807,\"cache_creation_input_tokens\":1000000000,\"output_tokens\":2}}");
        meter.finish();
        QCOMPARE(meter.counts(0).prompt, 1'000'000'005);
    }
    // A hostile upstream sends brackets for as long as it likes; counting them must end somewhere.
    void bracketsWithoutEndAreGivenUp() {
        const std::string end = ",\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}";
        AnswerMeter deep(Endpoint::ChatCompletions, false);
        deep.push("{\"a\":" + std::string(900, '[') + std::string(900, ']') + end);
        deep.finish();
        QVERIFY(deep.wholeJson());
        QCOMPARE(deep.counts(0).completion, 4);
        AnswerMeter deeper(Endpoint::ChatCompletions, false);
        deeper.push("{\"id\":\"c1\",\"usage\":" + std::string(1000, '['));
        deeper.push(std::string(1000, ']') + end);
        deeper.finish();
        QVERIFY(!deeper.wholeJson());
        QCOMPARE(deeper.upstreamId(), std::string("c1"));
        QVERIFY(deeper.counts(0).estimated);
        JsonSkimmer skimmer;
        skimmer.push(std::string(5000, '{'));
        QVERIFY(!skimmer.whole());
        skimmer.reset(); // the next event of a stream
        skimmer.push("{\"id\":\"c2\"}");
        QVERIFY(skimmer.whole());
        QCOMPARE(skimmer.unquoted(JsonSkimmer::Slot::Id), std::string("c2"));
    }
    void aBrokenOffStreamIsBookedAtLeastByWhatWent() {
        AnswerMeter meter(Endpoint::Messages, true);
        meter.push(std::string_view(messages).substr(0, messages.find("event: message_delta")));
        for (int i = 0; i < 20; ++i)
            meter.push("event: content_block_delta\ndata: {\"type\":\"content_block_delta\"}\n\n");
        const auto counts = meter.counts(4000);
        QCOMPARE(counts.prompt, 105);
        QCOMPARE(counts.completion, 21);
        QVERIFY(counts.estimated);
    }
};

QTEST_GUILESS_MAIN(TestAnswerMeter)
#include "tst_answer_meter.moc"
