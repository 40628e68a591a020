// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/postgres.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTest>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace clawloops::test {

namespace {

constexpr int patience = 60'000;

QString programs() {
    const QDir versions(QStringLiteral("/usr/lib/postgresql"));
    for (const QString& version : versions.entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name | QDir::Reversed))
        if (QFile::exists(versions.filePath(version + QStringLiteral("/bin/initdb"))))
            return versions.filePath(version + QStringLiteral("/bin/"));
    return {};
}

bool answers(const std::string& url) {
    PGconn* connection = PQconnectdb(url.c_str());
    const bool ok = PQstatus(connection) == CONNECTION_OK;
    PQfinish(connection);
    return ok;
}

} // namespace

ThrowawayPostgres::ThrowawayPostgres() {
    m_uid = ::geteuid();
    m_gid = ::getegid();
    if (m_uid == 0) {
        const QByteArray account = qEnvironmentVariable("CLAWLOOPS_TEST_DB_ACCOUNT", QStringLiteral("postgres")).toLocal8Bit();
        const passwd* entry = ::getpwnam(account.constData());
        if (!entry) {
            m_problem = QStringLiteral("There is no account %1 to run PostgreSQL as: install postgresql.").arg(QString::fromLocal8Bit(account));
            return;
        }
        m_uid = entry->pw_uid;
        m_gid = entry->pw_gid;
    }
    char pattern[] = "/tmp/cl-pg-XXXXXX";
    if (!::mkdtemp(pattern) || ::chown(pattern, m_uid, m_gid) != 0) {
        m_problem = QStringLiteral("Could not make a folder under /tmp.");
        return;
    }
    m_folder = QString::fromLatin1(pattern);
    if (initialise())
        start();
}

ThrowawayPostgres::~ThrowawayPostgres() {
    if (m_server && QTest::currentTestFailed())
        dump();
    stop();
    if (!m_folder.isEmpty())
        QDir(m_folder).removeRecursively();
}

void ThrowawayPostgres::run(QProcess& process, const QString& program, const QStringList& arguments) const {
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.setWorkingDirectory(m_folder);
    process.setChildProcessModifier([uid = m_uid, gid = m_gid] {
        if (::geteuid() == 0 && (::setgroups(0, nullptr) != 0 || ::setgid(gid) != 0 || ::setuid(uid) != 0))
            ::_exit(126);
        // After the change of account, which clears it: no cluster outlives its test.
        ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
    });
    process.start(programs() + program, arguments);
}

bool ThrowawayPostgres::initialise() {
    if (programs().isEmpty()) {
        m_problem = QStringLiteral("PostgreSQL is not installed below /usr/lib/postgresql.");
        return false;
    }
    QProcess initdb;
    run(initdb, QStringLiteral("initdb"),
        {QStringLiteral("-D"), m_folder + QStringLiteral("/data"), QStringLiteral("-U"), QStringLiteral("clawloops"), QStringLiteral("-A"),
         QStringLiteral("trust"), QStringLiteral("-E"), QStringLiteral("UTF8"), QStringLiteral("--no-locale"), QStringLiteral("-N")});
    if (!initdb.waitForFinished(patience) || initdb.exitCode() != 0) {
        m_problem = QStringLiteral("initdb failed: ") + QString::fromLocal8Bit(initdb.readAll());
        return false;
    }
    return true;
}

bool ThrowawayPostgres::start() {
    m_server = std::make_unique<QProcess>();
    m_server->setStandardOutputFile(m_folder + QStringLiteral("/log"), QIODevice::Append);
    QStringList arguments{QStringLiteral("-D"), m_folder + QStringLiteral("/data")};
    for (const char* setting : {"listen_addresses=", "fsync=off", "full_page_writes=off",
                                "TimeZone=Pacific/Chatham", "DateStyle=German", "max_connections=60", "shared_buffers=16MB"})
        arguments << QStringLiteral("-c") << QString::fromLatin1(setting);
    arguments << QStringLiteral("-c") << QStringLiteral("unix_socket_directories=") + m_folder;
    run(*m_server, QStringLiteral("postgres"), arguments);
    QElapsedTimer timer;
    timer.start();
    while (!answers(url())) {
        if (timer.elapsed() > patience || !m_server->waitForStarted(1000) || m_server->waitForFinished(20)) {
            m_problem = QStringLiteral("PostgreSQL did not start; its log is in %1/log.").arg(m_folder);
            return false;
        }
    }
    return true;
}

void ThrowawayPostgres::stop() {
    if (!m_server)
        return;
    ::kill(static_cast<pid_t>(m_server->processId()), SIGINT);
    if (!m_server->waitForFinished(patience))
        m_server->kill();
    m_server.reset();
}

void ThrowawayPostgres::kill() {
    // The postmaster's children notice its death by themselves; the next start waits for them.
    m_server->kill();
    m_server->waitForFinished(patience);
    m_server.reset();
}

std::string ThrowawayPostgres::url() const {
    return QStringLiteral("host=%1 user=clawloops dbname=%2").arg(m_folder, m_database).toStdString();
}

std::string ThrowawayPostgres::freshDatabase() {
    m_database = QStringLiteral("postgres");
    const QString name = QStringLiteral("test%1").arg(++m_databases);
    sql(QStringLiteral("CREATE DATABASE %1").arg(name));
    m_database = name;
    return url();
}

QString ThrowawayPostgres::sql(const QString& command) const {
    PGconn* connection = PQconnectdb(url().c_str());
    PGresult* answer = PQexec(connection, command.toUtf8().constData());
    const ExecStatusType status = PQresultStatus(answer);
    QString value;
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        qCritical("SQL failed: %s\n%s", qPrintable(command), PQerrorMessage(connection));
    else if (PQntuples(answer) > 0)
        value = QString::fromUtf8(PQgetvalue(answer, 0, 0));
    const bool failed = status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK;
    PQclear(answer);
    PQfinish(connection);
    if (failed)
        QTest::qFail("an SQL command of the test failed", __FILE__, __LINE__);
    return value;
}

void ThrowawayPostgres::dump() const {
    QProcess dumper;
    run(dumper, QStringLiteral("pg_dump"),
        {QStringLiteral("--data-only"), QStringLiteral("--inserts"), QStringLiteral("-d"), QString::fromStdString(url())});
    dumper.waitForFinished(patience);
    std::fprintf(stderr, "---- the database of the failed test ----\n%s\n", dumper.readAll().constData());
}

std::string migrationsFolder() { return SOURCE_DIR "/resources/migrations"; }

} // namespace clawloops::test
