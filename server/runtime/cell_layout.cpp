// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/cell_layout.h"

#include <algorithm>

namespace clawloops::runtime {

bool isCellId(std::string_view text) {
    return text.size() == 13 && text[0] == 'c' && std::all_of(text.begin() + 1, text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    });
}

} // namespace clawloops::runtime
