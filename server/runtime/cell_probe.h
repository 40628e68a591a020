// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "wire/runtime_verbs.h"

#include <QObject>

#include <functional>
#include <string_view>

namespace clawloops::runtime {

// Asks OpenClaw's /readyz over an open in.sock (a descriptor, taken over and closed). The cell is untrusted: at most 16 KiB of
// its answer are read, for at most 3 s, and a lie about its state harms only its owner. Not an error: "not yet" is an answer.
// The callback runs once on this thread, later, unless `guard` died before.
void probeCell(int inSocket, QObject* guard, std::function<void(Probe)> callback);

// Judges what came back; `closed` says whether the cell had finished. None: read on.
[[nodiscard]] std::optional<Probe> judgeProbeAnswer(std::string_view text, bool closed);

} // namespace clawloops::runtime
