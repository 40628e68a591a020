// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "store/row.h"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

struct pg_conn;

namespace clawloops::store {

// One libpq connection, used by one thread at a time and blocking: it lives on a store thread, never on an event loop.
// Sessions speak UTC and UTF-8, and every statement is stopped after statementTimeout by the server.
class Connection {
public:
    Connection(std::string url, std::string applicationName, std::chrono::milliseconds statementTimeout);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    // Connects when not connected. Unavailable with one sentence when the server is not there (yet).
    [[nodiscard]] Status ensure();
    [[nodiscard]] bool connected() const;
    void disconnect();
    // One statement with parameters. Errors: Unavailable (connection lost; the statement may or may not have been carried
    // out), RuntimeActionConflict (unique or check violation; detail = constraint name), Internal otherwise.
    [[nodiscard]] Result<Rows> query(std::string_view sql, const std::vector<Param>& params = {});
    // Several statements at once, without parameters or answer: migrations.
    [[nodiscard]] Status script(const std::string& sql);
    [[nodiscard]] pg_conn* native() const { return m_connection; }

private:
    [[nodiscard]] Error failure(std::string_view sqlState, std::string_view constraint, std::string message) const;

    std::string m_url;
    std::string m_applicationName;
    std::chrono::milliseconds m_statementTimeout;
    pg_conn* m_connection = nullptr;
};

// What a job sees of its connection: a transaction that was begun for it, committed after it returned a value and rolled back
// after it returned an error.
class Transaction {
public:
    explicit Transaction(Connection& connection) : m_connection(connection) {}
    [[nodiscard]] Result<Rows> query(std::string_view sql, const std::vector<Param>& params = {}) {
        return m_connection.query(sql, params);
    }
    // The same where no rows are of interest.
    [[nodiscard]] Status exec(std::string_view sql, const std::vector<Param>& params = {});

private:
    Connection& m_connection;
};

} // namespace clawloops::store
