// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <string>

namespace clawloops::runtime {

// Removes the folder `name` of the open folder `parent` with all it holds. Follows no link, crosses no mount point (an
// error then, everything of the mount untouched), and needs a bounded number of descriptors however deep the tree is. A name
// that is not there is a success. `shown` is what an error calls it. Blocking.
[[nodiscard]] Status wipeTree(int parent, const std::string& name, const std::string& shown);

} // namespace clawloops::runtime
