// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "supervisor/state_file.h"

#include "base/files.h"
#include "base/json.h"
#include "base/log.h"

#include <charconv>

namespace clawloops::supervisor {

namespace fs = std::filesystem;

namespace {
constexpr Log logger("state");

// A supervisor that died between its note and the fork's return left a child known by its nonce alone.
ProcessIdentity findByNonce(const std::string& nonce) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator("/proc", ignored)) {
        const std::string name = entry.path().filename().string();
        pid_t pid = 0;
        if (std::from_chars(name.data(), name.data() + name.size(), pid).ptr != name.data() + name.size())
            continue;
        const ProcessIdentity candidate{pid, startTimeOf(pid).value_or(0), nonce};
        if (candidate.startTime != 0 && hasNonce(pid, nonce))
            return candidate;
    }
    return {};
}
}

Status saveProcesses(const fs::path& file, const RecordedProcesses& processes) {
    json::object list;
    for (const auto& [name, process] : processes)
        list[name] = json::object{{"pid", process.identity.pid}, {"startTime", static_cast<std::int64_t>(process.identity.startTime)},
                                  {"nonce", process.identity.nonce}, {"digest", process.digest}, {"restarts", process.restarts}};
    return writeFileAtomically(file, json::serialize(json::object{{"boot", bootId()}, {"processes", std::move(list)}}) + "\n", 0600);
}

RecordedProcesses loadSurvivors(const fs::path& file) {
    RecordedProcesses survivors;
    const auto text = readFile(file);
    if (!text)
        return survivors;
    const auto parsed = parseObject(*text);
    if (!parsed) {
        logger.warning("the list of processes is damaged; nothing is adopted", {}, {{"file", file.string()}});
        return survivors;
    }
    ObjectReader reader(*parsed, "process list");
    if (reader.text("boot") != bootId())
        return survivors;
    for (const auto& member : reader.object("processes")) {
        if (!member.value().is_object())
            continue;
        ObjectReader entry(member.value().get_object(), "process");
        RecordedProcess process;
        process.identity = {static_cast<pid_t>(entry.integer("pid")), static_cast<std::uint64_t>(entry.integer("startTime")), entry.text("nonce")};
        process.digest = entry.text("digest");
        process.restarts = static_cast<int>(entry.integerOr("restarts", 0));
        if (entry.failed() || process.identity.nonce.empty())
            continue;
        if (process.identity.pid == 0)
            process.identity = findByNonce(process.identity.nonce);
        if (stillRuns(process.identity))
            survivors[std::string(member.key())] = process;
    }
    return survivors;
}

} // namespace clawloops::supervisor
