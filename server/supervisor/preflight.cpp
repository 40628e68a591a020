// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "supervisor/preflight.h"

#include "base/files.h"
#include "base/pki.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstdlib>
#include <sys/socket.h>
#include <unistd.h>

namespace clawloops::supervisor {

namespace fs = std::filesystem;

namespace {
constexpr std::int64_t builtAfter = 1'767'225'600; // 2026-01-01: no clock that is right shows an earlier time
constexpr std::int64_t tooLate = 4'102'444'800; // 2100-01-01

std::string nextFreePort(int port) { return std::to_string(port < 64000 ? port + 1000 : port - 1000); }

// errno of binding there, 0 when it is free.
int tryPort(const std::string& address, int port) {
    const bool six = address.find(':') != std::string::npos;
    sockaddr_storage storage{};
    socklen_t size = 0;
    if (six) {
        auto* to = reinterpret_cast<sockaddr_in6*>(&storage);
        to->sin6_family = AF_INET6;
        to->sin6_port = htons(static_cast<std::uint16_t>(port));
        size = sizeof *to;
        if (::inet_pton(AF_INET6, address.c_str(), &to->sin6_addr) != 1)
            return EINVAL;
    } else {
        auto* to = reinterpret_cast<sockaddr_in*>(&storage);
        to->sin_family = AF_INET;
        to->sin_port = htons(static_cast<std::uint16_t>(port));
        size = sizeof *to;
        if (::inet_pton(AF_INET, address.c_str(), &to->sin_addr) != 1)
            return EINVAL;
    }
    const int fd = ::socket(six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on); // closed connections of the last run do not count
    const int number = ::bind(fd, reinterpret_cast<const sockaddr*>(&storage), size) == 0 ? 0 : errno;
    ::close(fd);
    return number;
}
}

std::optional<Refusal> checkClock(const Clock& clock) {
    const std::int64_t now = toUnixSeconds(clock.now());
    if (now >= builtAfter && now < tooLate)
        return std::nullopt;
    return Refusal{machineRefuses, "The machine's clock shows " + toRfc3339(clock.now()).substr(0, 10) +
                                       ", which cannot be right, and certificates and sessions would be wrong: set the clock and start again."};
}

std::optional<Refusal> checkDisk(const fs::path& data, std::int64_t leastGiB) {
    fs::path existing = data;
    std::error_code problem;
    while (!fs::exists(existing, problem) && existing.has_relative_path())
        existing = existing.parent_path();
    const auto space = fs::space(existing, problem);
    const auto free = static_cast<std::int64_t>(space.available >> 30);
    if (problem || free >= leastGiB)
        return std::nullopt;
    return Refusal{machineRefuses, "Only " + std::to_string(free) + " GiB are free at " + existing.string() + ", and the appliance needs " +
                                       std::to_string(leastGiB) + ": free some space, or lower disk.least."};
}

std::optional<Refusal> checkCluster(const Places& places) {
    const auto text = readFile(places.data / "pg" / "cluster" / "PG_VERSION");
    if (!text || places.pgVersion == 0)
        return std::nullopt;
    const int made = std::atoi(text->c_str());
    if (made == places.pgVersion)
        return std::nullopt;
    return Refusal{otherVersion, "The database was made by PostgreSQL " + std::to_string(made) + ", but the one to be started is " +
                                     std::to_string(places.pgVersion) + ": install postgresql-" + std::to_string(made) +
                                     ", or upgrade the cluster in " + (places.data / "pg/cluster").string() + " with pg_upgrade."};
}

std::optional<Refusal> checkPorts(const Settings& settings, const std::set<std::string>& survivors) {
    const std::string lan = settings.text("listen.address");
    struct Row {
        const char* key;
        std::vector<std::string> holders;
        std::string address;
    };
    const Row rows[] = {{"portal", {"traefik"}, lan}, {"workspace", {"traefik"}, lan}, {"api", {"clawloopsd"}, "127.0.0.1"},
                        {"check", {"clawloopsd", "traefik"}, "127.0.0.1"}, {"relay", {"relay"}, "127.0.0.1"}, {"gateway", {"gateway"}, "127.0.0.1"}};
    std::set<std::int64_t> seen;
    for (const Row& row : rows) {
        const std::string key = "ports." + std::string(row.key);
        const auto port = settings.integer(key);
        if (!seen.insert(port).second)
            return Refusal{wrongSettings, key + " is " + std::to_string(port) + ", which another of the ports has already: give each its own."};
        if (std::any_of(row.holders.begin(), row.holders.end(), [&](const std::string& name) { return survivors.contains(name); }))
            continue;
        const int problem = tryPort(row.address, static_cast<int>(port));
        if (problem == 0)
            continue;
        const std::string place = row.address + ":" + std::to_string(port);
        if (problem == EADDRINUSE)
            return Refusal{machineRefuses, "Port " + std::to_string(port) + " (" + key + ") is taken by another program: stop that one, or use --set " + key + "=" +
                                               nextFreePort(static_cast<int>(port)) + "."};
        if (problem == EACCES)
            return Refusal{machineRefuses, "Listening on " + place + " is not permitted to this account: set " + key + " to a port above 1023."};
        if (problem == EINVAL || problem == EADDRNOTAVAIL)
            return Refusal{wrongSettings, "listen.address is \"" + row.address + "\", which is not an address of this machine: use 0.0.0.0 or one of its addresses."};
        return Refusal{machineRefuses, "Listening on " + place + " (" + key + ") failed: " + systemReason(problem) + "."};
    }
    return std::nullopt;
}

std::optional<Refusal> checkPrograms(const std::vector<ComponentSpec>& specs) {
    for (const ComponentSpec& spec : specs)
        if (!spec.external && ::access(spec.program.c_str(), X_OK) != 0)
            return Refusal{somethingMissing, spec.title + " is not installed (" + spec.program.string() + ": " + systemReason(errno) + "): run installer/up."};
    return std::nullopt;
}

std::optional<Refusal> checkCertificate(const Settings& settings, const Clock& clock) {
    if (settings.isSet("traefik.cert") != settings.isSet("traefik.key"))
        return Refusal{wrongSettings, "traefik.cert and traefik.key belong together: set both, or neither."};
    if (!settings.isSet("traefik.cert"))
        return std::nullopt;
    const auto certificate = readFile(settings.text("traefik.cert"));
    const auto key = readFile(settings.text("traefik.key"));
    if (!certificate || !key)
        return Refusal{wrongSettings, certificate ? key.error().message : certificate.error().message};
    const auto facts = pki::inspect(*certificate);
    if (!facts || !pki::belongTogether(*certificate, Secret(*key)).ok())
        return Refusal{wrongSettings, "traefik.cert is not a PEM certificate that fits traefik.key: check both files."};
    if (facts->notAfter <= clock.now())
        return Refusal{wrongSettings, "The certificate in traefik.cert has expired on " + toRfc3339(facts->notAfter).substr(0, 10) + ": replace it, or unset traefik.cert."};
    return std::nullopt;
}

std::optional<Refusal> preflight(const Settings& settings, const Places& places, const std::vector<ComponentSpec>& specs,
                                 const std::set<std::string>& survivors, const Clock& clock) {
    if (auto refusal = checkClock(clock))
        return refusal;
    if (auto refusal = checkDisk(places.data, settings.integer("disk.least")))
        return refusal;
    if (auto refusal = checkCertificate(settings, clock))
        return refusal;
    if (auto refusal = checkPrograms(specs))
        return refusal;
    if (auto refusal = checkComponents(places.components, places.data / "state" / "components.json"))
        return refusal;
    if (auto refusal = checkCluster(places))
        return refusal;
    return checkPorts(settings, survivors);
}

} // namespace clawloops::supervisor
