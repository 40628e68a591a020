// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/digest.h"
#include "base/result.h"
#include "model/target_url.h"
#include "wire/gateway_verbs.h"

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace clawloops::model {

struct Target {
    enum class Kind { OpenAi, LiteLlm, Starter }; // Starter: "openai" at the socket of this appliance's own starter model
    std::string name;
    Kind kind = Kind::OpenAi;
    TargetUrl url;
    std::string model;
    std::uint32_t weight = 1;
};
struct Route {
    std::string name;
    std::string title;
    bool enabled = true;
    bool byWeight = false; // else in order
    std::vector<Target> targets;
};
struct CellAccess {
    std::string cellId;
    std::string user;
    Sha256 tokenHash{};
    std::set<std::string, std::less<>> routes;
};

// What the gateway knows, as one unchanging value: a request keeps the one it began with. Building it checks everything that
// `configure` brings (names, addresses, hashes). A target with something wrong is left out and named in refused(). A cell that names a route which is
// not there gets nothing by it, and a route without targets serves nobody: neither keeps the rest from being served.
class RouteTable {
public:
    struct Managed { // sockets of this appliance's own
        std::string liteLlm; // of a litellm target without an address
        std::string starter;
    };
    [[nodiscard]] static Result<std::shared_ptr<const RouteTable>> build(const gateway_verbs::Configuration& configuration,
                                                                         const Managed& sockets);

    [[nodiscard]] const std::vector<std::string>& refused() const { return m_refused; }
    [[nodiscard]] std::int64_t revision() const { return m_revision; }
    [[nodiscard]] const std::map<std::string, CellAccess, std::less<>>& cells() const { return m_cells; }
    [[nodiscard]] const std::map<std::string, Route, std::less<>>& routes() const { return m_routes; }
    [[nodiscard]] const CellAccess* cell(std::string_view cellId) const;
    // The enabled route of that name, with a target, when this cell may use it.
    [[nodiscard]] const Route* routeFor(const CellAccess& cell, std::string_view name) const;
    [[nodiscard]] std::vector<const Route*> routesOf(const CellAccess& cell) const; // by name

private:
    std::int64_t m_revision = 0;
    std::vector<std::string> m_refused;
    std::map<std::string, Route, std::less<>> m_routes;
    std::map<std::string, CellAccess, std::less<>> m_cells;
};

[[nodiscard]] bool isCellId(std::string_view text); // 'c' + 12 lower-case hex

} // namespace clawloops::model
