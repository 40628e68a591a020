// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "supervisor/places.h"

#include "base/files.h"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <cstdlib>
#include <ifaddrs.h>
#include <memory>
#include <net/if.h>
#include <pwd.h>
#include <set>
#include <unistd.h>

namespace clawloops::supervisor {

namespace fs = std::filesystem;

namespace {
Result<Account> accountFor(const std::string& name) {
    passwd entry{};
    passwd* found = nullptr;
    std::vector<char> buffer(16384);
    ::getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
    if (!found)
        return Error{ErrorCode::InvalidRequest, "There is no account \"" + name + "\" on this machine: run installer/up, or set account.* to accounts that exist.", {}};
    return Account{name, entry.pw_uid, entry.pw_gid};
}

Account ownAccount() {
    passwd entry{};
    passwd* found = nullptr;
    std::vector<char> buffer(16384);
    ::getpwuid_r(::geteuid(), &entry, buffer.data(), buffer.size(), &found);
    return {found ? entry.pw_name : std::to_string(::geteuid()), ::geteuid(), ::getegid()};
}

std::string machineName() {
    char name[256] = "localhost";
    ::gethostname(name, sizeof name - 1);
    std::string lower(name);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return lower;
}

std::set<std::string> machineAddresses() {
    std::set<std::string> addresses{"127.0.0.1", "::1"};
    ifaddrs* list = nullptr;
    if (::getifaddrs(&list) != 0)
        return addresses;
    for (const ifaddrs* entry = list; entry; entry = entry->ifa_next) {
        if (!entry->ifa_addr || !(entry->ifa_flags & IFF_UP))
            continue;
        char text[INET6_ADDRSTRLEN] = "";
        if (entry->ifa_addr->sa_family == AF_INET) {
            ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(entry->ifa_addr)->sin_addr, text, sizeof text);
        } else if (entry->ifa_addr->sa_family == AF_INET6) {
            const auto& address = reinterpret_cast<const sockaddr_in6*>(entry->ifa_addr)->sin6_addr;
            if (!IN6_IS_ADDR_LINKLOCAL(&address)) // these need a zone, which no browser sends as a host
                ::inet_ntop(AF_INET6, &address, text, sizeof text);
        }
        if (*text)
            addresses.insert(text);
    }
    ::freeifaddrs(list);
    return addresses;
}

// user:password@ before the host, or a parameter of that name, however its letters are written.
bool holdsPassword(std::string url) {
    const auto scheme = url.find("://");
    const auto start = scheme == url.npos ? url.size() : scheme + 3;
    const std::string authority = url.substr(start, url.find_first_of("/?", start) - start);
    const auto end = authority.rfind('@');
    if (end != authority.npos && authority.substr(0, end).find(':') != authority.npos)
        return true;
    std::erase(url, ' '); // "password = x"
    for (auto at = url.find('%'); at != url.npos && at + 2 < url.size(); at = url.find('%', at + 1)) {
        unsigned code = 0;
        if (std::from_chars(url.data() + at + 1, url.data() + at + 3, code, 16).ptr == url.data() + at + 3)
            url.replace(at, 3, 1, static_cast<char>(code));
    }
    return url.find("password=") != url.npos;
}

// Debian keeps each major version apart; elsewhere initdb is on the usual path.
Status choosePostgres(const Settings& settings, Places& places) {
    std::vector<std::pair<int, fs::path>> found;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", ignored))
        if (fs::exists(entry.path() / "bin" / "postgres", ignored) && fs::exists(entry.path() / "bin" / "initdb", ignored))
            found.emplace_back(std::atoi(entry.path().filename().c_str()), entry.path() / "bin");
    std::sort(found.rbegin(), found.rend());
    int cluster = 0;
    if (const auto version = readFile(places.data / "pg" / "cluster" / "PG_VERSION"))
        cluster = std::atoi(version->c_str());
    if (settings.isSet("paths.postgres")) {
        places.pgPrograms = settings.text("paths.postgres");
        for (const auto& [version, directory] : found)
            if (fs::equivalent(directory, places.pgPrograms, ignored))
                places.pgVersion = version;
        return {};
    }
    for (const auto& [version, directory] : found)
        if (places.pgPrograms.empty() || version == cluster) {
            places.pgPrograms = directory;
            places.pgVersion = version;
        }
    if (places.pgPrograms.empty() && fs::exists("/usr/bin/initdb", ignored))
        places.pgPrograms = "/usr/bin";
    if (places.pgPrograms.empty())
        return Error{ErrorCode::Unavailable, "PostgreSQL is not installed: run installer/up, or set database.url.", {}};
    return {};
}
}

fs::path defaultDataDirectory() {
    if (::geteuid() == 0)
        return "/var/lib/clawloops";
    const char* home = std::getenv("HOME");
    return fs::path(home ? home : "/nonexistent") / ".local/share/clawloops";
}

Result<Places> choosePlaces(const Settings& settings, const fs::path& program) {
    const auto path = [&](std::string_view name, const fs::path& otherwise) {
        return settings.isSet(name) ? fs::path(settings.text(name)) : otherwise;
    };
    Places places;
    places.data = path("paths.data", defaultDataDirectory());
    places.run = path("paths.run", places.data / "run");
    // sun_path ends at 107; the longest socket below is run/runtimed/control.sock, PostgreSQL's is shorter.
    if (places.run.string().size() > 70)
        return Error{ErrorCode::InvalidRequest, "paths.run is longer than 70 characters, too long for sockets: set it to a shorter directory.", {}};
    places.bin = path("paths.bin", program.parent_path());
    const fs::path prefix = path("paths.prefix", program.parent_path().parent_path());
    places.share = path("paths.share", prefix / "share" / "clawloops");
    places.components = path("paths.components", prefix / "components");
    places.self = ownAccount();
    const std::pair<const char*, Account*> accounts[] = {
        {"control", &places.control}, {"db", &places.db}, {"edge", &places.edge}, {"model", &places.model}};
    for (const auto& [key, account] : accounts) {
        const std::string given = settings.text("account." + std::string(key));
        const std::string standard = std::string(key) == "control" ? "clawloops" : "clawloops-" + std::string(key);
        const std::string name = !given.empty() ? given : places.self.uid == 0 ? standard : places.self.name;
        auto found = accountFor(name);
        if (!found)
            return found.error();
        if (places.self.uid != 0 && found->uid != places.self.uid)
            return Error{ErrorCode::InvalidRequest, "account." + std::string(key) + " is \"" + name + "\", but only root can start programs as somebody else: leave it empty, or start as root.", {}};
        *account = *found;
        if (places.self.uid != 0)
            account->gid = places.self.gid;
    }
    if (places.db.uid == 0)
        return Error{ErrorCode::InvalidRequest, "account.db is root, and PostgreSQL refuses to run as root: leave it empty or name another account.", {}};
    const std::string rootless = settings.text("engine.rootless");
    places.rootless = rootless == "auto" ? places.self.uid != 0 : rootless == "true";
    for (const char* name : {"HOME", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"})
        if (const char* value = std::getenv(name))
            places.engineEnvironment.emplace_back(name, value);
    places.hostName = settings.isSet("host.name") ? settings.text("host.name") : machineName();
    std::set<std::string> hosts = machineAddresses();
    hosts.insert({"localhost", places.hostName});
    for (const std::string& alias : settings.list("host.aliases"))
        hosts.insert(alias);
    places.allowedHosts.assign(hosts.begin(), hosts.end());
    if (holdsPassword(settings.text("database.url")))
        return Error{ErrorCode::InvalidRequest,
                     "database.url holds a password, which every account of this machine could read: take it out and put it into " +
                         (places.data / "secrets/control/pgpass").string() + " (libpq's format, mode 0600, owned by " + places.control.name + ").",
                     {}};
    if (!settings.isSet("database.url"))
        if (Status done = choosePostgres(settings, places); !done)
            return done.error();
    return places;
}

} // namespace clawloops::supervisor
