// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

namespace clawloops::stream::frame_pool {

// Memory for coroutine frames: a request makes some forty of them, one after another, of few sizes. Each thread keeps what it gave
// back, up to 64 of a size class; what is larger than 2 KiB comes from the heap and goes there. Under a sanitizer all of it does,
// so that a frame that is used after its end is seen.
[[nodiscard]] void* take(std::size_t bytes);
void give(void* frame, std::size_t bytes) noexcept;

} // namespace clawloops::stream::frame_pool
