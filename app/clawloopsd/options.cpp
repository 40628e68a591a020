// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "options.h"

#include "base/settings.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <unistd.h>

using namespace clawloops;

namespace {
Error wrong(std::string sentence) { return {ErrorCode::InvalidRequest, std::move(sentence), {}}; }

// "--name value" pairs out of those known; the first problem sticks.
class Flags {
public:
    Flags(const std::vector<std::string>& words, const std::vector<std::string>& known) {
        for (std::size_t i = 0; i < words.size(); i += 2) {
            if (std::find(known.begin(), known.end(), words[i]) == known.end())
                fail("Unknown flag " + words[i] + ": see resources/docs/internals.md, \"Flags of the daemons\".");
            else if (i + 1 == words.size())
                fail(words[i] + " needs a value.");
            else if (!m_values.emplace(words[i], words[i + 1]).second)
                fail(words[i] + " is given twice.");
        }
    }
    [[nodiscard]] bool has(const std::string& name) const { return m_values.contains(name); }
    [[nodiscard]] std::string text(const std::string& name) {
        const auto found = m_values.find(name);
        if (found == m_values.end())
            fail(name + " is missing.");
        return found == m_values.end() ? std::string() : found->second;
    }
    template <class T> [[nodiscard]] T number(const std::string& name, T least, T most) {
        const std::string value = text(name);
        T result{};
        const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), result);
        if (problem != std::errc() || end != value.data() + value.size() || result < least || result > most)
            fail(name + " has no fitting number: \"" + value + "\".");
        return result;
    }
    [[nodiscard]] std::uint16_t port(const std::string& name) { return static_cast<std::uint16_t>(number<int>(name, 0, 65535)); }
    [[nodiscard]] bool truth(const std::string& name) {
        const std::string value = text(name);
        if (value != "true" && value != "false")
            fail(name + " must be true or false.");
        return value == "true";
    }
    void fail(std::string sentence) {
        if (m_problem.empty())
            m_problem = std::move(sentence);
    }
    [[nodiscard]] const std::string& problem() const { return m_problem; }

private:
    std::map<std::string, std::string> m_values;
    std::string m_problem;
};

std::vector<std::string> commaSeparated(const std::string& text) {
    std::vector<std::string> parts;
    std::size_t start = 0;
    while (start <= text.size()) {
        const std::size_t end = std::min(text.find(',', start), text.size());
        if (end > start)
            parts.push_back(text.substr(start, end - start));
        start = end + 1;
    }
    return parts;
}
} // namespace

Result<Options> parseOptions(const std::vector<std::string>& words) {
    Flags flags(words, {"--data", "--run", "--share", "--instance", "--host", "--allowed-hosts", "--portal-port", "--workspace-port",
                        "--api-port", "--check-port", "--check-socket", "--database", "--image", "--runtime-memory", "--runtime-cpus",
                        "--runtime-pids", "--small-prompt", "--starter-model", "--litellm", "--log-level"});
    Options options;
    options.data = flags.text("--data");
    options.run = flags.text("--run");
    options.share = flags.text("--share");
    options.instance = flags.text("--instance");
    options.host = flags.text("--host");
    options.allowedHosts = commaSeparated(flags.text("--allowed-hosts"));
    options.portalPort = flags.port("--portal-port");
    options.workspacePort = flags.port("--workspace-port");
    options.apiPort = flags.port("--api-port");
    options.checkPort = flags.port("--check-port");
    if (flags.has("--check-socket"))
        options.checkSocket = flags.number<int>("--check-socket", 3, 1 << 20);
    options.database = flags.text("--database");
    options.image = flags.text("--image");
    options.runtimeMemory = flags.number<std::int64_t>("--runtime-memory", 1 << 20, std::int64_t(1) << 50);
    options.runtimeCpus = flags.number<double>("--runtime-cpus", 0.01, 10'000);
    options.runtimePids = flags.number<std::int64_t>("--runtime-pids", 16, 1 << 22);
    options.smallPrompt = flags.truth("--small-prompt");
    options.starterModel = flags.truth("--starter-model");
    options.liteLlm = flags.truth("--litellm");
    const std::string level = flags.text("--log-level");
    if (level != "info" && level != "debug")
        flags.fail("--log-level must be info or debug.");
    options.debug = level == "debug";
    if (!flags.problem().empty())
        return wrong(flags.problem());
    return options;
}

Result<LinkOptions> parseLinkOptions(const std::vector<std::string>& words) {
    Flags flags(words, {"--data", "--run", "--host", "--portal-port", "--database"});
    const std::string data = flags.text("--data");
    if (!flags.problem().empty())
        return wrong(flags.problem());
    const auto settings = Settings::load(data + "/clawloops.conf", {});
    if (!settings)
        return settings.error();
    LinkOptions options;
    char machine[256] = "localhost";
    ::gethostname(machine, sizeof machine - 1);
    options.host = flags.has("--host") ? flags.text("--host") : settings->isSet("host.name") ? settings->text("host.name") : machine;
    options.portalPort = flags.has("--portal-port") ? flags.port("--portal-port")
                                                    : static_cast<std::uint16_t>(settings->integer("ports.portal"));
    const std::string run = flags.has("--run")               ? flags.text("--run")
                            : settings->isSet("paths.run") ? settings->text("paths.run")
                                                           : data + "/run";
    options.database = "host=" + run + "/pg dbname=clawloops user=clawloops";
    if (flags.has("--database"))
        options.database = flags.text("--database");
    else if (settings->isSet("database.url"))
        options.database = settings->text("database.url") +
                           (settings->text("database.url").find('?') == std::string::npos ? "?passfile=" : "&passfile=") + data +
                           "/secrets/control/pgpass";
    if (!flags.problem().empty())
        return wrong(flags.problem());
    return options;
}
