// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "store/connection.h"

#include <filesystem>
#include <string>
#include <vector>

namespace clawloops::store {

struct Migration {
    int number = 0;
    std::string name; // "0001_identity"
    std::string sql;
    std::string checksum; // hex SHA-256 of the file
};

// Reads NNNN_name.sql from a folder, in order, from 1 without a gap.
[[nodiscard]] Result<std::vector<Migration>> readMigrations(const std::filesystem::path& folder);

// Applies what the database does not have, each in a transaction of its own, under a lock that makes two starting processes
// take turns. Nothing is changed and the answer is one sentence (InvalidRequest) when an applied migration was edited since, is
// missing from the folder, or when the database knows a later one than the folder has.
[[nodiscard]] Status applyMigrations(Connection& connection, const std::vector<Migration>& migrations);

} // namespace clawloops::store
