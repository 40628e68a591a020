// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "supervisor/component_spec.h"
#include "supervisor/process_facts.h"

namespace clawloops::supervisor {

struct StartedProcess {
    ProcessIdentity identity;
    int pidFd = -1; // the caller's to close
};

// Starts the component's program detached: own session, its account with all supplementary groups, stdin from /dev/null,
// output appended to its log, no descriptor of ours (but `socket`, as CheckPort::inheritedAs), no core file, default signals. The child survives us. The answer comes
// after exec: an exec that failed is an Error. Blocks for the time of a fork.
// `nonce` marks the process for adoption; the caller has written it down before.
[[nodiscard]] Result<StartedProcess> startProcess(const ComponentSpec& spec, const std::string& nonce, int socket = -1);
// The same for one of its preparations, in the same account and log.
[[nodiscard]] Result<StartedProcess> startPreparation(const ComponentSpec& spec, const Preparation& preparation);

} // namespace clawloops::supervisor
