// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "supervisor/component_specs.h"

#include "supervisor/check_port.h"

namespace clawloops::supervisor {

namespace {
std::string joined(const std::vector<std::string>& parts) {
    std::string all;
    for (const std::string& part : parts)
        all += (all.empty() ? "" : ",") + part;
    return all;
}

std::string decimal(double number) {
    std::string text = std::to_string(number);
    while (text.ends_with('0'))
        text.pop_back();
    if (text.ends_with('.'))
        text.pop_back();
    return text;
}

std::int64_t diskReserve(const Settings& settings) {
    const std::int64_t given = settings.integer("disk.reserve");
    return given > 0 ? given << 20 : settings.integer("disk.least") << 29; // half of it
}

// A daemon with a TLS listener behind Traefik's client certificate.
void addListener(ComponentSpec& spec, const Settings& settings, const Places& places, const std::string& name) {
    const std::filesystem::path pki = places.data / "pki";
    for (const std::string& argument :
         {std::string("--data"), places.data.string(), std::string("--run"), places.run.string(), std::string("--listen"),
          "127.0.0.1:" + settings.text("ports." + name), std::string("--cert"), (pki / name / "server.crt").string(),
          std::string("--key"), (pki / name / "server.key").string(), std::string("--client-ca"), (pki / "client-ca.crt").string(),
          std::string("--control-uid"), std::to_string(places.control.uid), std::string("--log-level"), settings.text("log.level")})
        spec.arguments.push_back(argument);
    spec.probe = {.kind = Probe::Kind::Control, .socket = places.run / name / "control.sock"};
}
}

ComponentSpec plainSpec(std::string name, std::string title, const Account& account, const Places& places) {
    ComponentSpec spec;
    spec.log = places.data / "log" / (name + ".log");
    spec.name = std::move(name);
    spec.title = std::move(title);
    spec.account = account;
    spec.logGroup = places.control.gid;
    spec.environment = {{"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}, {"LANG", "C.UTF-8"}, {"TZ", "UTC"}};
    return spec;
}

ComponentSpec runtimedSpec(const Settings& settings, const Places& places) {
    ComponentSpec spec = plainSpec("runtimed", "Runtime manager", places.self, places);
    spec.program = places.bin / "clawloops-runtimed";
    spec.arguments = {"--data", places.data, "--run", places.run, "--instance", places.instance,
                      "--cell-program", places.bin / "clawloops-cell", "--image", settings.text("runtime.image"),
                      "--reserve", std::to_string(diskReserve(settings)), "--oci-runtime", settings.text("engine.oci_runtime"),
                      "--rootless", places.rootless ? "true" : "false", "--control-uid", std::to_string(places.control.uid),
                      "--control-gid", std::to_string(places.control.gid), "--edge-uid", std::to_string(places.edge.uid),
                      "--edge-gid", std::to_string(places.edge.gid), "--model-uid", std::to_string(places.model.uid),
                      "--log-level", settings.text("log.level")};
    spec.environment.insert(spec.environment.end(), places.engineEnvironment.begin(), places.engineEnvironment.end());
    spec.mayGainPrivileges = true; // rootless podman needs newuidmap
    spec.probe = {.kind = Probe::Kind::Control, .socket = places.run / "runtimed" / "control.sock"};
    return spec;
}

ComponentSpec relaySpec(const Settings& settings, const Places& places, const TrustFacts& trust) {
    ComponentSpec spec = plainSpec("relay", "Workspace relay", places.edge, places);
    spec.program = places.bin / "clawloops-relay";
    addListener(spec, settings, places, "relay");
    for (const std::string& argument : {std::string("--grant-key"), (places.data / "secrets/edge/grant.key").string(),
                                        std::string("--portal-port"), settings.text("ports.portal"),
                                        std::string("--workspace-port"), settings.text("ports.workspace")})
        spec.arguments.push_back(argument);
    spec.inputs = trust.internal + trust.grantKey;
    return spec;
}

ComponentSpec gatewaySpec(const Settings& settings, const Places& places, const TrustFacts& trust) {
    ComponentSpec spec = plainSpec("gateway", "Model gateway", places.model, places);
    spec.program = places.bin / "clawloops-gateway";
    addListener(spec, settings, places, "gateway");
    spec.arguments.insert(spec.arguments.end(), {"--litellm-key", places.data / "secrets/model/litellm.key"});
    spec.inputs = trust.internal;
    return spec;
}

ComponentSpec controlPlaneSpec(const Settings& settings, const Places& places, const TrustFacts& trust) {
    ComponentSpec spec = plainSpec("clawloopsd", "Control plane", places.control, places);
    spec.program = places.bin / "clawloopsd";
    std::string database = settings.text("database.url");
    const std::filesystem::path passwords = places.data / "secrets/control/pgpass";
    if (database.empty())
        database = "host=" + (places.run / "pg").string() + " dbname=clawloops user=clawloops";
    else
        database += (database.find('?') == std::string::npos ? "?passfile=" : "&passfile=") + passwords.string();
    const std::string memory = std::to_string(settings.integer("runtime.memory") * 1024 * 1024);
    spec.arguments = {"--data", places.data, "--run", places.run, "--share", places.share, "--instance", places.instance,
                      "--host", places.hostName, "--allowed-hosts", joined(places.allowedHosts),
                      "--portal-port", settings.text("ports.portal"), "--workspace-port", settings.text("ports.workspace"),
                      "--api-port", settings.text("ports.api"), "--check-port", settings.text("ports.check"),
                      "--check-socket", std::to_string(CheckPort::inheritedAs),
                      "--database", database, "--image", settings.text("runtime.image"), "--runtime-memory", memory,
                      "--runtime-cpus", decimal(settings.number("runtime.cpus")), "--runtime-pids", settings.text("runtime.pids"),
                      "--small-prompt", settings.text("runtime.small_prompt"), "--starter-model", settings.text("model.starter"),
                      "--litellm", settings.text("model.litellm"), "--log-level", settings.text("log.level")};
    spec.after = {"postgres"};
    spec.checkPort = static_cast<std::uint16_t>(settings.integer("ports.check"));
    spec.inputs = trust.internal + trust.grantKey;
    spec.probe = {.kind = Probe::Kind::Http, .port = spec.checkPort,
                  .host = "127.0.0.1", .path = "/check"};
    return spec;
}

std::vector<ComponentSpec> componentSpecs(const Settings& settings, const Places& places, const TrustFacts& trust) {
    std::vector<ComponentSpec> specs{postgresSpec(settings, places)};
    if (settings.flag("model.starter"))
        specs.push_back(starterModelSpec(settings, places));
    if (settings.flag("model.litellm"))
        specs.push_back(liteLlmSpec(settings, places));
    specs.push_back(runtimedSpec(settings, places));
    specs.push_back(relaySpec(settings, places, trust));
    specs.push_back(gatewaySpec(settings, places, trust));
    specs.push_back(controlPlaneSpec(settings, places, trust));
    specs.push_back(traefikSpec(settings, places, trust));
    return specs;
}

} // namespace clawloops::supervisor
