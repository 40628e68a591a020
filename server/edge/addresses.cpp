// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "edge/addresses.h"

#include <algorithm>

namespace clawloops {

namespace {
std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return result;
}

std::string origin(std::string_view host, std::uint16_t port) {
    std::string text = "https://" + std::string(host);
    return port == 443 ? text : text + ":" + std::to_string(port);
}
} // namespace

Addresses::Addresses(std::vector<std::string> hosts, std::uint16_t portalPort, std::uint16_t workspacePort)
    : m_portalPort(portalPort)
    , m_workspacePort(workspacePort) {
    for (const std::string& host : hosts) {
        const bool bare6 = host.find(':') != std::string::npos && !host.starts_with('[');
        const std::string name = lower(bare6 ? "[" + host + "]" : host);
        if (!name.empty() && std::find(m_hosts.begin(), m_hosts.end(), name) == m_hosts.end())
            m_hosts.push_back(name);
    }
    if (m_hosts.empty())
        m_hosts.emplace_back("localhost");
}

std::optional<std::string> Addresses::match(std::string_view hostHeader, std::uint16_t port) const {
    const std::string given = lower(hostHeader);
    for (const std::string& host : m_hosts)
        if (given == host + ":" + std::to_string(port) || (port == 443 && given == host))
            return host;
    return std::nullopt;
}

std::optional<std::string> Addresses::portalHost(std::string_view hostHeader) const { return match(hostHeader, m_portalPort); }
std::optional<std::string> Addresses::workspaceHost(std::string_view hostHeader) const {
    return match(hostHeader, m_workspacePort);
}
std::string Addresses::portalOrigin(std::string_view host) const { return origin(host, m_portalPort); }
std::string Addresses::workspaceOrigin(std::string_view host) const { return origin(host, m_workspacePort); }
std::string Addresses::workspaceUrl(std::string_view host, std::string_view username) const {
    return workspaceOrigin(host) + "/w/" + std::string(username) + "/";
}

} // namespace clawloops
