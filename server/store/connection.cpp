// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/connection.h"

#include <libpq-fe.h>

#include <memory>

namespace clawloops::store {

namespace {

struct ClearResult {
    void operator()(PGresult* result) const { PQclear(result); }
};
using Answer = std::unique_ptr<PGresult, ClearResult>;

std::string trimmed(const char* text) {
    std::string line = text ? text : "";
    while (!line.empty() && (line.back() == '\n' || line.back() == ' '))
        line.pop_back();
    return line;
}

std::string_view field(const PGresult* answer, int code) {
    const char* text = PQresultErrorField(answer, code);
    return text ? text : "";
}

} // namespace

Connection::Connection(std::string url, std::string applicationName, std::chrono::milliseconds statementTimeout)
    : m_url(std::move(url)), m_applicationName(std::move(applicationName)), m_statementTimeout(statementTimeout) {}

Connection::~Connection() { disconnect(); }

void Connection::disconnect() {
    if (m_connection)
        PQfinish(m_connection);
    m_connection = nullptr;
}

bool Connection::connected() const { return m_connection && PQstatus(m_connection) == CONNECTION_OK; }

Status Connection::ensure() {
    if (connected())
        return {};
    disconnect();
    const std::string options = "-c TimeZone=UTC -c DateStyle=ISO -c client_min_messages=warning -c statement_timeout=" +
                                std::to_string(m_statementTimeout.count());
    // Our own after the URL: the last one of a name wins. tcp_user_timeout bounds a server that vanished from the network.
    const char* const names[] = {"dbname",     "application_name", "client_encoding",  "connect_timeout",
                                 "keepalives_idle", "tcp_user_timeout", "options", nullptr};
    const char* const values[] = {m_url.c_str(), m_applicationName.c_str(), "UTF8", "5", "10", "15000", options.c_str(), nullptr};
    m_connection = PQconnectdbParams(names, values, 1);
    if (PQstatus(m_connection) == CONNECTION_OK)
        return {};
    Error error{ErrorCode::Unavailable, "The database is not reachable. Try again in a few seconds.",
                trimmed(PQerrorMessage(m_connection))};
    disconnect();
    return error;
}

Error Connection::failure(std::string_view sqlState, std::string_view constraint, std::string message) const {
    if (!connected() || sqlState.starts_with("08") || sqlState == "57P01" || sqlState == "57P02" || sqlState == "57P03")
        return {ErrorCode::Unavailable, "The database is not reachable. Try again in a few seconds.", std::move(message)};
    if (sqlState == "57014")
        return {ErrorCode::Unavailable, "The database took too long to answer. Try again in a few seconds.", std::move(message)};
    if (sqlState.starts_with("23"))
        return {ErrorCode::RuntimeActionConflict, "Somebody else changed this at the same time. Look again and repeat.",
                std::string(constraint)};
    return {ErrorCode::Internal, "Something went wrong in the database. The log has the details.", std::move(message)};
}

Result<Rows> Connection::query(std::string_view sql, const std::vector<Param>& params) {
    if (!m_connection)
        return failure("08003", {}, "not connected");
    std::vector<const char*> values;
    values.reserve(params.size());
    for (const Param& param : params)
        values.push_back(param.text() ? param.text()->c_str() : nullptr);
    const Answer answer(PQexecParams(m_connection, std::string(sql).c_str(), static_cast<int>(values.size()), nullptr,
                                     values.data(), nullptr, nullptr, 0));
    const ExecStatusType status = PQresultStatus(answer.get());
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
        return failure(field(answer.get(), PG_DIAG_SQLSTATE), field(answer.get(), PG_DIAG_CONSTRAINT_NAME),
                       trimmed(PQerrorMessage(m_connection)));
    Rows rows;
    const int columns = PQnfields(answer.get());
    for (int row = 0; row < PQntuples(answer.get()); ++row) {
        std::vector<std::optional<std::string>> cells(static_cast<std::size_t>(columns));
        for (int column = 0; column < columns; ++column)
            if (!PQgetisnull(answer.get(), row, column))
                cells[static_cast<std::size_t>(column)].emplace(PQgetvalue(answer.get(), row, column),
                                                                static_cast<std::size_t>(PQgetlength(answer.get(), row, column)));
        rows.emplace_back(std::move(cells));
    }
    return rows;
}

Status Connection::script(const std::string& sql) {
    if (!m_connection)
        return failure("08003", {}, "not connected");
    const Answer answer(PQexec(m_connection, sql.c_str()));
    const ExecStatusType status = PQresultStatus(answer.get());
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_EMPTY_QUERY)
        return {};
    return failure(field(answer.get(), PG_DIAG_SQLSTATE), field(answer.get(), PG_DIAG_CONSTRAINT_NAME),
                   trimmed(PQerrorMessage(m_connection)));
}

Status Transaction::exec(std::string_view sql, const std::vector<Param>& params) {
    auto rows = m_connection.query(sql, params);
    if (!rows)
        return rows.error();
    return {};
}

} // namespace clawloops::store
