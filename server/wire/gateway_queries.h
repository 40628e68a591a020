// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/json.h"
#include "base/result.h"

#include <cstdint>
#include <string>
#include <vector>

// What the gateway answers when it is asked how things stand (resources/docs/models.md, "Other verbs"): queue, targets, brake, budgets,
// refusals. Values and JSON only; fromJson refuses unknown members and wrong types by name. Times are RFC 3339 in UTC; `numbers` are
// those that the rule had before it, by name.
namespace clawloops::gateway_verbs {

struct QueueEntry { // queue.list
    std::string ticket;
    std::string target;
    std::string route;
    std::string user; // usr_…
    std::string kind; // interactive | batch
    std::string since;
    std::int64_t position = 0; // 1: the next
    std::int64_t waitMs = 0; // expected from now on
};
struct TargetState { // targets, event `target`
    std::string route;
    std::string target;
    std::string state; // up | down | busy | wrong_key | unknown
    std::string since;
    std::string sentence;
    std::int64_t inFlight = 0;
    std::int64_t slots = 0; // 0: any number
    std::int64_t waiting = 0;
    std::string lastUsedAt; // empty: never
    std::string lastError; // empty: none
};
struct BrakeState { // brake.list, event `brake`
    std::string user;
    std::string state; // slowed | held; in the event also "released", and nothing else is said then
    std::string rule;
    std::string sentence;
    json::object numbers;
    std::string since;
};
struct BudgetState { // budgets
    std::string id; // bud_…
    std::string subject; // the one it is about, also where the budget says "each of them"
    std::int64_t spent = 0;
    std::int64_t reserved = 0; // of requests under way
    std::int64_t limit = 0; // today's, raises included
    std::string resetsAt; // empty: never (run)
};
struct Refusal { // refusals, event `refusal`
    std::string requestId;
    std::string at;
    std::string user;
    std::string caller; // cell id or key id
    std::string route;
    std::string rule;
    std::string sentence;
    json::object numbers;
    std::string change; // how the rule is changed
};

[[nodiscard]] json::object toJson(const QueueEntry& entry);
[[nodiscard]] json::object toJson(const TargetState& state);
[[nodiscard]] json::object toJson(const BrakeState& state);
[[nodiscard]] json::object toJson(const BudgetState& state);
[[nodiscard]] json::object toJson(const Refusal& refusal);
[[nodiscard]] Result<QueueEntry> queueEntryFromJson(const json::object& object);
[[nodiscard]] Result<TargetState> targetStateFromJson(const json::object& object);
[[nodiscard]] Result<BrakeState> brakeStateFromJson(const json::object& object);
[[nodiscard]] Result<BudgetState> budgetStateFromJson(const json::object& object);
[[nodiscard]] Result<Refusal> refusalFromJson(const json::object& object);

// A verb's whole reply: queue.list {"entries":[…]}, targets {"targets":[…]}, brake.list {"people":[…]}, budgets {"budgets":[…]},
// refusals {"refusals":[…]}.
[[nodiscard]] json::object queueReply(const std::vector<QueueEntry>& entries);
[[nodiscard]] json::object targetsReply(const std::vector<TargetState>& targets);
[[nodiscard]] json::object brakeReply(const std::vector<BrakeState>& people);
[[nodiscard]] json::object budgetsReply(const std::vector<BudgetState>& budgets);
[[nodiscard]] json::object refusalsReply(const std::vector<Refusal>& refusals);
[[nodiscard]] Result<std::vector<QueueEntry>> queueReplyFromJson(const json::object& object);
[[nodiscard]] Result<std::vector<TargetState>> targetsReplyFromJson(const json::object& object);
[[nodiscard]] Result<std::vector<BrakeState>> brakeReplyFromJson(const json::object& object);
[[nodiscard]] Result<std::vector<BudgetState>> budgetsReplyFromJson(const json::object& object);
[[nodiscard]] Result<std::vector<Refusal>> refusalsReplyFromJson(const json::object& object);

} // namespace clawloops::gateway_verbs
