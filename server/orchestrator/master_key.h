// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "base/vault.h"
#include "store/connection.h"

#include <filesystem>
#include <utility>

namespace clawloops::orchestrator {

// The master key's file, and beside it the next one while it is being changed. The database says by fingerprint which of the two the
// credentials are sealed under: it is asked in the same transaction that opens or seals anything, so that no crash between file and
// database leaves a state that does not open. A value; each call reads the files (32 bytes). On store threads.
class MasterKey {
public:
    explicit MasterKey(std::filesystem::path file) : m_file(std::move(file)) {}

    // The key of the credentials in this database. `writing` holds everybody else who writes off until the transaction's end, and
    // makes the first key where nothing was ever sealed here; one that is missing or damaged later is never replaced.
    // Internal: neither file holds it.
    [[nodiscard]] Result<Vault> vault(store::Transaction& tx, bool writing) const;

    // Writes the next key beside the present one: the first step of a change.
    [[nodiscard]] Result<Vault> makeNext(int version) const;
    // After the transaction that sealed everything under the next one was committed: it takes the place of the present one.
    [[nodiscard]] Status settle() const;
    // The same for a change that was cut off between its commit and that: where `present` is the next one.
    [[nodiscard]] Status settleIfNext(const Vault& present) const;

private:
    [[nodiscard]] std::filesystem::path next() const { return m_file.string() + ".next"; }
    std::filesystem::path m_file;
};

} // namespace clawloops::orchestrator
