// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

// What to run, as values: pure, compared in tests. Running it is ProcessStarter's and Component's work.
namespace clawloops::supervisor {

struct Account {
    std::string name;
    uid_t uid = 0;
    gid_t gid = 0;
    bool operator==(const Account&) const = default;
};

struct DirectorySpec {
    std::filesystem::path path; // absolute
    Account owner;
    gid_t group = 0;
    mode_t mode = 0700;
    bool operator==(const DirectorySpec&) const = default;
};

struct RenderedFile {
    std::filesystem::path path;
    std::string text;
    uid_t owner = 0;
    gid_t group = 0;
    mode_t mode = 0644;
    bool operator==(const RenderedFile&) const = default;
};

// How to ask a component whether it does its work. Every kind has a time limit of two seconds.
struct Probe {
    enum class Kind {
        Alive, // the process lives: no more to ask
        Control, // a control socket answers a line
        UnixHttp, // GET `path` over the unix socket: any status below 500
        Http, // GET `path` on address:port: any status below 500
        Tls, // GET `path` on address:port over TLS, Host `host`: any status but 404 (a route that is not loaded yet)
        Postgres, // the postmaster says "ready" in its pid file and answers on its socket
    };
    Kind kind = Kind::Alive;
    std::filesystem::path socket{};
    std::filesystem::path pidFile{}; // Postgres only
    std::string address = "127.0.0.1"; // Http, Tls
    std::uint16_t port = 0;
    std::string host{};
    std::string path = "/";
    bool operator==(const Probe&) const = default;
};

struct StopPolicy {
    int signal = SIGTERM;
    std::chrono::seconds grace{10}; // then SIGKILL
    bool operator==(const StopPolicy&) const = default;
};

// A program that has to succeed before the component starts, skipped once `unless` exists.
struct Preparation {
    std::filesystem::path program;
    std::vector<std::string> arguments;
    std::filesystem::path unless;
    bool operator==(const Preparation&) const = default;
};

struct ComponentSpec {
    std::string name; // internals.md
    std::string title; // what people read
    bool external = false; // runs elsewhere: nothing is started
    std::filesystem::path program;
    std::vector<std::string> arguments;
    std::vector<std::pair<std::string, std::string>> environment; // the whole of it, but for the nonce
    Account account;
    std::filesystem::path workingDirectory = "/";
    std::filesystem::path log;
    gid_t logGroup = 0;
    std::vector<RenderedFile> files; // written before every start
    std::vector<std::filesystem::path> staleSockets; // removed before every start: a killed server leaves its file, and refuses to bind over it
    std::vector<Preparation> preparations;
    std::vector<std::string> after; // names that must run before this one starts
    Probe probe;
    StopPolicy stop;
    std::chrono::seconds startLimit{60}; // without a good probe for so long after a start: stopped and started again
    std::chrono::seconds unhealthyLimit{60}; // the same, after it had been good
    bool mayGainPrivileges = false; // else PR_SET_NO_NEW_PRIVS
    std::uint16_t checkPort = 0; // not 0: inherits the listening socket of this port (CheckPort)
    std::string inputs; // digest of what else the process has read at its start (certificates, keys)

    bool operator==(const ComponentSpec&) const = default;
    // Two starts with the same digest are the same process: adoption keeps it, another digest restarts it.
    [[nodiscard]] std::string digest() const;
};

} // namespace clawloops::supervisor
