// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/target_url.h"

#include <algorithm>
#include <charconv>

namespace clawloops::model {
namespace {

Error wrong(std::string_view text, std::string_view why) {
    return {ErrorCode::InvalidRequest,
            "The target address \"" + std::string(text) + "\" " + std::string(why) +
                "; write unix:/path or http://host:port/base.",
            {}};
}

bool isPlain(std::string_view text) { // no space, control byte or byte that a URL gives a meaning of its own
    return std::none_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte <= 0x20 || byte >= 0x7f || std::string_view("?#@\\\"<>%^`{|}").find(c) != std::string_view::npos;
    });
}

bool climbs(std::string_view path) {
    return path.find("/../") != std::string_view::npos || path.ends_with("/..") || path.find("//") != std::string_view::npos;
}

} // namespace

std::string TargetUrl::hostField() const {
    if (isLocal())
        return "localhost";
    const std::string name = host.find(':') != std::string::npos ? "[" + host + "]" : host;
    return port == (tls ? 443 : 80) ? name : name + ":" + std::to_string(port);
}

std::string TargetUrl::pathFor(Endpoint endpoint) const {
    const std::string_view path = pathOf(endpoint);
    return base.empty() ? std::string(path) : base + std::string(path.substr(3));
}

Result<TargetUrl> parseTargetUrl(std::string_view text) {
    TargetUrl url;
    if (text.starts_with("unix:")) {
        const std::string_view path = text.substr(5);
        if (!path.starts_with('/') || path.size() < 2 || path.ends_with('/') || climbs(path) ||
            path.find('\0') != std::string_view::npos)
            return wrong(text, "needs an absolute path to a socket");
        url.socketPath = path;
        return url;
    }
    url.tls = text.starts_with("https://");
    if (!url.tls && !text.starts_with("http://"))
        return wrong(text, "is neither a unix socket nor http");
    url.port = url.tls ? 443 : 80;
    std::string_view rest = text.substr(url.tls ? 8 : 7);
    if (!isPlain(rest))
        return wrong(text, "holds characters that do not belong there");
    const std::size_t slash = rest.find('/');
    if (slash != std::string_view::npos) {
        std::string_view base = rest.substr(slash);
        rest = rest.substr(0, slash);
        if (base.ends_with('/'))
            base.remove_suffix(1);
        if (climbs(base))
            return wrong(text, "has a path that climbs");
        url.base = base;
    }
    std::string_view portText;
    if (rest.starts_with('[')) {
        const std::size_t end = rest.find(']');
        if (end == std::string_view::npos)
            return wrong(text, "has an unclosed [");
        url.host = rest.substr(1, end - 1);
        portText = rest.substr(end + 1);
    } else {
        const std::size_t colon = rest.find(':');
        url.host = rest.substr(0, colon);
        portText = colon == std::string_view::npos ? std::string_view() : rest.substr(colon);
    }
    if (url.host.empty())
        return wrong(text, "names no host");
    if (!portText.empty()) {
        unsigned port = 0;
        const auto [end, problem] = std::from_chars(portText.data() + 1, portText.data() + portText.size(), port);
        if (portText.front() != ':' || problem != std::errc() || end != portText.data() + portText.size() || port < 1 ||
            port > 65535)
            return wrong(text, "has no port from 1 to 65535");
        url.port = static_cast<std::uint16_t>(port);
    }
    return url;
}

} // namespace clawloops::model
