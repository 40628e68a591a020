// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/sign_in.h"

#include "base/digest.h"
#include "edge/cookies.h"

namespace clawloops::api {

bool wantsBearer(ObjectReader& reader) {
    const std::string kind = reader.textOr("kind", "cookie");
    if (kind != "cookie" && kind != "bearer")
        reader.fail("\"kind\" must be cookie or bearer.");
    return kind == "bearer";
}

std::string boundedText(ObjectReader& reader, std::string_view name, std::size_t longest) {
    std::string text = reader.text(name);
    if (!reader.failed() && (text.empty() || text.size() > longest))
        reader.fail("\"" + std::string(name) + "\" must have 1 to " + std::to_string(longest) + " bytes.");
    return text;
}

identity::SignInContext signInContext(const Call& call, bool bearer) {
    identity::SignInContext context;
    context.actor = call.actor();
    context.bearer = bearer;
    if (call.caller) {
        context.replacesSession = call.caller->session.hash;
    } else if (const Secret old = cookieValue(call.request.joined("cookie", "; "), portalCookie); !old.empty()) {
        context.replacesSession = toHex(sha256(old.reveal()));
    }
    return context;
}

std::function<void(Result<identity::SignedIn>)> answeringSignIn(CallPtr call, int status, const Clock& clock) {
    return [call = std::move(call), status, &clock](Result<identity::SignedIn> result) {
        if (!result)
            return call->fail(result.error());
        wire::SignedIn answer;
        answer.user = identity::toWire(result->user);
        answer.expiresAt = toRfc3339(result->expiresAt);
        HttpHeaders headers;
        if (!result->bearer.empty()) {
            answer.token = std::string(result->bearer.reveal());
        } else {
            headers.emplace_back("Set-Cookie", setCookie(portalCookie, result->portal, result->expiresAt, clock.now()));
            headers.emplace_back("Set-Cookie", setCookie(workspaceCookie, result->workspace, result->expiresAt, clock.now()));
        }
        call->answer(status, wire::toJson(answer), std::move(headers));
    };
}

} // namespace clawloops::api
