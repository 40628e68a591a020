// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/target_choice.h"

#include <algorithm>

namespace clawloops::model {

std::vector<const Target*> targetsToTry(const Route& route, std::uint64_t draw) {
    std::vector<const Target*> targets;
    std::uint64_t total = 0;
    for (const Target& target : route.targets) {
        targets.push_back(&target);
        total += target.weight;
    }
    if (!route.byWeight || total == 0)
        return targets;
    std::uint64_t left = draw % total;
    for (auto it = targets.begin(); it != targets.end(); ++it) {
        if (left < (*it)->weight) {
            std::rotate(targets.begin(), it, it + 1); // the drawn one first, the others stay in their order
            break;
        }
        left -= (*it)->weight;
    }
    return targets;
}

bool isWorthAnotherTarget(int status) {
    switch (status) {
    case 401:
    case 403:
    case 404:
    case 408:
    case 425:
    case 429: return true;
    default: return status >= 500;
    }
}

} // namespace clawloops::model
