// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/json_skimmer.h"

#include "base/text_scan.h"

#include <optional>

namespace clawloops::gateway {
namespace {

using Slot = JsonSkimmer::Slot;

std::optional<Slot> slotFor(int depth, std::string_view outer, std::string_view name) {
    if (depth == 1) {
        if (name == "id")
            return Slot::Id;
        if (name == "usage")
            return Slot::Usage;
        if (name == "timings")
            return Slot::Timings;
        if (name == "type")
            return Slot::Type;
        if (name == "error")
            return Slot::Error;
        return std::nullopt;
    }
    if (outer == "response")
        return name == "id" ? std::optional(Slot::ResponseId) : name == "usage" ? std::optional(Slot::ResponseUsage) : std::nullopt;
    if (outer == "message")
        return name == "id" ? std::optional(Slot::MessageId) : name == "usage" ? std::optional(Slot::MessageUsage) : std::nullopt;
    return std::nullopt;
}

constexpr std::size_t longestName = 16; // the names that we know are shorter

} // namespace

bool JsonSkimmer::readsNames(int depth) const {
    if (depth < 1 || depth > watched || !m_isObject[static_cast<std::size_t>(depth)])
        return false;
    return depth == 1 || m_names[1] == "response" || m_names[1] == "message";
}

// Deeper than anything that is looked at: only brackets and the ends of texts count.
const char* JsonSkimmer::skimDeep(const char* at, const char* end) {
    for (; at < end; ++at) {
        const char c = *at;
        if (c == '"') {
            m_inString = true;
            m_inName = false;
            return at + 1;
        }
        if ((c | 0x20) != '{' && (c | 0x20) != '}') // both kinds of bracket differ by this one bit
            continue;
        m_depth += (c | 0x20) == '{' ? 1 : -1;
        if (m_depth <= watched || m_depth > deepest)
            return at + 1;
    }
    return at;
}

void JsonSkimmer::push(std::string_view piece) {
    const char* const end = piece.data() + piece.size();
    for (const char* at = piece.data(); at < end && m_depth <= deepest;) { // deeper is given up, until reset()
        if (!m_inString && !m_capture && m_depth > watched) {
            at = skimDeep(at, end);
            continue;
        }
        if (m_inString && !m_capture && !m_inName && !m_escaped) { // most of an answer: jump to the string's end
            at = skipText(at, end, [](char) { return true; });
            if (at == end)
                return;
        }
        const char c = *at++;
        if (!m_inString) {
            structural(c);
            continue;
        }
        if (m_capture && m_capture->size() <= longestText)
            m_capture->push_back(c);
        if (m_escaped) {
            m_escaped = false;
        } else if (c == '\\') {
            m_escaped = true;
        } else if (c == '"') {
            m_inString = false;
            m_inName = false;
            continue;
        }
        if (m_inName && m_names[static_cast<std::size_t>(m_depth)].size() <= longestName)
            m_names[static_cast<std::size_t>(m_depth)].push_back(c);
    }
}

void JsonSkimmer::structural(char c) {
    const auto level = static_cast<std::size_t>(m_depth);
    if (m_capture && m_depth == m_captureDepth && (c == ',' || c == '}' || c == ']'))
        endCapture();
    else if (m_capture && m_capture->size() <= longestText)
        m_capture->push_back(c);
    switch (c) {
    case '"':
        m_begun = true;
        m_inString = true;
        m_inName = readsNames(m_depth) && m_expectsName[level];
        if (m_inName)
            m_names[level].clear();
        break;
    case ':':
        if (readsNames(m_depth) && m_expectsName[level]) {
            m_expectsName[level] = false;
            startCapture();
        }
        break;
    case ',':
        if (m_depth >= 1 && m_depth <= watched)
            m_expectsName[level] = true;
        break;
    case '{':
    case '[':
        m_begun = true;
        if (++m_depth > deepest && m_capture) {
            m_capture->clear();
            m_capture = nullptr;
        }
        if (m_depth <= watched) {
            m_isObject[level + 1] = c == '{';
            m_expectsName[level + 1] = true;
            m_names[level + 1].clear();
        }
        break;
    case '}':
    case ']':
        if (m_depth > 0)
            --m_depth;
        break;
    default: break;
    }
}

void JsonSkimmer::startCapture() {
    const auto slot = slotFor(m_depth, m_names[1], m_names[static_cast<std::size_t>(m_depth)]);
    if (!slot || m_capture)
        return;
    m_capture = &m_texts[static_cast<std::size_t>(*slot)];
    m_capture->clear();
    m_captureDepth = m_depth;
}

void JsonSkimmer::endCapture() {
    if (m_capture->size() > longestText)
        m_capture->clear();
    m_capture = nullptr;
}

void JsonSkimmer::reset() {
    for (std::string& text : m_texts)
        text.clear();
    m_capture = nullptr;
    m_depth = 0;
    m_begun = m_inString = m_escaped = m_inName = false;
}

std::string_view JsonSkimmer::text(Slot slot) const {
    std::string_view text = m_texts[static_cast<std::size_t>(slot)];
    constexpr std::string_view white = " \t\r\n";
    const std::size_t from = text.find_first_not_of(white);
    if (from == std::string_view::npos)
        return {};
    return text.substr(from, text.find_last_not_of(white) - from + 1);
}

std::string JsonSkimmer::unquoted(Slot slot) const {
    const std::string_view raw = text(slot);
    if (raw.size() < 2 || raw.front() != '"' || raw.back() != '"' || raw.find('\\') != std::string_view::npos)
        return {};
    return std::string(raw.substr(1, raw.size() - 2));
}

} // namespace clawloops::gateway
