// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/digest.h"
#include "base/result.h"
#include "model/price.h"
#include "model/target_url.h"
#include "model/text_map.h"

#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace clawloops::model {

struct Target {
    enum class Kind { OpenAi, LiteLlm, Starter }; // Starter: "openai" at the socket of this appliance's own starter model
    std::string name;
    Kind kind = Kind::OpenAi;
    TargetUrl url;
    std::string model;
    std::uint32_t weight = 1;
    std::uint32_t slots = 0; // requests that it works on at once; 0: any number
    Secret credential; // empty: none
    Price price; // 0 both ways for a local target without one of its own; unknown parts stay absent
    std::string identity; // the same thing to ask, whatever the route that names it: what one breaker and one queue are kept for
};
using Texts = std::set<std::string, std::less<>>;
struct Route {
    std::string name;
    std::string title;
    bool enabled = true;
    bool byWeight = false; // else in order
    std::vector<Target> targets;
    bool everyone = false; // or these roles, or these people
    Texts roles;
    Texts people;
    std::vector<std::pair<std::string, std::string>> force; // member → JSON text
    std::vector<std::pair<std::string, std::string>> defaults;
    std::int64_t contextTokens = 0; // 0: not known
    std::int64_t outputTokens = 0; // 0: no limit of the route's
};
struct Person {
    std::string user;
    std::string name;
    std::string role;
    std::string frozen; // a sentence; empty: they are not
    std::int64_t usualNanosPerHour = 0;
};
// Who a request comes from: a cell, known by its socket and its token, or a personal key.
struct Caller {
    enum class Kind { Cell, Key };
    Kind kind = Kind::Cell;
    std::string id; // the cell's or the key's
    std::string user;
    const Person* person = nullptr; // of the same table; null: nobody who may do anything
    Sha256 tokenHash{};
    Texts routes; // a cell's: beside what the person may; a key's: these of them only, or all when it is empty
    bool batch = false;
    std::optional<WallTime> expires;
};

// What the gateway knows, as one unchanging value: a request keeps the one it began with. Building it checks everything that
// `configure` brings (names, addresses, hashes). A target with something wrong is left out and named in refused(). A cell that names a route which is
// not there gets nothing by it, a route without targets serves nobody, and whoever's person is not there is refused: none of these keeps
// the rest from being served. Callers point into it: it does not move.
class RouteTable {
public:
    struct Managed { // sockets of this appliance's own
        std::string liteLlm; // of a litellm target without an address
        std::string starter;
    };
    [[nodiscard]] static Result<std::shared_ptr<const RouteTable>> build(const gateway_verbs::Configuration& configuration,
                                                                         const Managed& sockets);

    [[nodiscard]] const std::vector<std::string>& refused() const { return m_refused; }
    [[nodiscard]] std::int64_t revision() const { return m_revision; }
    [[nodiscard]] const std::string& frozenAll() const { return m_frozenAll; } // a sentence; empty: nobody is
    [[nodiscard]] const std::map<std::string, Caller, std::less<>>& cells() const { return m_cells; }
    [[nodiscard]] const std::map<std::string, Route, std::less<>>& routes() const { return m_routes; }
    [[nodiscard]] const TextMap<Person>& people() const { return m_people; }
    [[nodiscard]] const Caller* cell(std::string_view cellId) const;
    [[nodiscard]] const Caller* key(const Sha256& tokenHash) const; // by the whole hash; an expired one too
    [[nodiscard]] bool hasKey(std::string_view keyId) const { return m_keyIds.contains(keyId); }
    // Why this person's requests are refused: frozen, all frozen, or nobody. Empty: they are not.
    [[nodiscard]] std::string_view stopOf(std::string_view user) const;
    // The enabled route of that name, with a target, when this caller may use it.
    [[nodiscard]] const Route* routeFor(const Caller& caller, std::string_view name) const;
    [[nodiscard]] std::vector<const Route*> routesOf(const Caller& caller) const; // by name

private:
    struct HashOfHash {
        std::size_t operator()(const Sha256& hash) const {
            std::size_t first = 0;
            std::memcpy(&first, hash.data(), sizeof first);
            return first;
        }
    };
    Result<Caller> caller(const std::string& id, const std::string& user, const std::string& tokenHash, const std::vector<std::string>& routes) const;
    [[nodiscard]] static bool opens(const Route& route, const Caller& caller);

    std::int64_t m_revision = 0;
    std::vector<std::string> m_refused;
    std::map<std::string, Route, std::less<>> m_routes;
    std::map<std::string, Caller, std::less<>> m_cells;
    std::unordered_map<Sha256, Caller, HashOfHash> m_keys;
    Texts m_keyIds;
    TextMap<Person> m_people;
    std::string m_frozenAll;
};

[[nodiscard]] bool isCellId(std::string_view text); // 'c' + 12 lower-case hex

} // namespace clawloops::model
