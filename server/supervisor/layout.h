// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "supervisor/component_spec.h"
#include "supervisor/places.h"

#include <vector>

namespace clawloops::supervisor {

// Every directory of internals.md with its owner, group and mode, parents first. Pure.
[[nodiscard]] std::vector<DirectorySpec> directoryLayout(const Places& places);

// Makes them, or puts owner and mode right. Walks from / down with openat and refuses a symbolic link at and below the data
// and run directories, and a directory that belongs to neither the supervisor's account nor the wanted owner. Blocks.
[[nodiscard]] Status makeDirectories(const std::vector<DirectorySpec>& directories);

// Writes a small file with owner and mode beside its name and renames it over. The directory is opened without following a
// link at its end.
[[nodiscard]] Status writeOwned(const RenderedFile& file);

} // namespace clawloops::supervisor
