// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A cell's model request, and what the gateway makes of it for a target: only members that may pass, and no address to fetch.
#include "fuzz.h"

#include "base/json.h"
#include "gateway/request_body.h"
#include "model/field_rules.h"
#include "model/target_url.h"

#include <set>
#include <string>

namespace clawloops::fuzz {
namespace {

void requireClean(const gateway::RequestBody& body, model::Endpoint endpoint, model::Target::Kind kind) {
    model::Target target;
    target.kind = kind;
    target.model = "the \"model\" upstream";
    const std::string text = body.writtenFor(target, {});
    const auto again = gateway::RequestBody::parse(text, endpoint);
    require(static_cast<bool>(again), "what is sent on is accepted again: strict JSON, nothing twice, nothing to fetch");
    require((*again)->model() == target.model, "the target's model");
    require((*again)->stream() == (body.stream() && model::passes(kind, endpoint, "stream")), "streamed where it was asked for");
    require((*again)->writtenFor(target, {}) == text, "written once more it is the same");

    json::parse_options deep;
    deep.max_depth = 256;
    json::error_code problem;
    const json::value value = json::parse(text, problem, {}, deep);
    if (problem) // numbers that only one of the two parsers takes
        return;
    for (const auto& member : value.as_object())
        require(member.key() == "model" || member.key() == "stream_options" || model::passes(kind, endpoint, member.key()),
                "no member that may not pass");
    if (model::wantsIncludeUsage(endpoint, body.stream()))
        require(value.at("stream_options").at("include_usage").as_bool(), "usage is asked for");
}

} // namespace

void take(std::string_view input) {
    if (input.empty())
        return;
    static constexpr model::Endpoint endpoints[]{model::Endpoint::ChatCompletions, model::Endpoint::Completions,
                                                 model::Endpoint::Embeddings, model::Endpoint::Responses, model::Endpoint::Messages};
    const auto endpoint = endpoints[static_cast<unsigned char>(input.front()) % std::size(endpoints)];
    const Pieces pieces = Pieces::of(input.substr(1));
    const auto body = gateway::RequestBody::parse(pieces.bytes, endpoint);

    gateway::RequestBody inPieces(endpoint, [](std::uint64_t) { return true; });
    Status status;
    pieces.feed([&](std::string_view piece) {
        if (status)
            status = inPieces.push(piece);
    });
    if (status)
        status = inPieces.finish();
    require(static_cast<bool>(status) == static_cast<bool>(body), "accepted or refused, however it arrives");
    if (!body)
        return;
    require(inPieces.model() == (*body)->model() && inPieces.stream() == (*body)->stream(), "the same, however it arrives");
    for (const auto kind : {model::Target::Kind::OpenAi, model::Target::Kind::LiteLlm, model::Target::Kind::Starter}) {
        model::Target target;
        target.kind = kind;
        target.model = "m";
        require(inPieces.writtenFor(target, {}) == (*body)->writtenFor(target, {}), "written the same, however it arrived");
        requireClean(**body, endpoint, kind);
    }
}

} // namespace clawloops::fuzz
