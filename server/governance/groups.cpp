// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "governance/groups.h"

#include "base/random.h"

#include <algorithm>
#include <set>

namespace clawloops::governance {

namespace {

constexpr std::size_t longestName = 64;
constexpr std::size_t mostMembers = 1000;

Error notThere() { return {ErrorCode::NotFound, "There is no such group.", {}}; }

Status checkName(const std::string& name) {
    const bool printable = std::all_of(name.begin(), name.end(), [](unsigned char c) { return c >= 0x20 && c != 0x7f; });
    if (name.empty() || name.size() > longestName || !printable)
        return Error{ErrorCode::InvalidRequest, "A group needs a name of 1 to 64 bytes on one line.", {}};
    return {};
}

Result<std::vector<wire::Group>> load(store::Transaction& tx, const std::string& groupId) {
    auto rows = tx.query("SELECT g.id, g.name, m.user_id FROM groups g LEFT JOIN group_members m ON m.group_id = g.id"
                         " WHERE $1 = '' OR g.id = $1 ORDER BY lower(g.name), g.id, m.user_id",
                         {groupId});
    if (!rows)
        return rows.error();
    std::vector<wire::Group> groups;
    for (const store::Row& row : *rows) {
        if (groups.empty() || groups.back().groupId != row.text(0))
            groups.push_back({row.text(0), row.text(1), {}});
        if (!row.isNull(2))
            groups.back().members.push_back(row.text(2));
    }
    return groups;
}

Result<wire::Group> loadOne(store::Transaction& tx, const std::string& groupId) {
    auto found = load(tx, groupId);
    if (!found)
        return found.error();
    if (found->empty())
        return notThere();
    return std::move(found->front());
}

Status setMembers(store::Transaction& tx, const std::string& groupId, const std::vector<std::string>& members) {
    const std::set<std::string> wanted(members.begin(), members.end());
    if (wanted.size() > mostMembers)
        return Error{ErrorCode::InvalidRequest, "A group has at most 1000 members.", {}};
    if (const Status emptied = tx.exec("DELETE FROM group_members WHERE group_id = $1", {groupId}); !emptied)
        return emptied;
    for (const std::string& member : wanted) {
        auto added = tx.query("INSERT INTO group_members (group_id, user_id) SELECT $1, id FROM users WHERE id = $2 RETURNING 1", {groupId, member});
        if (!added)
            return added.error();
        if (added->empty())
            return Error{ErrorCode::InvalidRequest, "There is no person with the id " + member + ".", {}};
    }
    return {};
}

// The only unique thing here is the name.
Status named(Status written, const std::string& name) {
    if (!written && written.error().code == ErrorCode::RuntimeActionConflict)
        return Error{ErrorCode::RuntimeActionConflict, "There is a group named \"" + name + "\" already. Choose another name.", {}};
    return written;
}

} // namespace

void Groups::list(QObject* guard, Done<std::vector<wire::Group>> done) {
    m_parts.database.run([](store::Transaction& tx) { return load(tx, {}); }, guard, std::move(done));
}

void Groups::create(const std::string& name, std::vector<std::string> members, const store::Actor& actor, QObject* guard, Done<wire::Group> done) {
    change<wire::Group>(
        m_parts, this,
        [name, members = std::move(members), actor](store::Transaction& tx) -> Result<wire::Group> {
            const std::string id = randomId("grp_");
            Status written = checkName(name);
            if (written)
                written = named(tx.exec("INSERT INTO groups (id, name) VALUES ($1, $2)", {id, name}), name);
            if (written)
                written = setMembers(tx, id, members);
            if (written)
                written = store::appendAudit(tx, actor, "group.create", id, {{"name", name}, {"members", json::value_from(members)}});
            if (!written)
                return written.error();
            return loadOne(tx, id);
        },
        guarded(guard, std::move(done)));
}

void Groups::edit(const std::string& groupId, std::optional<std::string> name, std::optional<std::vector<std::string>> members,
                  const store::Actor& actor, QObject* guard, Done<wire::Group> done) {
    change<wire::Group>(
        m_parts, this,
        [groupId, name = std::move(name), members = std::move(members), actor](store::Transaction& tx) -> Result<wire::Group> {
            auto known = tx.query("SELECT name FROM groups WHERE id = $1 FOR UPDATE", {groupId});
            if (!known)
                return known.error();
            if (known->empty())
                return notThere();
            Status written = name ? checkName(*name) : Status();
            if (written && name)
                written = named(tx.exec("UPDATE groups SET name = $2 WHERE id = $1", {groupId, *name}), *name);
            if (written && members)
                written = setMembers(tx, groupId, *members);
            if (!written)
                return written.error();
            auto group = loadOne(tx, groupId);
            if (group)
                written = store::appendAudit(tx, actor, "group.change", groupId, wire::toJson(*group));
            if (!written)
                return written.error();
            return group;
        },
        guarded(guard, std::move(done)));
}

void Groups::remove(const std::string& groupId, const store::Actor& actor, QObject* guard, Done<wire::Group> done) {
    change<wire::Group>(
        m_parts, this,
        [groupId, actor](store::Transaction& tx) -> Result<wire::Group> {
            auto group = loadOne(tx, groupId);
            if (!group)
                return group.error();
            auto budgets = tx.query("SELECT name FROM budgets WHERE scope = 'group' AND subject = $1 LIMIT 1", {groupId});
            if (!budgets)
                return budgets.error();
            if (!budgets->empty())
                return Error{ErrorCode::RuntimeActionConflict, "The budget \"" + budgets->front().text(0) + "\" is of this group. Remove the budget first.", {}};
            Status written = tx.exec("DELETE FROM groups WHERE id = $1", {groupId});
            if (written)
                written = store::appendAudit(tx, actor, "group.remove", groupId, wire::toJson(*group));
            if (!written)
                return written.error();
            return group;
        },
        guarded(guard, std::move(done)));
}

} // namespace clawloops::governance
