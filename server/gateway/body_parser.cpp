// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/body_parser.h"

#include "base/text_scan.h"

#include <algorithm>

namespace clawloops::gateway {
namespace {

bool isSpace(char c) {
    return c <= ' ' && (c == ' ' || c == '\n' || c == '\r' || c == '\t');
}

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

// Whether a member's name means something in an object that stands there.
bool namesMatter(Place place) {
    return place == Place::Request || place == Place::Content || place == Place::Part || place == Place::Address || place == Place::Tool;
}

bool textsMatter(Place place) {
    return place == Place::Address || place == Place::ToolType || place == Place::Model;
}

constexpr std::string_view escapes = "\"\\/bfnrt";
constexpr auto isEscape = [] {
    std::array<bool, 256> all{};
    for (const char c : escapes)
        all[static_cast<unsigned char>(c)] = true;
    return all;
}();
constexpr std::string_view escaped = "\"\\/\b\f\n\r\t";

Error notJson() {
    return {ErrorCode::InvalidRequest,
            "The request body is not valid JSON: it has to be strict JSON in UTF-8, nested at most " + std::to_string(BodyParser::deepest) + " levels deep.", {}};
}

} // namespace

Status BodyParser::push(std::string_view piece) {
    m_begin = piece.data();
    const char* at = m_begin;
    const bool fits = read(at, m_begin + piece.size());
    m_offset += piece.size();
    if (fits)
        return m_utf8.push(piece) ? Status() : notJson();
    // Which error is told must not depend on how the bytes arrived: what is no text up to here comes first.
    if (!m_utf8.push(piece.substr(0, static_cast<std::size_t>(at - m_begin) + 1)) || m_problem.empty())
        return notJson();
    return Error{ErrorCode::InvalidRequest, m_problem, {}};
}

Status BodyParser::finish() {
    return m_state == State::Whole ? Status() : notJson();
}

bool BodyParser::refuse(std::string sentence) {
    m_problem = std::move(sentence);
    return false;
}

inline Place BodyParser::placeHere() const {
    const Level& level = m_levels[m_depth];
    if (level.isObject)
        return m_member;
    return level.place == Place::Free ? Place::Free : placeOfElement(level.place);
}

inline void BodyParser::endValue(const char* behind) {
    m_state = m_depth == 0 ? State::Whole : State::CommaOrEnd;
    if (m_depth == 1)
        m_parsed.members.back().end = offsetOf(behind);
}

inline bool BodyParser::beginText(bool isName, Place place) {
    m_isName = isName;
    m_keeps = isName ? namesMatter(place) : textsMatter(place);
    if (m_keeps)
        m_kept.clear();
    m_state = State::Text;
    return true;
}

bool BodyParser::beginLiteral(const char* rest) {
    m_rest = rest;
    m_state = State::Literal;
    if (m_place == Place::Stream)
        m_parsed.stream = *rest == 'r';
    return true;
}

bool BodyParser::open(const char* at) {
    const Place place = m_depth == 0 ? Place::Request : m_place;
    if (m_depth == deepest)
        return false;
    const bool isObject = *at == '{';
    m_levels[++m_depth] = {place, isObject};
    m_state = isObject ? State::NameOrEnd : State::ValueOrEnd;
    return true;
}

inline bool BodyParser::close(const char* at) {
    if (*at != (m_levels[m_depth].isObject ? '}' : ']'))
        return false;
    --m_depth;
    endValue(at + 1);
    return true;
}

inline bool BodyParser::beginValue(const char* at) {
    const char c = *at;
    if (m_depth == 0)
        return c == '{' ? open(at) : refuse("The request body must be a JSON object.");
    m_place = placeHere();
    if (m_depth == 1)
        m_parsed.members.back().value = offsetOf(at);
    // `model` and `stream` are read here and must be what they say they are.
    if (m_place == Place::Model && c != '"')
        return refuse("\"model\" must be a text.");
    if (m_place == Place::Stream && c != 't' && c != 'f' && c != 'n') // a "stream" of null is none
        return refuse("\"stream\" must be true or false.");
    switch (c) {
    case '"': return beginText(false, m_place);
    case '{':
    case '[': return open(at);
    case 't': return beginLiteral("rue");
    case 'f': return beginLiteral("alse");
    case 'n': return beginLiteral("ull");
    case '-': m_state = State::Minus; return true;
    case '0': m_state = State::Zero; return true;
    default: m_state = State::Digits; return isDigit(c);
    }
}

inline bool BodyParser::beginName(const char* at) {
    const Place place = m_levels[m_depth].place;
    m_member = Place::Free;
    if (m_depth == 1) {
        if (m_parsed.members.size() >= mostMembers)
            return refuse("The request has more than " + std::to_string(mostMembers) + " members.");
        if (m_parsed.members.empty())
            m_parsed.members.reserve(16);
        m_parsed.members.push_back({{}, offsetOf(at), 0, 0});
    }
    return beginText(true, place);
}

void BodyParser::keep(std::string_view part) {
    if (m_keeps)
        m_kept += part.substr(0, longestName + 1 - std::min(m_kept.size(), longestName + 1));
}

bool BodyParser::endName(std::string_view name) {
    m_member = placeOfMember(m_levels[m_depth].place, name);
    if (m_depth > 1)
        return true;
    if (name.size() > longestName)
        return refuse("The request has a member with a name of more than " + std::to_string(longestName) + " letters.");
    const auto twin = [&](const BodyMember& one) { return one.name == name; };
    if (std::any_of(m_parsed.members.begin(), m_parsed.members.end() - 1, twin))
        return refuse("The request has the member \"" + std::string(name) + "\" twice.");
    m_parsed.members.back().name = name;
    return true;
}

inline bool BodyParser::endText(std::string_view text, const char* behind) {
    if (m_isName) {
        m_state = State::Colon;
        return !m_keeps || endName(text);
    }
    if (m_keeps) {
        if (const auto why = whyTextRefused(m_place, text); !why.empty())
            return refuse(std::string(why));
        if (m_place == Place::Model) {
            if (text.size() > longestName)
                return refuse("The name of the \"model\" is too long.");
            m_parsed.model = text;
        }
    }
    endValue(behind);
    return true;
}

inline bool BodyParser::readText(const char*& at, const char* end) {
    const char* const from = at;
    const bool clean = !m_keeps || m_kept.empty(); // nothing of it but what lies between `from` and here
    // Escapes that stand for one letter are most of them; they are done with right here when nobody looks at the text.
    at = skipText(at, end, [this](char c) { return !m_keeps && isEscape[static_cast<unsigned char>(c)]; });
    if (at < end && *at == '\\') {
        keep({from, static_cast<std::size_t>(at - from)});
        m_state = State::Escape;
        ++at;
        return true;
    }
    const std::string_view rest(from, static_cast<std::size_t>(at - from));
    if (at == end) {
        keep(rest);
        return true;
    }
    if (*at != '"')
        return false; // a control character
    if (!clean)
        keep(rest);
    const bool fits = endText(clean ? rest : std::string_view(m_kept), at + 1);
    at += fits ? 1 : 0;
    return fits;
}

// One byte that is neither white space nor inside of a text, number or literal.
inline bool BodyParser::step(const char* at) {
    const char c = *at;
    switch (m_state) {
    case State::Value: return beginValue(at);
    case State::ValueOrEnd: return c == ']' ? close(at) : beginValue(at);
    case State::Name: return c == '"' && beginName(at);
    case State::NameOrEnd: return c == '}' ? close(at) : c == '"' && beginName(at);
    case State::Colon:
        m_state = State::Value;
        return c == ':';
    case State::CommaOrEnd:
        if (c != ',')
            return close(at);
        m_state = m_levels[m_depth].isObject ? State::Name : State::Value;
        return true;
    default: return false; // behind the whole value
    }
}

bool BodyParser::readLiteral(const char*& at, const char* end) {
    for (; at < end && m_state == State::Literal; ++at) {
        if (*at != *m_rest)
            return false;
        if (*++m_rest == '\0')
            endValue(at + 1);
    }
    return true;
}

void BodyParser::keepCode(std::uint32_t code) {
    char utf8[4];
    std::size_t size = 0;
    const auto put = [&](std::uint32_t byte) { utf8[size++] = static_cast<char>(byte); };
    if (code < 0x80) {
        put(code);
    } else if (code < 0x800) {
        put(0xc0 | code >> 6);
        put(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
        put(0xe0 | code >> 12);
        put(0x80 | (code >> 6 & 0x3f));
        put(0x80 | (code & 0x3f));
    } else {
        put(0xf0 | code >> 18);
        put(0x80 | (code >> 12 & 0x3f));
        put(0x80 | (code >> 6 & 0x3f));
        put(0x80 | (code & 0x3f));
    }
    keep({utf8, size});
}

bool BodyParser::readEscaped(const char*& at, const char* end) {
    for (; at < end && m_state != State::Text; ++at) {
        const char c = *at;
        if (m_state == State::Hex) {
            if (!takeHex(c))
                return false;
        } else if (m_state == State::SecondBackslash) {
            m_state = State::SecondU;
            if (c != '\\')
                return false;
        } else if (c == 'u') {
            m_state = State::Hex;
            m_code = 0;
            m_digits = 0;
        } else {
            const std::size_t which = escapes.find(c);
            if (m_state == State::SecondU || which == std::string_view::npos)
                return false;
            keep(escaped.substr(which, 1));
            m_state = State::Text;
        }
    }
    return true;
}

bool BodyParser::takeHex(char c) {
    const char lower = static_cast<char>(c | 0x20);
    if (!isDigit(c) && (lower < 'a' || lower > 'f'))
        return false;
    m_code = m_code << 4 | static_cast<std::uint32_t>(isDigit(c) ? c - '0' : lower - 'a' + 10);
    if (++m_digits < 4)
        return true;
    const bool isSecond = m_code >= 0xdc00 && m_code < 0xe000;
    if (isSecond != (m_first != 0))
        return false; // half a pair
    if (m_code >= 0xd800 && m_code < 0xdc00) {
        m_first = m_code;
        m_state = State::SecondBackslash;
        return true;
    }
    keepCode(isSecond ? 0x10000 + ((m_first - 0xd800) << 10) + (m_code - 0xdc00) : m_code);
    m_first = 0;
    m_state = State::Text;
    return true;
}

bool BodyParser::readNumber(const char*& at, const char* end) {
    for (; at < end; ++at) {
        const char c = *at;
        const bool digit = isDigit(c);
        const bool exponent = c == 'e' || c == 'E';
        switch (m_state) {
        case State::Minus:
            if (!digit)
                return false;
            m_state = c == '0' ? State::Zero : State::Digits;
            continue;
        case State::Zero:
        case State::Digits:
            if (digit && m_state == State::Digits)
                continue;
            if (c == '.' || exponent) {
                m_state = exponent ? State::E : State::Point;
                continue;
            }
            break;
        case State::Point:
            if (!digit)
                return false;
            m_state = State::Fraction;
            continue;
        case State::Fraction:
            if (digit)
                continue;
            if (exponent) {
                m_state = State::E;
                continue;
            }
            break;
        case State::E:
            if (c == '+' || c == '-') {
                m_state = State::Sign;
                continue;
            }
            [[fallthrough]];
        case State::Sign:
            if (!digit)
                return false;
            m_state = State::Exponent;
            continue;
        default: // an exponent's digits
            if (digit)
                continue;
        }
        endValue(at); // this byte is looked at again, as what comes behind
        return true;
    }
    return true;
}

bool BodyParser::read(const char*& at, const char* end) {
    while (at < end) {
        bool fits = true;
        switch (m_state) {
        case State::Text: fits = readText(at, end); break;
        case State::Escape:
        case State::Hex:
        case State::SecondBackslash:
        case State::SecondU: fits = readEscaped(at, end); break;
        case State::Minus:
        case State::Zero:
        case State::Digits:
        case State::Point:
        case State::Fraction:
        case State::E:
        case State::Sign:
        case State::Exponent: fits = readNumber(at, end); break;
        case State::Literal: fits = readLiteral(at, end); break;
        default:
            if (isSpace(*at)) {
                ++at;
                continue;
            }
            fits = step(at);
            at += fits ? 1 : 0;
        }
        if (!fits)
            return false;
    }
    return true;
}

} // namespace clawloops::gateway
