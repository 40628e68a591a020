// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// HTTP heads and bodies as cells and model servers answer them.
#include "fuzz.h"
#include "messages.h"

namespace clawloops::fuzz {

void take(std::string_view input) {
    takeMessages(stream::MessageReader::Side::Responses, input);
}

} // namespace clawloops::fuzz
