// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/digest.h"
#include "wire/api_types.h"

namespace clawloops::sample {

// A team as a snapshot says it, for windows under test. Nothing of this is in the product.
[[nodiscard]] inline std::string minutesAgo(double minutes) {
    return toRfc3339(SystemClock().now() - std::chrono::milliseconds(static_cast<long>(minutes * 60'000)));
}

[[nodiscard]] inline wire::User user(const std::string& name, bool admin = false) {
    wire::User u;
    u.userId = u.subjectId = "usr_" + name;
    u.username = name;
    u.tenantId = "default";
    u.role = admin ? "admin" : "user";
    u.status = "active";
    u.isAdmin = admin;
    u.createdAt = minutesAgo(60 * 24 * 12);
    u.lastSignInAt = minutesAgo(42);
    return u;
}

[[nodiscard]] inline wire::AdminRuntime runtime(const std::string& name, const std::string& observed, double minutes,
                                                const std::string& desired = "running") {
    wire::AdminRuntime r;
    r.userId = "usr_" + name;
    r.username = name;
    r.cellId = "c" + toHex(sha256(name)).substr(0, 12);
    auto& b = r.status.binding;
    b.runtimeId = "run_" + name;
    b.volumeId = "vol_" + name;
    b.imageRef = "localhost/clawloops/openclaw:2026.9.6";
    b.desiredState = desired;
    b.observedState = observed;
    b.retentionPolicy = "preserve_workspace";
    r.status.ready = observed == "running";
    r.status.reason = "";
    r.status.since = minutesAgo(minutes);
    return r;
}

[[nodiscard]] inline wire::Component component(const std::string& name, const std::string& title, int pid, long rssMiB) {
    wire::Component c;
    c.name = name;
    c.title = title;
    c.state = "running";
    c.since = minutesAgo(184);
    c.pid = pid;
    c.rssBytes = rssMiB * 1024 * 1024;
    return c;
}

[[nodiscard]] inline wire::Route route(const std::string& id, const std::string& title, const std::string& kind) {
    wire::Route r;
    r.modelId = id;
    r.title = title;
    r.enabled = true;
    r.targets = {{kind == "litellm" ? "litellm" : "starter", kind, "smollm2-135m", 1,
                  kind == "litellm" ? "unix:$RUN/model/litellm.sock" : "unix:$RUN/model/starter.sock"}};
    return r;
}

[[nodiscard]] inline wire::Snapshot team() {
    wire::Snapshot s;
    s.users = {user("marta", true), user("anna"), user("ben"), user("cleo"), user("dan"), user("elif"), user("farid"), user("grace")};
    s.users[6].isDisabled = true;
    s.users[6].status = "disabled";
    s.users[7].lastSignInAt.reset();
    s.runtimes = {runtime("marta", "running", 184), runtime("anna", "running", 124), runtime("ben", "paused", 20),
                  runtime("cleo", "creating", 0.1), runtime("dan", "error", 3), runtime("elif", "running", 61),
                  runtime("farid", "stopped", 60 * 30, "stopped")};
    s.runtimes[3].status.task = wire::Task{"tsk_1", "run_cleo", "start", "running", minutesAgo(0.12), {}, {},
                                           {{"reserve", "Reserved", "done", minutesAgo(0.12), 100, {}},
                                            {"container", "Container started", "done", minutesAgo(0.12), 240, {}},
                                            {"openclaw", "OpenClaw starting", "running", minutesAgo(0.1), {}, {}},
                                            {"ready", "Ready", "waiting", {}, {}, {}}}};
    s.runtimes[4].status.binding.lastError = "OpenClaw stopped itself 3 times: its configuration is not valid (exit code 78). Look at its last log lines.";
    s.routes = {route("starter", "Starter model", "openai"), route("starter-litellm", "Starter model through LiteLLM", "litellm")};
    s.components = {component("postgres", "PostgreSQL", 4021, 61), component("starter-model", "Starter model", 4033, 402),
                    component("litellm", "LiteLLM", 4034, 351), component("runtimed", "Runtime manager", 4035, 24),
                    component("relay", "Relay", 4036, 11), component("gateway", "Gateway", 4037, 12),
                    component("clawloopsd", "Control plane", 4038, 48), component("traefik", "Traefik", 4040, 127)};
    s.invitations = {{"inv_hugo", "hugo", "user", "pending", minutesAgo(35), minutesAgo(-60 * 71)}};
    s.usage.from = minutesAgo(60 * 24 * 20);
    s.usage.to = minutesAgo(0);
    s.usage.byRoute = {{"starter", "Starter model", 214, 2, 410'000, 61'200}, {"starter-litellm", "Starter model through LiteLLM", 31, 0, 60'100, 9'300}};
    s.usage.byUser = {{"usr_anna", "anna", 120, 1, 210'000, 31'000}, {"usr_ben", "ben", 44, 0, 90'000, 12'400}, {"usr_marta", "marta", 9, 0, 4'100, 812}};
    return s;
}

} // namespace clawloops::sample
