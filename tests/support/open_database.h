// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/database.h"
#include "support/postgres.h"

#include <QTest>

#include <functional>
#include <memory>
#include <optional>

namespace clawloops::test {

// Runs the event loop until an asynchronous call has answered: await<User>([&](auto done) { service.user(id, guard, done); }).
template <class T> Result<T> await(const std::function<void(std::function<void(Result<T>)>)>& call, int milliseconds = 60'000) {
    auto outcome = std::make_shared<std::optional<Result<T>>>();
    call([outcome](Result<T> result) { *outcome = std::move(result); });
    if (!QTest::qWaitFor([&outcome] { return outcome->has_value(); }, milliseconds))
        return Error{ErrorCode::Internal, "the test waited too long", {}};
    return std::move(**outcome);
}

// A fresh database of the cluster with the shipped migrations, opened. Null and a failed test when that does not work.
inline std::unique_ptr<store::Database> openFresh(ThrowawayPostgres& postgres) {
    store::DatabaseConfig config;
    config.url = postgres.freshDatabase();
    config.migrations = migrationsFolder();
    auto database = std::make_unique<store::Database>(config);
    const Status opened = await<void>([&database](auto done) { database->open(database.get(), done); });
    if (!opened) {
        QTest::qFail(opened.error().message.c_str(), __FILE__, __LINE__);
        return nullptr;
    }
    return database;
}

} // namespace clawloops::test
