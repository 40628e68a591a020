// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/settings.h"

namespace clawloops {

namespace {
using enum SettingType;
constexpr Setting table[] = {
    {"host", "name", Text, "", "The name people type: it stands in links and in the certificate. Empty: this machine's host name."},
    {"host", "aliases", List, "", "Other names and addresses under which the appliance may be opened, separated by commas. Requests "
                                  "for any other host get a 404. localhost and this machine's addresses are always allowed."},
    {"listen", "address", Text, "0.0.0.0", "The address the portal and the workspaces listen on. 127.0.0.1 keeps them on this machine."},
    {"ports", "portal", Port, "8443", "Portal, API and model endpoint, for the LAN.", 1, 65535},
    {"ports", "workspace", Port, "8444", "Workspaces, for the LAN; an origin of their own.", 1, 65535},
    {"ports", "api", Port, "18443", "Control plane, on 127.0.0.1 behind a client certificate.", 1, 65535},
    {"ports", "check", Port, "18442", "Session check, on 127.0.0.1.", 1, 65535},
    {"ports", "relay", Port, "18444", "Workspace relay, on 127.0.0.1 behind a client certificate.", 1, 65535},
    {"ports", "gateway", Port, "18445", "Model gateway, on 127.0.0.1 behind a client certificate.", 1, 65535},
    {"paths", "data", Path, "", "All data. Empty: `/var/lib/clawloops` as root, `~/.local/share/clawloops` else."},
    {"paths", "run", Path, "", "Sockets; at most 70 characters. Empty: `run` in the data directory."},
    {"paths", "prefix", Path, "", "The installation. Empty: the directory above the one the supervisor's program lies in."},
    {"paths", "bin", Path, "", "Our programs. Empty: where the supervisor's program lies."},
    {"paths", "share", Path, "", "Portal, migrations and descriptions. Empty: `share/clawloops` in the installation."},
    {"paths", "components", Path, "", "Traefik, LiteLLM, llama.cpp and the starter model. Empty: `components` in the installation."},
    {"paths", "postgres", Path, "", "The directory of PostgreSQL's programs. Empty: the cluster's version, or the newest installed one."},
    {"account", "control", Text, "", "Account of the control plane. Empty: `clawloops` as root, else the user who starts."},
    {"account", "db", Text, "", "Account of PostgreSQL. Empty: `clawloops-db` as root, else the user who starts."},
    {"account", "edge", Text, "", "Account of Traefik and the relay. Empty: `clawloops-edge` as root, else the user who starts."},
    {"account", "model", Text, "", "Account of the gateway, LiteLLM and the starter model. Empty: `clawloops-model` as root, else the "
                                   "user who starts."},
    {"engine", "rootless", Choice, "auto", "Whether podman runs rootless. auto: yes unless the supervisor is root.", 0, 0,
     "auto true false"},
    {"engine", "oci_runtime", Choice, "auto", "podman's runtime. auto: podman's own choice, or runc where crun refuses the machine.",
     0, 0, "auto runc crun"},
    {"runtime", "image", Text, "localhost/clawloops-openclaw:latest", "The OpenClaw image of every workspace."},
    {"runtime", "memory", Integer, "2560", "Memory limit of a workspace, in MiB.", 256, 1048576},
    {"runtime", "cpus", Number, "2", "CPU limit of a workspace, in cores.", 0.1, 1024},
    {"runtime", "pids", Integer, "512", "Process limit of a workspace.", 32, 100000},
    {"runtime", "small_prompt", Flag, "true", "A short system prompt and no tools, for the starter model. Set false with a large model."},
    {"database", "url", Text, "", "An existing PostgreSQL (>= 15), as a libpq URL without a password (put that into "
                                  "`secrets/control/pgpass`). Empty: a private cluster in the data directory."},
    {"model", "starter", Flag, "true", "Run the small starter model on this machine."},
    {"model", "starter_context", Integer, "16384", "Its context in tokens; costs memory.", 2048, 131072},
    {"model", "starter_threads", Integer, "0", "Its CPU threads. 0: as many as there are cores.", 0, 1024},
    {"model", "litellm", Flag, "true", "Run LiteLLM, which translates for providers that do not speak OpenAI's protocol."},
    {"traefik", "cert", Path, "", "Your own certificate (PEM, with its chain) for both origins. Empty: one of the appliance's own CA."},
    {"traefik", "key", Path, "", "The key of that certificate."},
    {"log", "level", Choice, "info", "How much our programs write.", 0, 0, "info debug"},
    {"log", "keep", Integer, "64", "Size in MiB at which a log file is put aside; one older file is kept.", 1, 65536},
    {"disk", "least", Integer, "10", "Free space in GiB below which the appliance does not start.", 0, 1048576},
    {"disk", "reserve", Integer, "0", "Free space in MiB kept for the database while it runs: below it no workspace starts, and the one "
                                      "that grew most is stopped. 0: half of disk.least.", 0, 1073741824},
};

std::string_view typeName(const Setting& setting) {
    switch (setting.type) {
    case Text: return "text";
    case Path: return "path";
    case Port: return "port";
    case Integer: return "whole number";
    case Number: return "number";
    case Flag: return "true or false";
    case Choice: return setting.choices;
    case List: return "list";
    }
    return {};
}
}

std::span<const Setting> settingsTable() { return table; }

std::string settingsPage() {
    std::string page = "# Settings\n\n"
                       "The settings file is `clawloops.conf` in the data directory (or the one `--settings` names): sections in\n"
                       "brackets, `key = value` lines, comments after `#` or `;` at the start of a line. Every value can be overridden\n"
                       "by `--set section.key=value`. A key that is not listed here is an error. The file holds no secret. Changes take\n"
                       "effect when the supervisor is started again; it restarts only the components they concern.\n";
    std::string_view section;
    for (const Setting& setting : table) {
        if (setting.section != section) {
            section = setting.section;
            page += "\n## [" + std::string(section) + "]\n| key | value | default | meaning |\n|---|---|---|---|\n";
        }
        page += "| `" + std::string(setting.key) + "` | " + std::string(typeName(setting)) + " | " +
                (setting.fallback.empty() ? std::string() : "`" + std::string(setting.fallback) + "`") + " | " +
                std::string(setting.meaning) + " |\n";
    }
    return page;
}

} // namespace clawloops
