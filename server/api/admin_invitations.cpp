// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/parts.h"
#include "api/router.h"
#include "api/sign_in.h"

// admin/invitations…: the link is in the answer of making and resending, in a fragment, and nowhere else.
namespace clawloops::api {

namespace {
std::function<void(Result<identity::NewInvitation>)> answeringLink(CallPtr call, int status) {
    return answering<identity::NewInvitation>(call, status, [origin = call->origin](const identity::NewInvitation& made) {
        return wire::toJson(wire::InvitationLink{identity::toWire(made.invitation),
                                                 origin + "/#invitation=" + std::string(made.token.reveal())});
    });
}
json::object write(const identity::Invitation& invitation) { return wire::toJson(identity::toWire(invitation)); }
} // namespace

void addAdminInvitations(Router& router, Parts& parts) {
    // → {items: [Invitation]}
    router.add({"GET", "/admin/invitations", Access::Admin, Body::None, [&parts](CallPtr call) {
                    parts.identity.invitations(parts.guard, answering<std::vector<identity::Invitation>>(
                                                                call, 200, [](const std::vector<identity::Invitation>& all) {
                                                                    std::vector<wire::Invitation> items;
                                                                    for (const identity::Invitation& each : all)
                                                                        items.push_back(identity::toWire(each));
                                                                    return wire::listToJson(items);
                                                                }));
                }});

    // {username, role = "user"} → 201 {invitation, link}
    router.add({"POST", "/admin/invitations", Access::Admin, Body::Required, [&parts](CallPtr call) {
                    ObjectReader reader(call->body);
                    const std::string username = boundedText(reader, "username", 64);
                    const auto role = identity::roleFromName(reader.textOr("role", "user"));
                    if (!role)
                        reader.fail("\"role\" must be admin or user.");
                    if (const Status read = reader.finish(); !read)
                        return call->fail(read.error());
                    parts.identity.invite(username, *role, call->actor(), parts.guard, answeringLink(call, 201));
                }});

    // → Invitation
    router.add({"GET", "/admin/invitations/{invitationId}", Access::Admin, Body::None, [&parts](CallPtr call) {
                    parts.identity.invitation(call->parameter(), parts.guard, answering<identity::Invitation>(call, 200, write));
                }});
    // → Invitation
    router.add({"POST", "/admin/invitations/{invitationId}/revoke", Access::Admin, Body::None, [&parts](CallPtr call) {
                    parts.identity.revokeInvitation(call->parameter(), call->actor(), parts.guard,
                                                    answering<identity::Invitation>(call, 200, write));
                }});
    // → {invitation, link}
    router.add({"POST", "/admin/invitations/{invitationId}/resend", Access::Admin, Body::None, [&parts](CallPtr call) {
                    parts.identity.resendInvitation(call->parameter(), call->actor(), parts.guard, answeringLink(call, 200));
                }});
}

} // namespace clawloops::api
