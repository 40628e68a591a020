// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/parts.h"
#include "api/router.h"
#include "api/sign_in.h"

// admin/holds, admin/freeze, admin/release, admin/users/{userId}/freeze|release: whom no model answers. Each answers Holds as they
// are once the gateway knows.
namespace clawloops::api {

void addAdminHolds(Router& router, Parts& parts) {
    const auto answeringHolds = [](CallPtr call) {
        return answering<wire::Holds>(std::move(call), 200, [](const wire::Holds& holds) { return wire::toJson(holds); });
    };
    // → {items: [Hold], all}
    router.add({"GET", "/admin/holds", Access::Admin, Body::None,
                [&parts, answeringHolds](CallPtr call) { parts.governance.holds.list(parts.guard, answeringHolds(call)); }});

    // {sentence} → Holds
    router.add({"POST", "/admin/users/{userId}/freeze", Access::Admin, Body::Required, [&parts, answeringHolds](CallPtr call) {
                    ObjectReader reader(call->body);
                    const std::string sentence = boundedText(reader, "sentence", 300);
                    if (const Status read = reader.finish(); !read)
                        return call->fail(read.error());
                    parts.governance.holds.freeze(call->parameter(), sentence, call->actor(), parts.guard, answeringHolds(call));
                }});
    // → Holds
    router.add({"POST", "/admin/users/{userId}/release", Access::Admin, Body::None, [&parts, answeringHolds](CallPtr call) {
                    parts.governance.holds.release(call->parameter(), call->actor(), parts.guard, answeringHolds(call));
                }});

    // {sentence} → Holds
    router.add({"POST", "/admin/freeze", Access::Admin, Body::Required, [&parts, answeringHolds](CallPtr call) {
                    ObjectReader reader(call->body);
                    const std::string sentence = boundedText(reader, "sentence", 300);
                    if (const Status read = reader.finish(); !read)
                        return call->fail(read.error());
                    parts.governance.holds.freezeAll(sentence, call->actor(), parts.guard, answeringHolds(call));
                }});
    // → Holds
    router.add({"POST", "/admin/release", Access::Admin, Body::None, [&parts, answeringHolds](CallPtr call) {
                    parts.governance.holds.releaseAll(call->actor(), parts.guard, answeringHolds(call));
                }});
}

} // namespace clawloops::api
