// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/body_parser.h"

#include "gateway/outside_addresses.h"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>

namespace clawloops::gateway {
namespace {

namespace json = boost::json;
using Text = json::string_view;
using Code = json::error_code;

std::string_view plain(Text text) {
    return {text.data(), text.size()};
}

// What has to be escaped in a JSON string, and nothing else.
bool appendEscaped(BodyText& out, std::string_view text) {
    constexpr std::string_view hex = "0123456789abcdef";
    while (!text.empty()) {
        const auto special = std::find_if(text.begin(), text.end(), [](char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20; });
        const auto clean = static_cast<std::size_t>(special - text.begin());
        if (!out.append(text.substr(0, clean)))
            return false;
        if (special == text.end())
            return true;
        const char c = *special;
        const auto code = static_cast<unsigned char>(c);
        const char escape[] = {'\\', 'u', '0', '0', hex[code >> 4], hex[code & 15]};
        const char twin[] = {'\\', c};
        if (!out.append(code < 0x20 ? std::string_view(escape, sizeof escape) : std::string_view(twin, sizeof twin)))
            return false;
        text.remove_prefix(clean + 1);
    }
    return true;
}

} // namespace

// The events of Boost.JSON's parser. Every one that returns false has set `code`.
struct BodyParser::Handler {
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);

    Handler(BodyText& t, ParsedBody& p) : text(t), parsed(p) {}

    struct Level {
        Place place;
        bool isObject;
        bool empty = true;
    };
    BodyText& text;
    ParsedBody& parsed;
    std::vector<Level> levels;
    Place member = Place::Free; // where the value behind the name that was just read stands
    Place value = Place::Free; // where the text under way stands
    std::string name; // the beginning of the name under way
    std::string start; // the beginning of the text under way
    std::string problem; // a sentence, when it is not the parser's own error
    bool inText = false;
    bool inName = false;
    bool inNumber = false;

    bool fail(Code& code, std::string sentence) {
        problem = std::move(sentence);
        code = json::error::exception;
        return false;
    }
    bool put(Code& code, bool appended) { return appended || fail(code, {}); }

    // Before every value: the comma of a list, and where the value stands.
    bool begin(Code& code, Place& place) {
        place = Place::Request;
        if (levels.empty())
            return true;
        Level& level = levels.back();
        if (level.isObject) {
            place = member;
            return true;
        }
        place = placeOfElement(level.place);
        return std::exchange(level.empty, false) || put(code, text.append(','));
    }
    // After every value: a member on top is whole.
    bool end() {
        if (levels.size() == 1 && !parsed.members.empty())
            parsed.members.back().end = text.size();
        return true;
    }
    bool open(Code& code, char bracket) {
        Place place{};
        if (!begin(code, place))
            return false;
        const bool isObject = bracket == '{';
        if (levels.empty() && !isObject)
            return fail(code, "The request body must be a JSON object.");
        if (!fits(code, place))
            return false;
        levels.push_back({place, isObject});
        return levels.size() == 1 || put(code, text.append(bracket)); // the outermost ones are the writer's
    }
    bool close(Code& code, char bracket) {
        levels.pop_back();
        return levels.empty() || (put(code, text.append(bracket)) && end());
    }
    // `model` and `stream` are read here and must be what they say they are.
    bool fits(Code& code, Place place) {
        if (place == Place::Model)
            return fail(code, "\"model\" must be a text.");
        return place != Place::Stream || fail(code, "\"stream\" must be true or false.");
    }
    bool scalar(Code& code, std::string_view words) {
        Place place{};
        if (!begin(code, place))
            return false;
        if (levels.empty())
            return fail(code, "The request body must be a JSON object.");
        return put(code, text.append(words)) && end();
    }

    bool nameOnTop(Code& code) {
        if (name.size() > longestName)
            return fail(code, "The request has a member with a name of more than " + std::to_string(longestName) + " letters.");
        const auto twin = [&](const BodyMember& one) { return one.name == name; };
        if (std::any_of(parsed.members.begin(), parsed.members.end(), twin))
            return fail(code, "The request has the member \"" + name + "\" twice.");
        parsed.members.back().name = name;
        return true;
    }
    bool namePart(Text part, Code& code) {
        if (!std::exchange(inName, true)) {
            name.clear();
            Level& level = levels.back();
            const bool first = std::exchange(level.empty, false);
            if (levels.size() == 1) {
                if (parsed.members.size() >= mostMembers)
                    return fail(code, "The request has more than " + std::to_string(mostMembers) + " members.");
                parsed.members.push_back({{}, text.size(), text.size()});
            } else if (!first && !put(code, text.append(','))) {
                return false;
            }
            if (!put(code, text.append('"')))
                return false;
        }
        name += plain(part).substr(0, longestName + 1 - std::min(name.size(), longestName + 1));
        return put(code, appendEscaped(text, plain(part)));
    }
    bool textPart(Text part, Code& code) {
        if (!std::exchange(inText, true)) {
            start.clear();
            if (!begin(code, value) || !put(code, text.append('"')))
                return false;
            if (levels.empty())
                return fail(code, "The request body must be a JSON object.");
            if (value == Place::Stream && !fits(code, value))
                return false;
        }
        start += plain(part).substr(0, longestName + 1 - std::min(start.size(), longestName + 1));
        return put(code, appendEscaped(text, plain(part)));
    }

    bool on_document_begin(Code&) { return true; }
    bool on_document_end(Code&) { return true; }
    bool on_object_begin(Code& code) { return open(code, '{'); }
    bool on_object_end(std::size_t, Code& code) { return close(code, '}'); }
    bool on_array_begin(Code& code) { return open(code, '['); }
    bool on_array_end(std::size_t, Code& code) { return close(code, ']'); }
    bool on_key_part(Text part, std::size_t, Code& code) { return namePart(part, code); }
    bool on_key(Text part, std::size_t, Code& code) {
        if (!namePart(part, code) || !put(code, text.append("\":")))
            return false;
        inName = false;
        member = placeOfMember(levels.back().place, name);
        return levels.size() > 1 || nameOnTop(code);
    }
    bool on_string_part(Text part, std::size_t, Code& code) { return textPart(part, code); }
    bool on_string(Text part, std::size_t, Code& code) {
        if (!textPart(part, code) || !put(code, text.append('"')))
            return false;
        inText = false;
        if (const auto why = whyTextRefused(value, start); !why.empty())
            return fail(code, std::string(why));
        if (value == Place::Model) {
            if (start.size() > longestName)
                return fail(code, "The name of the \"model\" is too long.");
            parsed.model = start;
        }
        return end();
    }
    bool on_number_part(Text part, Code& code) {
        if (std::exchange(inNumber, true))
            return put(code, text.append(plain(part)));
        return (levels.empty() || !levels.back().isObject || fits(code, member)) && scalar(code, plain(part));
    }
    bool numberEnd(Text part, Code& code) {
        const bool done = on_number_part(part, code);
        inNumber = false;
        return done && end();
    }
    bool on_int64(std::int64_t, Text part, Code& code) { return numberEnd(part, code); }
    bool on_uint64(std::uint64_t, Text part, Code& code) { return numberEnd(part, code); }
    bool on_double(double, Text part, Code& code) { return numberEnd(part, code); }
    bool on_bool(bool truth, Code& code) {
        if (levels.size() == 1 && member == Place::Model)
            return fits(code, member);
        if (levels.size() == 1 && member == Place::Stream)
            parsed.stream = truth;
        return scalar(code, truth ? "true" : "false");
    }
    bool on_null(Code& code) {
        if (levels.size() == 1 && member == Place::Model)
            return fits(code, member);
        return scalar(code, "null"); // a "stream" of null is none
    }
    bool on_comment_part(Text, Code&) { return true; }
    bool on_comment(Text, Code&) { return true; }
};

struct BodyParser::State {
    State(const json::parse_options& options, BodyText& text, ParsedBody& parsed) : parser(options, text, parsed) {}
    json::basic_parser<Handler> parser;
};

namespace {
json::parse_options strict() {
    json::parse_options options; // nothing beyond the standard
    options.max_depth = BodyParser::deepest;
    return options;
}
} // namespace

BodyParser::BodyParser(BodyText& text, ParsedBody& parsed) : m_state(std::make_unique<State>(strict(), text, parsed)) {}
BodyParser::~BodyParser() = default;

Status BodyParser::write(std::string_view piece, bool more) {
    auto& parser = m_state->parser;
    Code code;
    const std::size_t used = parser.write_some(more, piece.data(), piece.size(), code);
    if (!code && used < piece.size())
        code = json::error::extra_data;
    if (!code)
        return {};
    if (code == json::error::exception)
        return Error{ErrorCode::InvalidRequest, parser.handler().problem, {}};
    return Error{ErrorCode::InvalidRequest, "The request body is not valid JSON: " + code.message() + ".", {}};
}

Status BodyParser::push(std::string_view piece) {
    return write(piece, true);
}

Status BodyParser::finish() {
    return write({}, false);
}

} // namespace clawloops::gateway
