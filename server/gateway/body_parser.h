// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "gateway/body_text.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace clawloops::gateway {

// A member of the request's object, as it stands in the text: "name":value, without white space.
struct BodyMember {
    std::string name;
    std::size_t begin = 0;
    std::size_t end = 0;
};

struct ParsedBody {
    std::vector<BodyMember> members; // in their order, each name once
    std::string model;
    bool stream = false;
};

// Reads a request's JSON strictly while it comes in, in constant memory, and writes it anew into `text`: unescaped and escaped again,
// numbers as they were given, nothing that was not understood. The first error sticks; one that `text` has no room for
// has no sentence.
class BodyParser {
public:
    static constexpr std::size_t mostMembers = 256; // an API has some forty
    static constexpr std::size_t longestName = 200; // of a member on top, and of a model
    static constexpr std::size_t deepest = 128; // a tool's schema nests, but not so far

    BodyParser(BodyText& text, ParsedBody& parsed);
    ~BodyParser();

    [[nodiscard]] Status push(std::string_view piece);
    [[nodiscard]] Status finish();

private:
    struct Handler;
    struct State;
    [[nodiscard]] Status write(std::string_view piece, bool more);
    std::unique_ptr<State> m_state;
};

} // namespace clawloops::gateway
