// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clawloops {

// The names and ports a browser may reach this appliance by, exactly: a name that merely resolves here (DNS rebinding) is none
// of them. Plain values.
class Addresses {
public:
    // `hosts`: names or addresses without a port, the main one first.
    Addresses(std::vector<std::string> hosts, std::uint16_t portalPort, std::uint16_t workspacePort);

    // The host name of a Host header that names the origin, or none. Case does not matter; the port does (443 may be left out).
    [[nodiscard]] std::optional<std::string> portalHost(std::string_view hostHeader) const;
    [[nodiscard]] std::optional<std::string> workspaceHost(std::string_view hostHeader) const;

    // As a browser writes them, without a slash at the end. `host` is one of ours.
    [[nodiscard]] std::string portalOrigin(std::string_view host) const;
    [[nodiscard]] std::string workspaceOrigin(std::string_view host) const;
    [[nodiscard]] std::string workspaceUrl(std::string_view host, std::string_view username) const; // …/w/<username>/
    [[nodiscard]] const std::string& mainHost() const { return m_hosts.front(); }
    [[nodiscard]] const std::vector<std::string>& hosts() const { return m_hosts; }

private:
    [[nodiscard]] std::optional<std::string> match(std::string_view hostHeader, std::uint16_t port) const;
    std::vector<std::string> m_hosts;
    std::uint16_t m_portalPort;
    std::uint16_t m_workspacePort;
};

} // namespace clawloops
