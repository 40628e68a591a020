// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// HTTP heads and bodies as Traefik and cells send them.
#include "fuzz.h"
#include "messages.h"

namespace clawloops::fuzz {

void take(std::string_view input) {
    takeMessages(stream::MessageReader::Side::Requests, input);
}

} // namespace clawloops::fuzz
