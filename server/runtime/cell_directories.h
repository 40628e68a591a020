// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "base/secret.h"
#include "runtime/cell_layout.h"

#include <string>
#include <string_view>

namespace clawloops::runtime {

// The folders of cells on disk. A cell owns in/ and home/ and may have put anything there, so every step goes through
// descriptors, one name at a time, and follows no link. Blocking; wipe() may take long: call it on a worker thread.
class CellDirectories {
public:
    // `cells` must exist. Rootless: everything belongs to this process's user, and nothing is given away.
    CellDirectories(std::string cells, Accounts accounts, bool rootless);

    // Makes root, in, out, config and home, or puts their owners and modes right. Refuses a home that belongs to another
    // slot's range, and anything that is not a folder.
    [[nodiscard]] Status prepare(const std::string& cellId, std::int64_t slot) const;
    // openclaw.json, and beside it the token in a file that is the cell user's own and closed to everybody else: OpenClaw takes
    // it no other way. The mount is read-only for the cell all the same.
    [[nodiscard]] Status writeConfig(const std::string& cellId, std::int64_t slot, std::string_view text, const Secret& token) const;
    // Removes everything of the cell; one that has nothing is a success. Stops with an error at a mount point.
    [[nodiscard]] Status wipe(const std::string& cellId) const;
    // A descriptor (O_PATH) of in.sock, opened beneath the cell's folder; the caller closes it.
    [[nodiscard]] Result<int> openInSocket(const std::string& cellId) const;

private:
    struct Owner;
    [[nodiscard]] Owner owner(std::int64_t slot) const;

    std::string m_cells;
    Accounts m_accounts;
    bool m_rootless;
};

} // namespace clawloops::runtime
