// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/clean_answer.h"

#include "base/json.h"

namespace clawloops::relay {

namespace {

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        case '\'': out += "&#39;"; break;
        default: out += c;
        }
    }
    return out;
}

std::string page(const Refusal& refusal, std::string_view rid, const std::string& portal) {
    std::string html = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
                       "<meta name=\"viewport\" content=\"width=device-width\">";
    if (refusal.retry)
        html += "<meta http-equiv=\"refresh\" content=\"5\">";
    html += "<title>" + escaped(refusal.title) + "</title><style>"
            ":root{color-scheme:light dark}body{margin:0;font:16px/1.5 system-ui,sans-serif;background:#f5f6f8;color:#1b1f27}"
            "main{max-width:36rem;margin:20vh auto 0;padding:32px}h1{font-size:22px;font-weight:600;margin:0 0 8px}"
            "a{color:#2f5fde}small{color:#5b6472;font-size:14px}"
            "@media(prefers-color-scheme:dark){body{background:#0f1115;color:#e8eaee}a{color:#7fa1ff}small{color:#9aa3b2}}"
            "</style></head><body><main><h1>" + escaped(refusal.title) + "</h1><p>" + escaped(refusal.message) + "</p>";
    if (!portal.empty())
        html += "<p><a href=\"" + escaped(portal) + "\">Back to the portal</a></p>";
    if (!rid.empty())
        html += "<p><small>Request " + escaped(rid) + "</small></p>";
    return html + "</main></body></html>\n";
}

} // namespace

bool isNavigation(const stream::RequestHead& request) {
    if (request.method != "GET" && request.method != "HEAD")
        return false;
    const std::string_view mode = request.fields.get("Sec-Fetch-Mode");
    return (mode.empty() || mode == "navigate") && request.fields.get("Accept").find("text/html") != std::string_view::npos;
}

std::string portalUrl(std::string_view host, std::uint16_t portalPort) {
    // Only what a host can be: the value comes from the request.
    if (host.empty() || host.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]") != std::string_view::npos)
        return {};
    const std::size_t bracket = host.rfind(']');
    const std::size_t colon = host.rfind(':');
    if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket))
        host = host.substr(0, colon);
    return "https://" + std::string(host) + (portalPort == 443 ? "" : ":" + std::to_string(portalPort)) + "/";
}

CleanAnswer cleanAnswer(const Refusal& refusal, const stream::RequestHead& request, std::string_view rid, std::uint16_t portalPort) {
    CleanAnswer answer;
    answer.head.status = refusal.status;
    stream::Fields& fields = answer.head.fields;
    fields.add("Cache-Control", "no-store");
    fields.add("X-Content-Type-Options", "nosniff");
    fields.add("Referrer-Policy", "no-referrer");
    if (!rid.empty())
        fields.add("X-Request-Id", rid);
    if (refusal.retry)
        fields.add("Retry-After", "5");
    if (isNavigation(request)) {
        fields.add("Content-Type", "text/html; charset=utf-8");
        fields.add("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
        fields.add("X-Frame-Options", "DENY");
        answer.body = page(refusal, rid, portalUrl(request.fields.get("Host"), portalPort));
    } else {
        fields.add("Content-Type", "application/json");
        answer.body = json::serialize(json::object{{"code", refusal.code}, {"message", refusal.message}}) + "\n";
    }
    return answer;
}

} // namespace clawloops::relay
