// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "options.h"

// Prints `https://HOST:PORT/#bootstrap=TOKEN` on stdout while there is no admin, else nothing; the secret is in the fragment, which
// no browser sends. Returns the exit code: 0, 69 when the database is not there or has no tables yet. Runs the event loop.
int printBootstrapLink(const LinkOptions& options);
