// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/parts.h"
#include "api/router.h"
#include "api/sign_in.h"
#include "edge/cookies.h"

// auth/…: who is signed in, and getting in and out.
namespace clawloops::api {

namespace {
std::string accessOf(const std::optional<Caller>& caller) {
    if (!caller)
        return "signed_out";
    if (caller->user.isDisabled())
        return "disabled";
    return caller->user.mustChangePassword ? "password_change_required" : "granted";
}
} // namespace

void addAuth(Router& router, Parts& parts) {
    // → User
    router.add({"GET", "/auth/me", Access::SignedInAtAll, Body::None,
                [](CallPtr call) { call->answer(200, wire::toJson(identity::toWire(call->caller->user))); }});

    // → {authenticated, access, user|null}
    router.add({"GET", "/auth/access", Access::Anyone, Body::None, [](CallPtr call) {
                    wire::Access access;
                    access.authenticated = call->caller.has_value();
                    access.access = accessOf(call->caller);
                    if (call->caller)
                        access.user = identity::toWire(call->caller->user);
                    call->answer(200, wire::toJson(access));
                }});

    // → {provider, methods, bootstrapOpen}
    router.add({"GET", "/auth/options", Access::Public, Body::None, [&parts](CallPtr call) {
                    parts.identity.bootstrapOpen(parts.guard, answering<bool>(call, 200, [](bool open) {
                                                     return wire::toJson(wire::AuthOptions{"clawloops", {"local_password"}, open});
                                                 }));
                }});

    // {username, password, kind = "cookie"} → {user, token|null, expiresAt}
    router.add({"POST", "/auth/login", Access::Public, Body::Required,
                [&parts](CallPtr call) {
                    ObjectReader reader(call->body);
                    const std::string username = boundedText(reader, "username", 64);
                    const Secret password(boundedText(reader, "password", 1024));
                    const bool bearer = wantsBearer(reader);
                    if (const Status read = reader.finish(); !read)
                        return call->fail(read.error());
                    parts.identity.login(username, password, signInContext(*call, bearer), parts.guard,
                                         answeringSignIn(call, 200, parts.clock));
                },
                true});

    // → 204, and the cookies are taken back
    router.add({"POST", "/auth/logout", Access::SignedInAtAll, Body::None, [&parts](CallPtr call) {
                    parts.identity.logout(call->caller->session.hash, call->actor(), parts.guard, [call](const Status& done) {
                        if (!done)
                            return call->fail(done.error());
                        call->answer(204, {},
                                     {{"Set-Cookie", clearCookie(portalCookie)}, {"Set-Cookie", clearCookie(workspaceCookie)}, clearStorage()});
                    });
                }});

    // {currentPassword, newPassword} → {user, token|null, expiresAt}: a new session of the same kind
    router.add({"POST", "/auth/password/change", Access::ChangingPassword, Body::Required, [&parts](CallPtr call) {
                    ObjectReader reader(call->body);
                    const Secret current(boundedText(reader, "currentPassword", 1024));
                    const Secret next(boundedText(reader, "newPassword", 1024));
                    if (const Status read = reader.finish(); !read)
                        return call->fail(read.error());
                    const bool bearer = call->caller->session.kind == identity::SessionKind::Bearer;
                    parts.identity.changePassword(call->caller->user.id, current, next, signInContext(*call, bearer), parts.guard,
                                                  answeringSignIn(call, 200, parts.clock));
                }});

    // {token, username, password, kind = "cookie"} → {user, token|null, expiresAt}
    router.add({"POST", "/auth/bootstrap", Access::Public, Body::Required,
                [&parts](CallPtr call) {
                    ObjectReader reader(call->body);
                    const Secret token(boundedText(reader, "token", 200));
                    const std::string username = boundedText(reader, "username", 64);
                    const Secret password(boundedText(reader, "password", 1024));
                    const bool bearer = wantsBearer(reader);
                    if (const Status read = reader.finish(); !read)
                        return call->fail(read.error());
                    parts.identity.acceptBootstrap(token, username, password, signInContext(*call, bearer), parts.guard,
                                                   answeringSignIn(call, 201, parts.clock));
                },
                true});
}

} // namespace clawloops::api
