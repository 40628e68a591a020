// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/gateway_queries.h"

#include "wire/json_lists.h"

namespace clawloops::gateway_verbs {
using namespace detail;

namespace {

template <class T> Result<T> whole(ObjectReader& reader, T value) {
    if (const Status status = reader.finish(); !status)
        return status.error();
    return value;
}

template <class T> json::object listed(std::string_view name, const std::vector<T>& items) {
    json::array list;
    for (const T& item : items)
        list.push_back(toJson(item));
    return {{name, std::move(list)}};
}

template <class T, class Read> Result<std::vector<T>> readListed(const json::object& object, std::string_view name, Read read) {
    ObjectReader reader(object, "reply");
    auto items = readObjects<T>(reader, name, read);
    if (!items)
        return items.error();
    return whole(reader, std::move(*items));
}

json::object objectOr(ObjectReader& reader, std::string_view name) { return reader.has(name) ? reader.object(name) : json::object(); }

} // namespace

json::object toJson(const QueueEntry& entry) {
    return {{"ticket", entry.ticket}, {"target", entry.target}, {"route", entry.route},       {"user", entry.user},
            {"kind", entry.kind},     {"since", entry.since},   {"position", entry.position}, {"waitMs", entry.waitMs}};
}

Result<QueueEntry> queueEntryFromJson(const json::object& object) {
    ObjectReader reader(object, "queue entry");
    QueueEntry entry;
    entry.ticket = reader.text("ticket");
    entry.target = reader.text("target");
    entry.route = reader.text("route");
    entry.user = reader.text("user");
    entry.kind = reader.text("kind");
    entry.since = reader.text("since");
    entry.position = reader.integer("position");
    entry.waitMs = reader.integer("waitMs");
    return whole(reader, std::move(entry));
}

json::object toJson(const TargetState& state) {
    return {{"route", state.route},       {"target", state.target},         {"state", state.state},          {"since", state.since},
            {"sentence", state.sentence}, {"inFlight", state.inFlight},     {"slots", state.slots},          {"waiting", state.waiting},
            {"lastUsedAt", state.lastUsedAt}, {"lastError", state.lastError}};
}

Result<TargetState> targetStateFromJson(const json::object& object) {
    ObjectReader reader(object, "target");
    TargetState state;
    state.route = reader.text("route");
    state.target = reader.text("target");
    state.state = reader.text("state");
    state.since = reader.text("since");
    state.sentence = reader.textOr("sentence", "");
    state.inFlight = reader.integerOr("inFlight", 0);
    state.slots = reader.integerOr("slots", 0);
    state.waiting = reader.integerOr("waiting", 0);
    state.lastUsedAt = reader.textOr("lastUsedAt", "");
    state.lastError = reader.textOr("lastError", "");
    return whole(reader, std::move(state));
}

json::object toJson(const BrakeState& state) {
    return {{"user", state.user},         {"state", state.state},     {"rule", state.rule},
            {"sentence", state.sentence}, {"numbers", state.numbers}, {"since", state.since}};
}

Result<BrakeState> brakeStateFromJson(const json::object& object) {
    ObjectReader reader(object, "brake's state");
    BrakeState state;
    state.user = reader.text("user");
    state.state = reader.text("state");
    state.rule = reader.textOr("rule", "");
    state.sentence = reader.textOr("sentence", "");
    state.numbers = objectOr(reader, "numbers");
    state.since = reader.textOr("since", "");
    return whole(reader, std::move(state));
}

json::object toJson(const BudgetState& state) {
    return {{"id", state.id},           {"subject", state.subject}, {"spent", state.spent},
            {"reserved", state.reserved}, {"limit", state.limit},   {"resetsAt", state.resetsAt}};
}

Result<BudgetState> budgetStateFromJson(const json::object& object) {
    ObjectReader reader(object, "budget's state");
    BudgetState state;
    state.id = reader.text("id");
    state.subject = reader.textOr("subject", "");
    state.spent = reader.integer("spent");
    state.reserved = reader.integer("reserved");
    state.limit = reader.integer("limit");
    state.resetsAt = reader.textOr("resetsAt", "");
    return whole(reader, std::move(state));
}

json::object toJson(const Refusal& refusal) {
    return {{"requestId", refusal.requestId}, {"at", refusal.at},     {"user", refusal.user},         {"caller", refusal.caller}, {"route", refusal.route},
            {"rule", refusal.rule},           {"sentence", refusal.sentence}, {"numbers", refusal.numbers}, {"change", refusal.change}};
}

Result<Refusal> refusalFromJson(const json::object& object) {
    ObjectReader reader(object, "refusal");
    Refusal refusal;
    refusal.requestId = reader.text("requestId");
    refusal.at = reader.text("at");
    refusal.user = reader.textOr("user", "");
    refusal.caller = reader.textOr("caller", "");
    refusal.route = reader.textOr("route", "");
    refusal.rule = reader.text("rule");
    refusal.sentence = reader.text("sentence");
    refusal.numbers = objectOr(reader, "numbers");
    refusal.change = reader.textOr("change", "");
    return whole(reader, std::move(refusal));
}

json::object queueReply(const std::vector<QueueEntry>& entries) { return listed("entries", entries); }
json::object targetsReply(const std::vector<TargetState>& targets) { return listed("targets", targets); }
json::object brakeReply(const std::vector<BrakeState>& people) { return listed("people", people); }
json::object budgetsReply(const std::vector<BudgetState>& budgets) { return listed("budgets", budgets); }
json::object refusalsReply(const std::vector<Refusal>& refusals) { return listed("refusals", refusals); }

Result<std::vector<QueueEntry>> queueReplyFromJson(const json::object& object) {
    return readListed<QueueEntry>(object, "entries", queueEntryFromJson);
}
Result<std::vector<TargetState>> targetsReplyFromJson(const json::object& object) {
    return readListed<TargetState>(object, "targets", targetStateFromJson);
}
Result<std::vector<BrakeState>> brakeReplyFromJson(const json::object& object) {
    return readListed<BrakeState>(object, "people", brakeStateFromJson);
}
Result<std::vector<BudgetState>> budgetsReplyFromJson(const json::object& object) {
    return readListed<BudgetState>(object, "budgets", budgetStateFromJson);
}
Result<std::vector<Refusal>> refusalsReplyFromJson(const json::object& object) {
    return readListed<Refusal>(object, "refusals", refusalFromJson);
}

} // namespace clawloops::gateway_verbs
