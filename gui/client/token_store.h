// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "base/secret.h"

#include <QString>
#include <optional>

namespace clawloops::gui {

// One session token in one file of mode 0600, in a directory of mode 0700. A file that others may read is refused with
// what to do, not quietly mended: its token has to be taken as known to them. Blocking, small files; any thread.
class TokenStore {
public:
    explicit TokenStore(QString path) : m_path(std::move(path)) {}
    // The file under which a token for this server is kept by default: $XDG_CONFIG_HOME/clawloops/token-<key>
    [[nodiscard]] static QString defaultPath(const QString& serverKey);

    [[nodiscard]] Result<std::optional<Secret>> read() const; // none where there is no file
    [[nodiscard]] Status write(const Secret& token) const;
    [[nodiscard]] Status remove() const;
    [[nodiscard]] QString path() const { return m_path; }

private:
    QString m_path;
};

} // namespace clawloops::gui
