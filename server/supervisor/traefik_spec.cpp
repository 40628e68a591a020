// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "supervisor/component_specs.h"

#include "supervisor/traefik_config.h"

namespace clawloops::supervisor {

ComponentSpec traefikSpec(const Settings& settings, const Places& places, const TrustFacts& trust) {
    ComponentSpec spec = plainSpec("traefik", "Traefik", places.edge, places);
    const std::filesystem::path render = places.data / "render" / "traefik";
    spec.program = places.components / "traefik";
    spec.arguments = {"--configfile=" + (render / "traefik.yml").string()};
    spec.workingDirectory = render;
    spec.environment.emplace_back("HOME", render.string());
    spec.files = {{render / "dynamic.yml", traefikDynamic(settings, places), places.self.uid, places.edge.gid, 0640},
                  {render / "traefik.yml", traefikStatic(settings, places), places.self.uid, places.edge.gid, 0640}};
    spec.inputs = trust.internal + trust.lan;
    // It never reads from it: the port must stay ours as long as somebody sends cookies there, whoever else has died.
    spec.checkPort = static_cast<std::uint16_t>(settings.integer("ports.check"));
    const std::string address = settings.text("listen.address");
    spec.probe = {.kind = Probe::Kind::Tls, .address = address == "0.0.0.0" || address == "::" ? "127.0.0.1" : address,
                  .port = static_cast<std::uint16_t>(settings.integer("ports.portal")), .host = places.hostName,
                  .path = std::string(entryProbePath)};
    return spec;
}

} // namespace clawloops::supervisor
