// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <QString>
#include <optional>
#include <string>

namespace clawloops::gui {

// Files that are nobody else's business: mode 0600, directory made 0700, links and other people's files refused.
[[nodiscard]] Result<std::optional<std::string>> readPrivateFile(const QString& path); // none where there is no file
[[nodiscard]] Status writePrivateFile(const QString& path, std::string_view text);
[[nodiscard]] QString configDirectory(); // $XDG_CONFIG_HOME/clawloops, not made by this call

} // namespace clawloops::gui
