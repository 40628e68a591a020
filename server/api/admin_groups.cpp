// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/parts.h"
#include "api/router.h"
#include "api/sign_in.h"

// admin/groups…: named sets of people.
namespace clawloops::api {

namespace {
std::vector<std::string> readMembers(ObjectReader& reader) {
    std::vector<std::string> members;
    for (const json::value& item : reader.array("members")) {
        if (!item.is_string() || members.size() == 1000) {
            reader.fail("\"members\" must be a list of at most 1000 ids of people.");
            break;
        }
        members.emplace_back(item.get_string());
    }
    return members;
}
json::object write(const wire::Group& group) { return wire::toJson(group); }
} // namespace

void addAdminGroups(Router& router, Parts& parts) {
    // → {items: [Group]}
    router.add({"GET", "/admin/groups", Access::Admin, Body::None, [&parts](CallPtr call) {
                    parts.governance.groups.list(parts.guard, answering<std::vector<wire::Group>>(
                                                                  call, 200, [](const auto& groups) { return wire::listToJson(groups); }));
                }});

    // {name, members = []} → 201 Group
    router.add({"POST", "/admin/groups", Access::Admin, Body::Required, [&parts](CallPtr call) {
                    ObjectReader reader(call->body);
                    const std::string name = boundedText(reader, "name", 64);
                    const auto members = reader.has("members") ? readMembers(reader) : std::vector<std::string>();
                    if (const Status read = reader.finish(); !read)
                        return call->fail(read.error());
                    parts.governance.groups.create(name, members, call->actor(), parts.guard, answering<wire::Group>(call, 201, write));
                }});

    // {name?, members?} → Group
    router.add({"PUT", "/admin/groups/{groupId}", Access::Admin, Body::Required, [&parts](CallPtr call) {
                    ObjectReader reader(call->body);
                    std::optional<std::string> name;
                    std::optional<std::vector<std::string>> members;
                    if (reader.has("name"))
                        name = boundedText(reader, "name", 64);
                    if (reader.has("members"))
                        members = readMembers(reader);
                    if (const Status read = reader.finish(); !read)
                        return call->fail(read.error());
                    parts.governance.groups.edit(call->parameter(), std::move(name), std::move(members), call->actor(), parts.guard,
                                                 answering<wire::Group>(call, 200, write));
                }});

    // → Group, as it was
    router.add({"DELETE", "/admin/groups/{groupId}", Access::Admin, Body::None, [&parts](CallPtr call) {
                    parts.governance.groups.remove(call->parameter(), call->actor(), parts.guard, answering<wire::Group>(call, 200, write));
                }});
}

} // namespace clawloops::api
