// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/json.h"
#include "base/result.h"
#include "base/secret.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

// The gateway's `configure` (resources/docs/models.md): everything it knows of people, keys, routes, budgets and limits. Values and
// JSON only; fromJson refuses unknown members and wrong types by name. What the values mean together is checked by
// model/route_table.h. Money is nano-units of the currency, prices are per million tokens.
namespace clawloops::gateway_verbs {

struct Price { // absent members: unknown; cachedIn then is in
    std::optional<std::int64_t> in;
    std::optional<std::int64_t> cachedIn;
    std::optional<std::int64_t> out;
};
struct Target {
    std::string name;
    std::string kind = "openai"; // openai | litellm
    std::string url; // "unix:/path" or "http://host:port/base"; empty with litellm: the managed one
    std::string model; // what the upstream calls it
    std::int64_t weight = 1; // only with balance "weight"; 0: only as a fallback
    std::string provider{}; // LiteLLM's name of it: "anthropic"; empty for a server that speaks OpenAI's protocol
    std::int64_t slots = 0; // requests that it works on at once; 0: any number, no queue
    bool local = false; // on this machine: costs 0 unless a price is set
    Secret credential{}; // empty: none
    std::optional<Price> price{};
};
struct Route {
    std::string name; // public model name
    std::string title;
    bool enabled = true;
    std::string balance = "order"; // order | weight
    std::vector<Target> targets;
    bool everyone = false; // who may use it: everyone, or these roles, or these people
    std::vector<std::string> roles{};
    std::vector<std::string> people{}; // user ids
    json::object force{}; // members of a request that are replaced
    json::object defaults{}; // members of a request that are put in where it has none
    std::int64_t contextTokens = 0; // 0: not known
    std::int64_t outputTokens = 0; // what a request may ask for at most; 0: no limit but 4096 where a budget applies
};
struct Person {
    std::string user; // usr_…
    std::string name;
    std::string role = "user";
    std::vector<std::string> groups; // grp_…
    std::string frozen; // the sentence that says why; empty: they are not
    std::int64_t usualNanosPerHour = 0; // 0: not known yet
};
struct Cell {
    std::string cellId;
    std::string user; // user id, as usage is booked
    std::string tokenHash; // lower-case hex SHA-256 of the cell's token
    std::vector<std::string> routes{}; // names of the routes it may use, beside what the person may
};
struct Key {
    std::string keyId; // key_…
    std::string user;
    std::string tokenHash;
    std::string expiresAt; // RFC 3339; empty: never
    std::vector<std::string> routes{}; // of the person's; empty: all of them
    bool batch = false; // waits behind everybody who is waited for by a person
};
struct Budget {
    std::string id; // bud_…
    std::string name;
    std::string scope; // person | group | route | all
    std::string subject; // user, group or route; empty: each of them separately ("all": nothing else is possible)
    std::string unit; // money | tokens
    std::string window; // day | week | month | run
    std::int64_t limit = 0; // nano-units, or tokens
    std::string raisedOn; // "2026-11-26" (UTC): `raisedBy` counts on this day only
    std::int64_t raisedBy = 0;
    std::int64_t spent = 0; // in the window that is now, up to the baseline
    std::map<std::string, std::int64_t> spentBy; // the same by subject, where `subject` is empty
};
struct Limit { // 0: none
    std::string scope; // key | person | route
    std::string subject; // empty: each that has none of its own
    std::int64_t requestsPerMinute = 0;
    std::int64_t tokensPerMinute = 0;
    std::int64_t streams = 0;
};
struct Brake { // 0: that one is off
    std::int64_t identicalRequests = 20;
    std::int64_t identicalWithinSeconds = 300;
    std::int64_t identicalToolCalls = 15;
    std::int64_t requestsPerTenMinutes = 600;
    std::int64_t spendTimesUsual = 20;
    std::int64_t spendFloorNanos = 1'000'000'000;
};
struct Baseline { // which usage events the budgets' `spent` holds
    std::string spool; // the spool's own id; another one's numbers mean nothing
    std::int64_t seq = 0;
};
struct Configuration { // configure
    std::int64_t revision = 0;
    Baseline baseline;
    std::string frozenAll; // a sentence; empty: they are not
    std::vector<Person> people;
    std::vector<Route> routes;
    std::vector<Cell> cells;
    std::vector<Key> keys;
    std::vector<Budget> budgets;
    std::vector<Limit> limits;
    Brake brake;
};

[[nodiscard]] json::object toJson(const Configuration& configuration); // with the credentials: for the socket, for nothing else
[[nodiscard]] json::object toJson(const Price& price);
[[nodiscard]] json::object toJson(const Limit& limit);
[[nodiscard]] json::object toJson(const Brake& brake);
// Everything but revision, routes and cells may be absent.
[[nodiscard]] Result<Configuration> configurationFromJson(const json::object& object);
[[nodiscard]] Result<Price> priceFromJson(const json::object& object);
[[nodiscard]] Result<Limit> limitFromJson(const json::object& object);
[[nodiscard]] Result<Brake> brakeFromJson(const json::object& object);

} // namespace clawloops::gateway_verbs
