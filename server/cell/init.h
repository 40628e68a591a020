// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cell/options.h"

namespace clawloops::cell {

// The first process of a cell: opens the joins, starts the program, passes SIGTERM, SIGINT and SIGHUP on to it, reaps
// every orphan, and ends with the program's exit code as soon as that ends (the kernel then ends whatever is left).
// Nothing here is trusted by the host: the owner of a cell may replace this process without any gain.
// 69: a join could not be opened. 71: the machine refused a process.
[[nodiscard]] int runCell(const Options& options);

} // namespace clawloops::cell
