// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace clawloops::gateway {

// Picks a few members out of one JSON value that comes in pieces, however long it is, in constant memory: an answer of any size
// is metered without being kept. It does not validate; what it picks is parsed by whoever takes it. A member's text longer
// than 8 KiB is given up (empty), and so is the rest of a value that is nested deeper than 1000: it never becomes whole.
class JsonSkimmer {
public:
    enum class Slot { Id, Usage, Timings, Type, Error, ResponseId, ResponseUsage, MessageId, MessageUsage };

    void push(std::string_view piece);
    void reset();
    [[nodiscard]] std::string_view text(Slot slot) const; // raw JSON without white space around; empty when it was not there
    [[nodiscard]] std::string unquoted(Slot slot) const; // a string's plain inside; empty when it is none or has escapes
    [[nodiscard]] bool whole() const { return m_begun && m_depth == 0 && !m_inString; } // never once it is given up

private:
    static constexpr std::size_t slotCount = 9;
    static constexpr std::size_t longestText = 8192;
    static constexpr int deepest = 1000;
    static constexpr int watched = 2; // depths at which names are read

    [[nodiscard]] const char* skimDeep(const char* at, const char* end);
    void structural(char c);
    void startCapture();
    void endCapture();
    [[nodiscard]] bool readsNames(int depth) const;

    std::array<std::string, slotCount> m_texts;
    std::array<std::string, watched + 1> m_names; // current member at depths 1 and 2
    std::array<bool, watched + 1> m_isObject{};
    std::array<bool, watched + 1> m_expectsName{};
    std::string* m_capture = nullptr;
    int m_captureDepth = 0;
    int m_depth = 0;
    bool m_begun = false;
    bool m_inString = false;
    bool m_escaped = false;
    bool m_inName = false;
};

} // namespace clawloops::gateway
