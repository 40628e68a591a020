// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "supervisor/trust_files.h"

#include "base/digest.h"
#include "base/files.h"
#include "base/log.h"
#include "base/pki.h"
#include "base/random.h"
#include "supervisor/layout.h"

#include <algorithm>

namespace clawloops::supervisor {

namespace fs = std::filesystem;

namespace {
constexpr Log logger("trust");
constexpr const char* internalName = "clawloops.internal";

Status put(const fs::path& path, std::string_view text, const Account& owner, mode_t mode) {
    return writeOwned({path, std::string(text), owner.uid, owner.gid, mode});
}

Status putIdentity(const fs::path& stem, const pki::Identity& identity, const Account& owner) {
    if (Status done = put(stem.string() + ".key", identity.key.reveal(), owner, 0600); !done)
        return done;
    return put(stem.string() + ".crt", identity.certificate, owner, 0644);
}

// Certificate present, with its key, of this authority, and good for another while.
bool usable(const fs::path& stem, const fs::path& authority, WallTime now) {
    const auto certificate = readFile(stem.string() + ".crt");
    const auto key = readFile(stem.string() + ".key");
    const auto issuer = readFile(authority);
    if (!certificate || !key || !issuer)
        return false;
    const auto facts = pki::inspect(*certificate);
    return facts && facts->notAfter - now > pki::renewBefore && facts->notBefore <= now && pki::signedBy(*certificate, *issuer).ok() &&
           pki::belongTogether(*certificate, Secret(*key)).ok();
}

Status makeInternal(const Places& places, WallTime now) {
    const fs::path pki = places.data / "pki";
    auto clients = pki::makeAuthority("ClawLoops internal clients", pki::authorityLife, now);
    auto servers = pki::makeAuthority("ClawLoops internal servers", pki::authorityLife, now);
    if (!clients || !servers)
        return clients ? servers.error() : clients.error();
    auto client = pki::issue(*clients, {"clawloops entry", {"entry.clawloops.internal"}, pki::Use::Client, pki::authorityLife}, now);
    if (!client)
        return client.error();
    if (Status done = putIdentity(pki / "edge" / "client", *client, places.edge); !done)
        return done;
    const std::pair<const char*, const Account*> holders[] = {
        {"control", &places.control}, {"relay", &places.edge}, {"gateway", &places.model}};
    for (const auto& [name, account] : holders) {
        auto leaf = pki::issue(*servers, {internalName, {internalName}, pki::Use::Server, pki::authorityLife}, now);
        if (!leaf)
            return leaf.error();
        if (Status done = putIdentity(pki / name / "server", *leaf, *account); !done)
            return done;
    }
    // The authorities last: an interrupted run leaves leaves that do not fit them, and the next run makes all anew.
    if (Status done = put(pki / "client-ca.crt", clients->certificate, places.self, 0644); !done)
        return done;
    return put(pki / "server-ca.crt", servers->certificate, places.self, 0644);
}

bool internalUsable(const fs::path& pki, WallTime now) {
    return usable(pki / "edge" / "client", pki / "client-ca.crt", now) &&
           usable(pki / "control" / "server", pki / "server-ca.crt", now) &&
           usable(pki / "relay" / "server", pki / "server-ca.crt", now) && usable(pki / "gateway" / "server", pki / "server-ca.crt", now);
}

Status ensureLan(const Places& places, WallTime now) {
    const fs::path pki = places.data / "pki";
    std::vector<std::string> names = places.allowedHosts;
    std::sort(names.begin(), names.end());
    const auto request = pki::LeafRequest{places.hostName.substr(0, 60), names, pki::Use::Server, pki::lanLeafLife};
    const auto certificate = readFile(pki / "lan-ca.crt");
    const auto key = readFile(pki / "lan-ca.key");
    const auto authority = certificate ? pki::inspect(*certificate) : Result<pki::Facts>(certificate.error());
    const bool kept = authority && authority->constrained && key && pki::belongTogether(*certificate, Secret(*key)).ok();
    const auto present = readFile(pki / "edge" / "lan.crt");
    const auto facts = present ? pki::inspect(*present) : Result<pki::Facts>(present.error());
    if (kept && facts && facts->names == names && usable(pki / "edge" / "lan", pki / "lan-ca.crt", now))
        return {};
    auto leaf = kept ? pki::issue({*certificate, Secret(*key)}, request, now) : Result<pki::Identity>(Error{});
    if (!leaf || !pki::accepts(*certificate, leaf->certificate)) {
        // The first one, or the old one may not sign for a name that is new: who installed it has to install this one instead.
        auto made = pki::makeAuthority("ClawLoops at " + places.hostName.substr(0, 40), pki::authorityLife, now, names);
        if (!made)
            return made.error();
        leaf = pki::issue(*made, request, now);
        if (!leaf)
            return leaf.error();
        if (Status done = putIdentity(pki / "lan-ca", *made, places.self); !done)
            return done;
        logger.info("made an authority for the LAN's certificate", {}, {{"host", places.hostName}, {"replacesOne", certificate.ok()}});
    }
    logger.info("issued a certificate for the LAN", {}, {{"host", places.hostName}});
    return putIdentity(pki / "edge" / "lan", *leaf, places.edge);
}

Status ensureKeys(const Places& places) {
    const fs::path secrets = places.data / "secrets";
    const auto is32 = [](const Result<std::string>& text) { return text && text->size() == 32; };
    auto grant = readFile(secrets / "control" / "grant.key");
    const auto copy = readFile(secrets / "edge" / "grant.key");
    if (is32(grant) && copy && *copy == *grant)
        return {};
    const std::string key = is32(grant) ? *grant : randomBytes(32);
    if (Status done = put(secrets / "control" / "grant.key", key, places.control, 0400); !done)
        return done;
    return put(secrets / "edge" / "grant.key", key, places.edge, 0400);
}

std::string digestOf(const std::vector<fs::path>& files) {
    std::string all;
    for (const fs::path& file : files)
        all += toHex(sha256(readFile(file).ok() ? *readFile(file) : std::string()));
    return toHex(sha256(all)).substr(0, 16);
}
}

Result<TrustFacts> ensureTrustFiles(const Places& places, const Clock& clock) {
    const WallTime now = clock.now();
    const fs::path pki = places.data / "pki";
    if (!internalUsable(pki, now))
        if (Status done = makeInternal(places, now); !done)
            return done.error();
    if (Status done = ensureLan(places, now); !done)
        return done.error();
    if (Status done = ensureKeys(places); !done)
        return done.error();
    return TrustFacts{digestOf({pki / "client-ca.crt", pki / "server-ca.crt"}), digestOf({pki / "edge" / "lan.crt"}),
                      digestOf({places.data / "secrets" / "control" / "grant.key"})};
}

Status ensureLiteLlmKey(const Places& places, bool keep) {
    const fs::path path = places.data / "secrets" / "model" / "litellm.key";
    std::error_code ignored;
    if (keep && fs::exists(path, ignored))
        return {};
    return put(path, "sk-" + std::string(randomToken().reveal()), places.model, 0400);
}

} // namespace clawloops::supervisor
