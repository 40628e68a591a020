// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/parts.h"
#include "api/router.h"
#include "api/sign_in.h"

// admin/keys…, users/me/keys…: keys of people's own programs. The secret is in the answer of making one, and nowhere else.
namespace clawloops::api {

namespace {
using Keys = std::vector<wire::PersonalKey>;
json::object writeAll(const Keys& keys) { return wire::listToJson(keys); }
json::object write(const wire::PersonalKey& key) { return wire::toJson(key); }
} // namespace

void addKeys(Router& router, Parts& parts) {
    // → {items: [Key]}
    router.add({"GET", "/admin/keys", Access::Admin, Body::None,
                [&parts](CallPtr call) { parts.governance.keys.list({}, parts.guard, answering<Keys>(call, 200, writeAll)); }});
    // → Key, as it was
    router.add({"DELETE", "/admin/keys/{keyId}", Access::Admin, Body::None, [&parts](CallPtr call) {
                    parts.governance.keys.revoke(call->parameter(), {}, call->actor(), parts.guard, answering<wire::PersonalKey>(call, 200, write));
                }});

    // → {items: [Key]}
    router.add({"GET", "/users/me/keys", Access::SignedIn, Body::None, [&parts](CallPtr call) {
                    parts.governance.keys.list(call->caller->user.id, parts.guard, answering<Keys>(call, 200, writeAll));
                }});
    // {name, expiresAt = "" (never), routes = [] (all of one's own), batch = false} → 201 {key, secret}
    router.add({"POST", "/users/me/keys", Access::SignedIn, Body::Required, [&parts](CallPtr call) {
                    ObjectReader reader(call->body);
                    governance::KeyWish wish;
                    wish.name = boundedText(reader, "name", 64);
                    wish.expiresAt = reader.textOr("expiresAt", "");
                    wish.batch = reader.flagOr("batch", false);
                    if (reader.has("routes"))
                        for (const json::value& route : reader.array("routes")) {
                            if (route.is_string())
                                wish.routes.emplace_back(route.get_string());
                            else
                                reader.fail("\"routes\" must be a list of models' names.");
                        }
                    if (const Status read = reader.finish(); !read)
                        return call->fail(read.error());
                    parts.governance.keys.create(call->caller->user.id, wish, call->actor(), parts.guard,
                                                 answering<wire::NewPersonalKey>(call, 201, [](const wire::NewPersonalKey& made) { return wire::toJson(made); }));
                }});
    // → Key, as it was
    router.add({"DELETE", "/users/me/keys/{keyId}", Access::SignedIn, Body::None, [&parts](CallPtr call) {
                    parts.governance.keys.revoke(call->parameter(), call->caller->user.id, call->actor(), parts.guard,
                                                 answering<wire::PersonalKey>(call, 200, write));
                }});
}

} // namespace clawloops::api
