// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace clawloops {

// Where in a JSON text the next byte is that is more than text: a quote, a backslash, a control character; `end` when there is none.
// Most of what goes through the gateway is skipped by this.
[[nodiscard]] inline const char* skipPlain(const char* at, const char* end) {
#if defined(__SSE2__)
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i backslash = _mm_set1_epi8('\\');
    const __m128i control = _mm_set1_epi8(0x1f);
    for (; end - at >= 16; at += 16) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
        const __m128i special = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)),
                                             _mm_cmpeq_epi8(_mm_min_epu8(bytes, control), bytes));
        const auto mask = static_cast<unsigned>(_mm_movemask_epi8(special));
        if (mask != 0)
            return at + std::countr_zero(mask);
    }
#endif
    while (at < end && *at != '"' && *at != '\\' && static_cast<unsigned char>(*at) >= 0x20)
        ++at;
    return at;
}

// Where a JSON text ends or needs somebody's eye: at its closing quote, a control character, an escape that `passes(char)` does not
// let by (it gets the byte behind the backslash) or of which only the backslash is there; else `end`.
template <class Passes> [[nodiscard]] const char* skipText(const char* at, const char* end, Passes passes) {
#if defined(__SSE2__)
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i backslash = _mm_set1_epi8('\\');
    const __m128i control = _mm_set1_epi8(0x1f);
    while (end - at >= 17) { // one more: an escape's second byte is there too
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
        const __m128i special = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)),
                                             _mm_cmpeq_epi8(_mm_min_epu8(bytes, control), bytes));
        std::size_t step = 16;
        for (auto mask = static_cast<unsigned>(_mm_movemask_epi8(special)); mask != 0;) {
            const auto index = static_cast<unsigned>(std::countr_zero(mask));
            if (at[index] != '\\' || !passes(at[index + 1]))
                return at + index;
            mask &= ~(3u << index);
            step = index == 15 ? 17 : 16;
        }
        at += step;
    }
#endif
    while (at < end) {
        const char* const special = skipPlain(at, end);
        if (special == end || *special != '\\' || special + 1 == end || !passes(special[1]))
            return special;
        at = special + 2;
    }
    return at;
}

// The next CR or LF, or `end`.
[[nodiscard]] inline const char* skipLine(const char* at, const char* end) {
#if defined(__SSE2__)
    const __m128i cr = _mm_set1_epi8('\r');
    const __m128i lf = _mm_set1_epi8('\n');
    for (; end - at >= 16; at += 16) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
        const auto mask = static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(bytes, cr), _mm_cmpeq_epi8(bytes, lf))));
        if (mask != 0)
            return at + std::countr_zero(mask);
    }
#endif
    while (at < end && *at != '\r' && *at != '\n')
        ++at;
    return at;
}

} // namespace clawloops
