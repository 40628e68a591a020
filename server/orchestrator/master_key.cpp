// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "orchestrator/master_key.h"

#include "base/files.h"
#include "base/random.h"

#include <cerrno>
#include <cstdio>
#include <utility>

namespace clawloops::orchestrator {

namespace {

Result<Vault> read(const std::filesystem::path& file, int version) {
    auto bytes = readFile(file);
    if (!bytes)
        return bytes.error();
    return Vault::make(Secret(std::move(*bytes)), version);
}

} // namespace

Result<Vault> MasterKey::vault(store::Transaction& tx, bool writing) const {
    if (writing)
        if (const Status alone = tx.exec("LOCK TABLE master_key IN EXCLUSIVE MODE"); !alone)
            return alone.error();
    auto known = tx.query("SELECT version, fingerprint FROM master_key");
    if (!known)
        return known.error();
    if (known->empty()) { // nothing was ever sealed here
        auto first = read(m_file, 1);
        std::error_code ignored;
        if (!first && writing && !std::filesystem::exists(m_file, ignored)) {
            if (const Status made = writeFileAtomically(m_file, randomBytes(32), 0400); !made)
                return Error{ErrorCode::Unavailable, "The master key could not be written: " + made.error().message, {}};
            first = read(m_file, 1);
        }
        if (first && writing) {
            const Status noted = tx.exec("INSERT INTO master_key (version, fingerprint) VALUES (1, $1)", {first->fingerprint()});
            if (!noted)
                return noted.error();
        }
        return first;
    }
    const auto version = static_cast<int>(known->front().integer(0));
    // The first one again: the next one may have taken its place meanwhile.
    for (const std::filesystem::path& file : {m_file, next(), m_file}) {
        auto one = read(file, version);
        if (one && one->fingerprint() == known->front().text(1))
            return one;
    }
    return Error{ErrorCode::Internal, "The master key is not the one that the providers' credentials were sealed with. Put " + m_file.string() +
                                          " back from the backup that the database is from.", {}};
}

Result<Vault> MasterKey::makeNext(int version) const {
    const std::string bytes = randomBytes(32);
    const Status written = writeFileAtomically(next(), bytes, 0400);
    if (!written)
        return Error{ErrorCode::Unavailable, "The new master key could not be written: " + written.error().message, {}};
    return Vault::make(Secret(bytes), version);
}

Status MasterKey::settle() const {
    if (std::rename(next().c_str(), m_file.c_str()) != 0)
        return Error{ErrorCode::Unavailable, "The new master key is in use, but could not take the old one's place at " + m_file.string() + ": " +
                                                 systemReason(errno) + ".", {}};
    return {};
}

Status MasterKey::settleIfNext(const Vault& present) const {
    const auto waiting = read(next(), present.version());
    return waiting && waiting->fingerprint() == present.fingerprint() ? settle() : Status();
}

} // namespace clawloops::orchestrator
