// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/request_body.h"

#include "base/json.h"
#include "model/field_rules.h"

#include <algorithm>
#include <charconv>

namespace clawloops::gateway {
namespace {

constexpr std::size_t longestOptions = 8 * 1024; // of `stream_options`, which holds two truth values

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
    : m_endpoint(endpoint), m_text(std::move(grow)), m_parser(m_parsed) {}

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
    const std::span<char> room = m_text.room();
    if (piece.data() == room.data() && piece.size() <= room.size())
        m_text.took(piece.size());
    else if (!m_text.append(piece))
        return Error{ErrorCode::RateLimited, "There is no more memory for this request at the moment.", {}};
    return m_parser.push(piece);
}

Status RequestBody::finish() {
    if (const Status ended = m_parser.finish(); !ended)
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

const BodyMember* RequestBody::member(std::string_view name) const {
    const auto found = std::find_if(m_parsed.members.begin(), m_parsed.members.end(), [&](const BodyMember& one) { return one.name == name; });
    return found == m_parsed.members.end() ? nullptr : &*found;
}

std::optional<std::int64_t> RequestBody::numberOf(std::string_view name) const {
    const BodyMember* found = member(name);
    if (!found || found->end - found->value > 19)
        return std::nullopt;
    std::string text;
    m_text.visit(found->value, found->end, [&](std::string_view part) { text += part; });
    std::int64_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    return problem == std::errc() && end == text.data() + text.size() && number >= 0 ? std::optional(number) : std::nullopt;
}

std::string RequestBody::endOf(std::string_view name, std::size_t most) const {
    std::string text;
    if (const BodyMember* found = member(name)) {
        const std::size_t length = found->end - found->value;
        m_text.visit(length > most ? found->end - most : found->value, found->end, [&](std::string_view part) { text += part; });
    }
    return text;
}

std::optional<std::int64_t> RequestBody::outputLimit() const {
    std::optional<std::int64_t> least;
    for (const std::string_view name : model::outputLimitMembers(m_endpoint)) {
        if (const auto number = numberOf(name))
            least = std::min(*number, least.value_or(*number));
    }
    return least;
}

std::int64_t RequestBody::choices() const {
    constexpr std::int64_t most = 1024; // more would be refused by every server
    std::int64_t choices = 1;
    for (const std::string_view name : {"n", "best_of"}) {
        if (member(name)) // one that is no whole number counts as the worst
            choices = std::max(choices, std::min(numberOf(name).value_or(most), most));
    }
    return choices;
}

RequestBody::Writer::Writer(const RequestBody& body, const model::Target& target, const Rewrites& rewrites) {
    const bool askUsage = model::wantsIncludeUsage(body.m_endpoint, body.m_parsed.stream);
    const auto limits = model::outputLimitMembers(body.m_endpoint);
    const auto limitsOutput = [&](std::string_view name) {
        return rewrites.outputLimit && std::find(limits.begin(), limits.end(), name) != limits.end();
    };
    const auto isForced = [&](std::string_view name) {
        return rewrites.route && std::any_of(rewrites.route->force.begin(), rewrites.route->force.end(), [&](const auto& one) { return one.first == name; });
    };
    addMade("{\"model\":" + json::serialize(json::value(target.model)));
    std::string options;
    const auto& members = body.m_parsed.members;
    const auto stays = [&](const BodyMember& one) {
        return one.name != "model" && !(askUsage && one.name == "stream_options") && !isForced(one.name) && !limitsOutput(one.name) &&
               model::passes(target.kind, body.m_endpoint, one.name);
    };
    for (auto member = members.begin(); member != members.end(); ++member) {
        if (askUsage && member->name == "stream_options")
            options = body.textOf(*member);
        if (!stays(*member))
            continue;
        const std::size_t begin = member->begin;
        while (member + 1 != members.end() && stays(*(member + 1))) // neighbours, with the comma between them
            ++member;
        add(",");
        body.m_text.visit(begin, member->end, [this](std::string_view part) { add(part); });
    }
    const auto put = [&](const std::string& name, const std::string& value) {
        if (!limitsOutput(name) && model::passes(target.kind, body.m_endpoint, name))
            addMade(",\"" + name + "\":" + value);
    };
    if (rewrites.route) {
        for (const auto& [name, value] : rewrites.route->force)
            put(name, value);
        for (const auto& [name, value] : rewrites.route->defaults) {
            if (!body.member(name) && !isForced(name))
                put(name, value);
        }
    }
    if (rewrites.outputLimit && !limits.empty()) {
        // By the name that the client used, as not every server knows the newer one; its older twin is not said as well.
        const auto used = std::find_if(limits.begin(), limits.end(), [&](std::string_view name) { return body.member(name); });
        addMade(",\"" + std::string(used == limits.end() ? limits.back() : *used) + "\":" + std::to_string(*rewrites.outputLimit));
    }
    if (!rewrites.credential.empty())
        addMade(",\"api_key\":" + json::serialize(json::value(rewrites.credential)));
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

std::string RequestBody::writtenFor(const model::Target& target, const Rewrites& rewrites) const {
    Writer writer(*this, target, rewrites);
    std::string all;
    for (const std::string_view part : writer.parts())
        all += part;
    return all;
}

} // namespace clawloops::gateway
