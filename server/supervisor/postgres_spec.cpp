// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "supervisor/component_specs.h"

namespace clawloops::supervisor {

namespace {
// Makes the cluster beside its place, with role and database, and renames it there: an interrupted run leaves nothing that
// the next one takes for a cluster. The lock is for a preparation that outlived an earlier supervisor.
// $1 cluster, $2 the directory of PostgreSQL's programs
constexpr const char* makeCluster = R"sh(set -eu
exec 9>"$1.lock"
flock 9
[ ! -f "$1/PG_VERSION" ] || exit 0
rm -rf "$1.new"
"$2/initdb" -D "$1.new" --username=postgres --auth=peer --encoding=UTF8 --locale=C.UTF-8 --data-checksums --no-instructions
"$2/postgres" --single -D "$1.new" postgres <<'SQL'
CREATE ROLE clawloops LOGIN
CREATE DATABASE clawloops OWNER clawloops
REVOKE ALL ON DATABASE clawloops FROM PUBLIC
SQL
mv -T "$1.new" "$1"
)sh";
}

ComponentSpec postgresSpec(const Settings& settings, const Places& places) {
    ComponentSpec spec = plainSpec("postgres", "PostgreSQL", places.db, places);
    if (settings.isSet("database.url")) {
        spec.external = true;
        return spec;
    }
    const std::filesystem::path cluster = places.data / "pg" / "cluster";
    const std::filesystem::path render = places.data / "render" / "postgres";
    spec.program = places.pgPrograms / "postgres";
    spec.workingDirectory = places.data / "pg";
    const std::string settingsList[] = {
        "listen_addresses=",
        "unix_socket_directories=" + (places.run / "pg").string(),
        "unix_socket_permissions=0777", // the directory decides; the peer check does again
        "hba_file=" + (render / "pg_hba.conf").string(),
        "ident_file=" + (render / "pg_ident.conf").string(),
        "max_connections=40",
        "shared_buffers=32MB",
        "max_wal_size=256MB",
        "min_wal_size=32MB",
        "fsync=on",
        "timezone=UTC",
        "log_timezone=UTC",
        "log_destination=stderr",
        "logging_collector=off",
        "log_line_prefix=%m [%p] ",
        "log_min_error_statement=panic", // a failing statement may hold what no log should
        "log_parameter_max_length_on_error=0",
        "idle_in_transaction_session_timeout=60s",
    };
    spec.arguments = {"-D", cluster};
    for (const std::string& setting : settingsList) {
        spec.arguments.emplace_back("-c");
        spec.arguments.push_back(setting);
    }
    spec.files = {
        {render / "pg_hba.conf", "# One map, one socket; no password and no network anywhere.\nlocal clawloops clawloops peer map=clawloops\nlocal all postgres peer map=clawloops\n",
         places.self.uid, places.db.gid, 0640},
        {render / "pg_ident.conf",
         "clawloops \"" + places.control.name + "\" clawloops\nclawloops \"" + places.db.name + "\" postgres\n", places.self.uid,
         places.db.gid, 0640}};
    spec.preparations = {{"/bin/sh",
                          {"-c", makeCluster, "make-cluster", cluster, places.pgPrograms},
                          cluster / "PG_VERSION"}};
    spec.probe = {.kind = Probe::Kind::Postgres, .socket = places.run / "pg" / ".s.PGSQL.5432", .pidFile = cluster / "postmaster.pid"};
    spec.stop = {SIGINT, std::chrono::seconds(60)}; // fast: ends sessions, checkpoints, leaves
    spec.startLimit = std::chrono::minutes(10); // crash recovery takes its time
    spec.unhealthyLimit = std::chrono::minutes(5);
    return spec;
}

} // namespace clawloops::supervisor
