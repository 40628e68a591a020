// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "stream/frame_pool.h"

#include <array>
#include <new>

namespace clawloops::stream::frame_pool {

namespace {

constexpr std::size_t step = 64;
constexpr std::size_t largest = 2048;
constexpr unsigned mostKept = 64;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool pooled = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool pooled = false;
#else
constexpr bool pooled = true;
#endif
#else
constexpr bool pooled = true;
#endif

struct Free {
    Free* next;
};
struct Class {
    Free* first;
    unsigned count;
};
// No destructor: frames may be given back while a thread ends, after everything else of it is gone.
thread_local std::array<Class, largest / step> classes{};

} // namespace

void* take(std::size_t bytes) {
    if (!pooled || bytes > largest)
        return ::operator new(bytes);
    const std::size_t index = (bytes - 1) / step;
    Class& kept = classes[index];
    if (!kept.first)
        return ::operator new((index + 1) * step);
    Free* const frame = kept.first;
    kept.first = frame->next;
    --kept.count;
    return frame;
}

void give(void* frame, std::size_t bytes) noexcept {
    if (pooled && bytes <= largest) {
        Class& kept = classes[(bytes - 1) / step];
        if (kept.count < mostKept) {
            kept.first = new (frame) Free{kept.first};
            ++kept.count;
            return;
        }
    }
    ::operator delete(frame);
}

} // namespace clawloops::stream::frame_pool
