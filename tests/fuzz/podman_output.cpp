// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What podman prints: a version nobody has seen yet must not bring the runtime manager down.
#include "fuzz.h"

#include "runtime/podman_output.h"

#include <set>

namespace clawloops::fuzz {

void take(std::string_view input) {
    static const std::set<std::string_view> states{"created", "running", "paused", "exited", "removed"};
    if (const auto cells = runtime::parsePodmanList(input)) {
        for (const runtime::ListedCell& listed : *cells) {
            require(states.contains(listed.cell.state) && listed.cell.state != "removed", "a state that we know");
            require(listed.cell.cellId.size() == 13, "a cell of ours");
        }
    }
    if (const auto event = runtime::parsePodmanEvent(input))
        require(states.contains(event->state) && event->cellId.size() == 13, "an event of a cell of ours");
    static_cast<void>(runtime::parsePodmanInfo(input));
    static_cast<void>(runtime::cellState(input));
}

} // namespace clawloops::fuzz
