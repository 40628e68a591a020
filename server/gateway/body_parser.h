// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "gateway/outside_addresses.h"
#include "gateway/utf8_check.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace clawloops::gateway {

// A member of the request's object, as it stands in the text: from its name's quote to its value's end.
struct BodyMember {
    std::string name; // unescaped
    std::size_t begin = 0;
    std::size_t value = 0; // where the value begins
    std::size_t end = 0;
};

struct ParsedBody {
    std::vector<BodyMember> members; // in their order, each name once
    std::string model;
    bool stream = false;
};

// Reads a request's JSON strictly while it comes in, in constant memory: RFC 8259 to the letter, UTF-8, no half surrogates, at
// most `deepest` levels. It changes nothing, so that what was read can be passed on as it came. The first error ends it.
// Of names and texts it looks only at those that mean something where they stand (outside_addresses.h), unescaped.
class BodyParser {
public:
    static constexpr std::size_t mostMembers = 256; // an API has some forty
    static constexpr std::size_t longestName = 200; // of a member on top, and of a model
    static constexpr std::size_t deepest = 128; // a tool's schema nests, but not so far

    explicit BodyParser(ParsedBody& parsed) : m_parsed(parsed) {}

    [[nodiscard]] Status push(std::string_view piece);
    [[nodiscard]] Status finish();

private:
    enum class State : std::uint8_t {
        Value,
        ValueOrEnd, // behind a [
        Name,
        NameOrEnd, // behind a {
        Colon,
        CommaOrEnd,
        Whole,
        Text, // inside of one, and so are the next four
        Escape,
        Hex,
        SecondBackslash, // behind the first half of a surrogate pair
        SecondU,
        Literal,
        Minus, // numbers: what was read last
        Zero,
        Digits,
        Point,
        Fraction,
        E,
        Sign,
        Exponent,
    };
    struct Level {
        Place place;
        bool isObject;
    };

    // Each goes on at `at` and leaves it behind what it read, or, when it gives false, at the byte that is wrong.
    [[nodiscard]] bool read(const char*& at, const char* end);
    [[nodiscard]] bool step(const char* at);
    [[nodiscard]] bool readText(const char*& at, const char* end);
    [[nodiscard]] bool readEscaped(const char*& at, const char* end);
    [[nodiscard]] bool readNumber(const char*& at, const char* end);
    [[nodiscard]] bool readLiteral(const char*& at, const char* end);
    [[nodiscard]] bool beginValue(const char* at);
    [[nodiscard]] bool beginLiteral(const char* rest);
    [[nodiscard]] bool beginText(bool isName, Place place);
    [[nodiscard]] bool open(const char* at);
    [[nodiscard]] bool close(const char* at);
    [[nodiscard]] bool beginName(const char* at);
    [[nodiscard]] bool endText(std::string_view text, const char* behind);
    [[nodiscard]] bool endName(std::string_view name);
    void endValue(const char* behind);
    [[nodiscard]] std::size_t offsetOf(const char* at) const { return m_offset + static_cast<std::size_t>(at - m_begin); }
    [[nodiscard]] bool takeHex(char c);
    void keep(std::string_view part);
    void keepCode(std::uint32_t code);
    [[nodiscard]] bool refuse(std::string sentence);
    [[nodiscard]] Place placeHere() const;

    ParsedBody& m_parsed;
    Utf8Check m_utf8;
    std::array<Level, deepest + 1> m_levels{};
    std::size_t m_depth = 0;
    std::size_t m_offset = 0; // of the piece under way
    const char* m_begin = nullptr; // its bytes
    State m_state = State::Value;
    Place m_member = Place::Free; // where the value behind the name that was read last stands
    Place m_place = Place::Free; // where the text or literal under way stands
    bool m_isName = false; // the text under way is one
    bool m_keeps = false; // its beginning is looked at in the end
    std::string m_kept; // that beginning, when it does not lie in one piece without escapes
    const char* m_rest = ""; // of the literal
    std::uint32_t m_code = 0; // of \uXXXX
    std::uint32_t m_first = 0; // of a surrogate pair
    int m_digits = 0;
    std::string m_problem; // a sentence, when it is another than that this is no JSON
};

} // namespace clawloops::gateway
