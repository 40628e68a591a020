// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"

#include <string>
#include <vector>

namespace clawloops::orchestrator {

struct OrchestratorSettings {
    std::string image; // reference of the OpenClaw image
    std::string defaultModel = "starter";
    std::vector<std::string> origins; // "https://host:8444"
    std::int64_t memoryBytes = std::int64_t(3) << 30;
    double cpus = 2;
    std::int64_t pids = 512;
    bool smallPrompt = true; // right while the starter model is the default
    int concurrentStarts = 2; // a boot costs 20 s of a core
    std::chrono::milliseconds listEvery{10'000}; // the periodic full listing
    std::chrono::milliseconds probeEvery{250};
    std::chrono::milliseconds startSlotFor{90'000}; // a start that takes longer lets the next one begin
    std::chrono::milliseconds readyWithin{600'000}; // then the start has failed
    std::chrono::milliseconds firstBackoff{500}; // doubling to a minute, ± 20 %
    int crashesAllowed = 4; // in crashWindow, then it stays in error until somebody starts it
    std::chrono::milliseconds crashWindow{600'000};
};

} // namespace clawloops::orchestrator
