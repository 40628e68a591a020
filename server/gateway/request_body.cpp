// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/request_body.h"

#include "base/json.h"
#include "model/field_rules.h"

#include <algorithm>

namespace clawloops::gateway {
namespace {

constexpr std::size_t longestOptions = 8 * 1024; // of `stream_options`, which holds two truth values
constexpr std::size_t pieceBytes = 64 * 1024;

Error wrong(std::string message) {
    return {ErrorCode::InvalidRequest, std::move(message), {}};
}

// The client's "stream_options":… with include_usage put in.
std::string withUsageAsked(std::string_view given) {
    auto holder = parseObject("{" + std::string(given) + "}");
    json::object options;
    if (holder && holder->contains("stream_options") && holder->at("stream_options").is_object())
        options = holder->at("stream_options").as_object();
    options["include_usage"] = true;
    return "\"stream_options\":" + json::serialize(options);
}

} // namespace

RequestBody::RequestBody(model::Endpoint endpoint, BodyText::Grow grow)
    : m_endpoint(endpoint), m_text(std::move(grow)), m_parser(std::make_unique<BodyParser>(m_text, m_parsed)) {}

Result<std::unique_ptr<RequestBody>> RequestBody::parse(std::string_view bytes, model::Endpoint endpoint) {
    auto body = std::make_unique<RequestBody>(endpoint, [](std::size_t) { return true; });
    if (const Status status = body->push(bytes); !status)
        return status.error();
    if (const Status status = body->finish(); !status)
        return status.error();
    return body;
}

Status RequestBody::push(std::string_view piece) {
    m_bytes += piece.size();
    return m_parser->push(piece);
}

Status RequestBody::finish() {
    const Status ended = m_parser->finish();
    m_parser.reset();
    if (!ended)
        return ended;
    if (m_parsed.model.empty())
        return wrong("The request names no \"model\".");
    const auto tooLong = [](const BodyMember& one) { return one.name == "stream_options" && one.end - one.begin > longestOptions; };
    if (std::any_of(m_parsed.members.begin(), m_parsed.members.end(), tooLong))
        return wrong("\"stream_options\" is too long.");
    return {};
}

std::string RequestBody::textOf(const BodyMember& member) const {
    std::string text;
    m_text.visit(member.begin, member.end, [&](std::string_view part) { text += part; });
    return text;
}

RequestBody::Writer::Writer(const RequestBody& body, const model::Target& target) {
    const bool askUsage = model::wantsIncludeUsage(body.m_endpoint, body.m_parsed.stream);
    addMade("{\"model\":" + json::serialize(json::value(target.model)));
    std::string options;
    for (const BodyMember& member : body.m_parsed.members) {
        if (askUsage && member.name == "stream_options")
            options = body.textOf(member);
        else if (member.name != "model" && model::passes(target.kind, body.m_endpoint, member.name)) {
            add(",");
            body.m_text.visit(member.begin, member.end, [this](std::string_view part) { add(part); });
        }
    }
    if (askUsage)
        addMade("," + withUsageAsked(options));
    add("}");
}

void RequestBody::Writer::add(std::string_view text) {
    m_parts.push_back(text);
    m_size += text.size();
}

void RequestBody::Writer::addMade(std::string text) {
    add(m_made.emplace_back(std::move(text)));
}

std::string_view RequestBody::Writer::next() {
    m_piece.clear();
    while (m_at < m_parts.size() && m_piece.size() < pieceBytes) {
        std::string_view& part = m_parts[m_at];
        const std::size_t taken = std::min(part.size(), pieceBytes - m_piece.size());
        m_piece += part.substr(0, taken);
        part.remove_prefix(taken);
        m_at += part.empty() ? 1 : 0;
    }
    return m_piece;
}

std::string RequestBody::writtenFor(const model::Target& target) const {
    Writer writer(*this, target);
    std::string all;
    for (auto piece = writer.next(); !piece.empty(); piece = writer.next())
        all += piece;
    return all;
}

} // namespace clawloops::gateway
