// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Server-sent events: the gateway's meter and the desktop app's parser, in pieces of any length, must see the same events.
#include "fuzz.h"

#include "client/event_parser.h"
#include "gateway/answer_meter.h"
#include "gateway/sse_scanner.h"

#include <string>
#include <vector>

namespace clawloops::fuzz {
namespace {

struct Collector {
    std::vector<std::string> events;
    std::string current;
    void data(std::string_view piece) { current += piece; }
    void eventEnd() {
        events.push_back(current);
        current.clear();
    }
};

std::vector<std::string> scanned(const Pieces& pieces) {
    Collector collector;
    gateway::SseScanner<Collector> scanner(collector);
    pieces.feed([&](std::string_view piece) { scanner.push(piece); });
    return collector.events;
}

std::vector<std::string> parsed(const Pieces& pieces) {
    gui::EventParser parser;
    std::vector<std::string> events;
    pieces.feed([&](std::string_view piece) {
        for (const gui::ServerEvent& event : parser.feed(QByteArray(piece.data(), static_cast<qsizetype>(piece.size()))))
            events.push_back(event.data.toStdString());
    });
    return events;
}

} // namespace

void take(std::string_view input) {
    const Pieces pieces = Pieces::of(input);
    const Pieces whole{pieces.bytes.size() + 1, pieces.bytes};
    const auto events = scanned(whole);
    require(events == scanned(pieces), "the scanner sees the same in pieces");
    require(parsed(whole) == parsed(pieces), "the desktop app sees the same in pieces");
    if (!pieces.bytes.starts_with("\xef")) // a byte order mark, which only a reader from the start may skip
        require(parsed(whole) == events, "both see the same");

    for (const auto endpoint : {model::Endpoint::ChatCompletions, model::Endpoint::Responses, model::Endpoint::Messages}) {
        gateway::AnswerMeter a(endpoint, true);
        gateway::AnswerMeter b(endpoint, true);
        a.push(whole.bytes);
        pieces.feed([&](std::string_view piece) { b.push(piece); });
        a.finish();
        b.finish();
        const auto x = a.counts(100);
        const auto y = b.counts(100);
        require(x.prompt == y.prompt && x.completion == y.completion && x.estimated == y.estimated, "the same usage in pieces");
        require(a.ended() == b.ended() && a.sawError() == b.sawError() && a.upstreamId() == b.upstreamId(), "the same ending in pieces");
        require(x.prompt >= 0 && x.completion >= 0, "no negative usage");
    }
}

} // namespace clawloops::fuzz
