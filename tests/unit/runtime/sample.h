// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "runtime/runtime_spec.h"

// One cell as the control plane asks for it, and the appliance it is asked of.
namespace sample {

using namespace clawloops;
using namespace clawloops::runtime;

inline StartArgs args() {
    StartArgs args;
    args.cellId = "c0123456789ab";
    args.slot = 3;
    args.username = "alice";
    args.image = "localhost/clawloops/openclaw:e610657e72179282";
    args.token = Secret("tok_0123456789abcdef");
    args.models = {{"starter", "Starter"}, {"starter-litellm", "Starter through LiteLLM"}};
    args.defaultModel = "starter";
    args.origins = {"https://clawloops.local:8444"};
    args.limits = {2684354560, 1.5, 512};
    return args;
}

inline Site site() { return {"0badcafe", "/var/lib/clawloops/cells", "/opt/clawloops/bin/clawloops-cell", args().image}; }

inline EnginePlan rootful() { return {false, "runc", 20000, 10000, true, true}; }
inline EnginePlan rootless() { return {true, "", 20000, std::nullopt, false, false}; }

} // namespace sample
