// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcess>
#include <QString>

#include <memory>
#include <string>

namespace clawloops::test {

// A PostgreSQL cluster of its own for one test program: made by initdb under /tmp, reachable by unix socket only, in an odd
// time zone, without fsync; gone with the object, and at the latest with the process. As root it runs as the account
// `postgres` (PostgreSQL refuses root) or as the one named by CLAWLOOPS_TEST_DB_ACCOUNT; else as the current user. When the
// running test has failed, the destructor dumps the database to stderr. This waits: tests only.
class ThrowawayPostgres {
public:
    ThrowawayPostgres(); // starts; check ok()
    ~ThrowawayPostgres();
    ThrowawayPostgres(const ThrowawayPostgres&) = delete;
    ThrowawayPostgres& operator=(const ThrowawayPostgres&) = delete;

    [[nodiscard]] bool ok() const { return m_problem.isEmpty(); }
    [[nodiscard]] QString problem() const { return m_problem; }
    // libpq connection text of the current database, for DatabaseConfig::url.
    [[nodiscard]] std::string url() const;
    // A new empty database, current from now on: one for each test function.
    std::string freshDatabase();
    // One SQL command on the current database; the first column of the first row, or empty. Fails the test on an error.
    QString sql(const QString& command) const;

    void stop(); // fast shutdown: connections are lost
    void kill(); // kill -9 of all its processes
    bool start(); // again, on the same data
    [[nodiscard]] QString folder() const { return m_folder; }

private:
    bool initialise();
    void run(QProcess& process, const QString& program, const QStringList& arguments) const;
    void dump() const;

    QString m_folder;
    QString m_database = QStringLiteral("postgres");
    QString m_problem;
    unsigned m_uid = 0;
    unsigned m_gid = 0;
    int m_databases = 0;
    std::unique_ptr<QProcess> m_server;
};

// resources/migrations of the source tree.
[[nodiscard]] std::string migrationsFolder();

} // namespace clawloops::test
