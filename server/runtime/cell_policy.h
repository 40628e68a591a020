// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "runtime/runtime_spec.h"

namespace clawloops::runtime {

// The runtime manager's own judgement, whatever the control plane asks for: a control plane that was taken over may start and
// stop cells, and nothing else. tst_cell_policy has a case for each row.
//   identifiers   cellId, username, origins, model names and token have their exact forms
//   image         the very one that the runtime manager was started with, and that localhost/clawloops/… or pinned by digest
//   slot          within the reserved ranges of ids
//   network       none
//   privileges    not privileged, no capability, no device, no-new-privileges and no other security option
//   root          read-only; the user is 1000:1000
//   mounts        the cell's own four folders and clawloops-cell, each at its place and with its access
//   program       clawloops-cell first
//   limits        memory ≥ 256 MiB, CPUs 0.05-1024, processes 16-32768; 0, for none, only where the engine cannot limit
[[nodiscard]] Status checkArguments(const StartArgs& args, const Site& site);
[[nodiscard]] Status checkSpec(const RuntimeSpec& spec, const Site& site);
[[nodiscard]] Status checkImage(const std::string& image, const Site& site);
[[nodiscard]] Status checkCellId(const std::string& cellId);
[[nodiscard]] Status checkSlot(std::int64_t slot);

} // namespace clawloops::runtime
