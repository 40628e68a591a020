// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/runtime_spec.h"

#include "base/digest.h"
#include "runtime/openclaw_config.h"

#include <charconv>

namespace clawloops::runtime {

namespace {

std::string joined(std::string_view a, std::string_view b) { return std::string(a).append(b); }

std::string cpusText(double cpus) {
    // Never the locale's comma.
    char text[32];
    const auto [end, failure] = std::to_chars(text, text + sizeof text, cpus, std::chars_format::fixed, 2);
    return failure == std::errc() ? std::string(text, end) : "1";
}

std::string ulimit(std::string_view name, std::int64_t most) {
    const std::string text = std::to_string(most);
    return joined(name, "=").append(text).append(":").append(text);
}

}

RuntimeSpec planCell(const StartArgs& args, const Site& site, const EnginePlan& plan) {
    const CellLayout layout{site.cells, args.cellId};
    const std::string home(inside::home);
    RuntimeSpec spec;
    spec.instance = site.instance;
    spec.cellId = args.cellId;
    spec.slot = args.slot;
    spec.image = args.image;
    spec.rootless = plan.rootless;
    spec.limited = plan.canLimit;
    if (plan.canLimit)
        spec.limits = args.limits;
    spec.openFiles = plan.openFiles;
    spec.processes = plan.processes;
    spec.mounts = {{site.cellProgram, std::string(inside::program), true},
                   {layout.in(), std::string(inside::in), false},
                   {layout.out(), std::string(inside::out), true}, // connecting to a socket needs no write access to its folder
                   {layout.config(), std::string(inside::config), true},
                   {layout.home(), home, false}};
    spec.environment = {{"HOME", "/home/node"},
                        {"NODE_ENV", "production"},
                        {"NO_COLOR", "1"},
                        {"OPENCLAW_STATE_DIR", home},
                        {"OPENCLAW_CONFIG_PATH", joined(inside::config, "/openclaw.json")},
                        {"OPENCLAW_CONFIG_READONLY", "1"},
                        {"OPENCLAW_NO_RESPAWN", "1"},
                        {"OPENCLAW_DISABLE_BONJOUR", "1"},
                        {"OPENCLAW_NO_AUTO_UPDATE", "1"},
                        {"XDG_CACHE_HOME", home + "/cache"}};
    // NODE_COMPILE_CACHE is the image's: warmed when it was built, so that the first start is a warm one too.
    spec.entrypoint = inside::program;
    spec.command = {"--join", joined("unix:", inside::in) + "/in.sock=tcp:" + std::to_string(inside::gatewayPort),
                    "--join", "tcp:" + std::to_string(inside::modelPort) + "=" + joined("unix:", inside::out) + "/model.sock",
                    "--", "openclaw", "gateway", "--bind", "loopback", "--port", std::to_string(inside::gatewayPort)};
    return spec;
}

std::vector<std::string> podmanRun(const RuntimeSpec& spec, const std::string& ociRuntime, const std::string& hash) {
    std::vector<std::string> list;
    const auto add = [&list](std::initializer_list<std::string> items) { list.insert(list.end(), items); };
    if (!ociRuntime.empty())
        add({"--runtime", ociRuntime});
    add({"run", "--detach", "--pull", "never", "--name", spec.name(), "--hostname", spec.cellId});
    add({"--label", "io.clawloops.instance=" + spec.instance, "--label", "io.clawloops.cell=" + spec.cellId});
    add({"--label", "io.clawloops.slot=" + std::to_string(spec.slot), "--label", "io.clawloops.spec=" + hash});
    add({"--network", spec.network, "--cap-drop", "ALL"});
    for (const auto& capability : spec.addedCapabilities)
        add({"--cap-add", capability});
    for (const auto& option : spec.securityOptions)
        add({"--security-opt", option});
    if (spec.privileged)
        add({"--privileged"});
    for (const auto& device : spec.devices)
        add({"--device", device});
    if (spec.readOnlyRoot)
        add({"--read-only", "--read-only-tmpfs=false"});
    add({"--tmpfs", spec.temporary, "--user", spec.user, "--systemd", "false", "--image-volume", "ignore"});
    // Not the host's proxy variables, and not its orphaned anonymous volumes, restarts or journal.
    add({"--http-proxy=false", "--restart", "no", "--log-driver", "k8s-file", "--log-opt", "max-size=8mb"});
    add({"--stop-signal", "SIGTERM", "--stop-timeout", std::to_string(spec.stopSeconds)});
    if (spec.rootless) {
        add({"--userns", "keep-id:uid=1000,gid=1000"});
    } else {
        const std::string map =
            "0:" + std::to_string(IdRange{spec.slot}.base()) + ":" + std::to_string(IdRange::count);
        add({"--uidmap", map, "--gidmap", map});
    }
    if (spec.limits.memoryBytes > 0)
        add({"--memory", std::to_string(spec.limits.memoryBytes) + "b", "--memory-swap",
             std::to_string(spec.limits.memoryBytes) + "b"});
    if (spec.limits.cpus > 0)
        add({"--cpus", cpusText(spec.limits.cpus)});
    if (spec.limits.pids > 0)
        add({"--pids-limit", std::to_string(spec.limits.pids)});
    if (spec.openFiles)
        add({"--ulimit", ulimit("nofile", *spec.openFiles)});
    if (spec.processes)
        add({"--ulimit", ulimit("nproc", *spec.processes)});
    for (const Mount& mount : spec.mounts)
        add({"--mount", "type=bind,source=" + mount.source + ",target=" + mount.target + (mount.readOnly ? ",ro=true" : ",ro=false")});
    for (const auto& [name, value] : spec.environment)
        add({"--env", name + "=" + value});
    add({"--entrypoint", spec.entrypoint, spec.image});
    list.insert(list.end(), spec.command.begin(), spec.command.end());
    return list;
}

std::string specHash(const RuntimeSpec& spec, const std::string& ociRuntime, const StartArgs& args) {
    std::string text;
    for (const std::string& argument : podmanRun(spec, ociRuntime, {}))
        text.append(argument).push_back('\0');
    text.append(renderOpenclawConfig(args));
    return toHex(sha256(text));
}

} // namespace clawloops::runtime
