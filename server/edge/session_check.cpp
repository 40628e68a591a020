// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "edge/session_check.h"

#include "base/log.h"
#include "edge/cookies.h"
#include "edge/error_answer.h"
#include "edge/origin_rule.h"
#include "wire/grant.h"

namespace clawloops {

namespace {
constexpr Log log("check");
constexpr std::chrono::hours readerRemembered{365 * 24};
// What the owner's browser may do in the owner's own OpenClaw: everything; the cell is theirs.
constexpr std::string_view ownerScopes =
    "operator.admin,operator.read,operator.write,operator.approvals,operator.pairing";

int hexDigit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

// Decoded as often as anybody behind us might: twice.
std::string decoded(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && hexDigit(text[i + 1]) >= 0 && hexDigit(text[i + 2]) >= 0) {
            result += static_cast<char>(hexDigit(text[i + 1]) * 16 + hexDigit(text[i + 2]));
            i += 2;
        } else {
            result += text[i];
        }
    }
    return result;
}

bool hasDotSegment(std::string_view path) {
    std::string once = decoded(decoded(path)) + "/";
    std::size_t start = 0;
    for (std::size_t i = 0; i < once.size(); ++i) {
        const char c = once[i];
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            return true;
        if (c != '/' && c != '\\')
            continue;
        const std::string_view segment(once.data() + start, i - start);
        if (segment == "." || segment == "..")
            return true;
        start = i + 1;
    }
    return false;
}
} // namespace

std::optional<std::string> workspaceOwnerIn(std::string_view target) {
    const std::string_view path = target.substr(0, target.find_first_of("?#"));
    if (!path.starts_with("/w/") || hasDotSegment(path))
        return std::nullopt;
    const std::string_view rest = path.substr(3);
    // Without a slash too: OpenClaw's Control UI opens its WebSocket at the base path itself.
    const std::string_view username = rest.substr(0, rest.find('/'));
    if (!identity::isUsername(username))
        return std::nullopt;
    return std::string(username);
}

HttpResponse SessionCheck::answer(const HttpRequest& asked) const {
    HttpRequest original = asked;
    original.method = std::string(asked.header("x-forwarded-method"));
    original.path = std::string(asked.header("x-forwarded-uri"));
    std::string cell;
    HttpResponse response = decide(original, asked.header("x-forwarded-host"), cell);
    if (!original.path.empty()) // else it is the supervisor's probe, once a second
        log.info("session check", asked.rid, {{"status", response.status}, {"method", original.method}, {"cell", cell}});
    return response;
}

HttpResponse SessionCheck::decide(const HttpRequest& original, std::string_view hostHeader, std::string& cell) const {
    const auto host = m_parts.addresses.workspaceHost(hostHeader);
    const auto refuse = [&](ErrorCode code, std::string message) {
        return errorAnswer(Error{code, std::move(message), {}}, original.rid);
    };
    const auto notFound = [&] { return refuse(ErrorCode::NotFound, "There is nothing at this address."); };
    // First, so that the supervisor's probe sees it too.
    if (!m_parts.sessions.isOpen())
        return refuse(ErrorCode::Unavailable, "Sessions cannot be checked right now, so nothing is let through. Try again in a moment.");
    if (!host)
        return notFound();

    const std::string origin = m_parts.addresses.workspaceOrigin(*host);
    const bool navigation = isNavigation(original);
    const auto portal = [&](ErrorCode code, std::string message) {
        return navigation ? HttpResponse::redirect(m_parts.addresses.portalOrigin(*host) + "/#workspace")
                          : refuse(code, std::move(message));
    };

    const std::string cookies = original.joined("cookie", "; ");
    const Secret token = cookieValue(cookies, workspaceCookie);
    identity::SessionIndex::Found found;
    if (!token.empty())
        found = m_parts.sessions.find(token, identity::SessionKind::Workspace);
    if (found.verdict != identity::SessionIndex::Verdict::Live)
        return portal(ErrorCode::Unauthenticated, "Sign in to open a workspace.");
    if (!navigation && !mayUseCookie(original, origin))
        return refuse(ErrorCode::AccessDenied, "Only pages of this workspace may do that.");
    if (found.user.isDisabled())
        return portal(ErrorCode::UserDisabled, "This person is disabled. Ask an admin.");
    if (found.user.mustChangePassword)
        return portal(ErrorCode::PasswordChangeRequired, "Set a new password first.");

    const std::string& own = found.user.username;
    if (navigation && (original.path == "/" || original.path == "/w/" + own))
        return HttpResponse::redirect(m_parts.addresses.workspaceUrl(*host, own));
    const auto username = workspaceOwnerIn(original.path);
    const auto owner = username ? m_parts.sessions.owner(*username) : std::nullopt;
    if (!owner || owner->userId != found.user.id)
        return notFound(); // somebody else's is as if it were not there, for admins too
    const auto ready = m_parts.readyCell(owner->userId);
    if (!ready)
        return portal(ErrorCode::Unavailable, "This workspace is not running. Open it from the portal.");

    const WallTime now = m_parts.clock.now();
    if (navigation && !cookieValue(cookies, readerCookie).equals(Secret(found.user.id))) {
        // What another person's workspace has stored in this browser, service workers too, is neither for these eyes nor to act
        // on these pages.
        HttpResponse again = HttpResponse::redirect(origin + original.path);
        again.headers.push_back(clearStorage());
        again.headers.emplace_back("Set-Cookie", setCookie(readerCookie, Secret(found.user.id), now + readerRemembered, now));
        return again;
    }

    cell = *ready;
    Grant grant;
    grant.cell = *ready;
    grant.user = own;
    grant.scopes = ownerScopes;
    grant.session = found.session.hash;
    grant.host = std::string(hostHeader);
    grant.prefix = "/w/" + own + "/";
    grant.sessionExpires = found.session.expiresAt;
    grant.expires = now + grantLifetime;
    grant.rid = original.rid;
    HttpResponse response;
    response.headers.emplace_back(std::string(grantHeader), signGrant(grant, m_parts.grantKey));
    // Traefik takes the cookies from here and drops the client's: without this line the session would reach the cell.
    if (const std::string rest = withoutOurCookies(cookies); !rest.empty())
        response.headers.emplace_back("Cookie", rest);
    return response;
}

} // namespace clawloops
