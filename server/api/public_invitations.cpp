// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/parts.h"
#include "api/router.h"
#include "api/sign_in.h"

// public/invitations/{token}…: for the one who holds the link. The token is in these paths and in no page's address; the router
// logs patterns only.
namespace clawloops::api {

namespace {
Status usable(const identity::Invitation& invitation) {
    using State = identity::InvitationStatus;
    switch (invitation.status) {
    case State::Pending: return {};
    case State::Consumed:
        return Error{ErrorCode::InvitationAlreadyConsumed, "This invitation was used already. Sign in, or ask for a new one.", {}};
    case State::Revoked:
        return Error{ErrorCode::InvitationRevoked, "This invitation was withdrawn. Ask for a new one.", {}};
    case State::Expired:
        return Error{ErrorCode::InvitationExpired, "This invitation has expired. Ask for a new one.", {}};
    }
    return {};
}
} // namespace

void addPublicInvitations(Router& router, Parts& parts) {
    // → {username, role, expiresAt}
    router.add({"GET", "/public/invitations/{token}", Access::Public, Body::None, [&parts](CallPtr call) {
                    parts.identity.showInvitation(Secret(call->parameter()), parts.guard,
                                                  [call](const Result<identity::Invitation>& found) {
                                                      const Status ok = found ? usable(*found) : Status(found.error());
                                                      if (!ok)
                                                          return call->fail(ok.error());
                                                      call->answer(200, {{"username", found->username},
                                                                         {"role", identity::name(found->role)},
                                                                         {"expiresAt", toRfc3339(found->expiresAt)}});
                                                  });
                }});

    // {username?, password, kind = "cookie"} → {user, token|null, expiresAt}
    router.add({"POST", "/public/invitations/{token}/accept", Access::Public, Body::Required,
                [&parts](CallPtr call) {
                    ObjectReader reader(call->body);
                    const std::string username = reader.has("username") ? boundedText(reader, "username", 64) : std::string();
                    const Secret password(boundedText(reader, "password", 1024));
                    const bool bearer = wantsBearer(reader);
                    if (const Status read = reader.finish(); !read)
                        return call->fail(read.error());
                    parts.identity.acceptInvitation(Secret(call->parameter()), username, password, signInContext(*call, bearer),
                                                    parts.guard, answeringSignIn(call, 201, parts.clock));
                },
                true});
}

} // namespace clawloops::api
