// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/podman_output.h"

#include "base/clock.h"
#include "runtime/cell_layout.h"

#include <algorithm>
#include <charconv>

namespace clawloops::runtime {

namespace {

const json::value* member(const json::value& value, std::string_view name) {
    return value.is_object() ? value.get_object().if_contains(name) : nullptr;
}

std::string textOf(const json::value& value, std::string_view name) {
    const json::value* found = member(value, name);
    return found && found->is_string() ? std::string(found->get_string()) : std::string();
}

std::int64_t numberOf(const json::value& value, std::string_view name) {
    const json::value* found = member(value, name);
    return found && found->is_int64() ? found->get_int64() : 0;
}

Error unreadable(std::string_view what) {
    return {ErrorCode::Internal, "podman's answer could not be read: its version may be one that ClawLoops does not know.",
            std::string(what)};
}

Result<json::value> parsed(std::string_view text) {
    json::error_code problem;
    json::value value = json::parse(text, problem);
    if (problem)
        return unreadable(problem.message());
    return value;
}

}

std::string_view cellState(std::string_view podmanState) {
    if (podmanState == "running" || podmanState == "stopping")
        return "running";
    if (podmanState == "paused")
        return "paused";
    if (podmanState == "exited" || podmanState == "stopped" || podmanState == "removing")
        return "exited";
    return "created"; // created, configured, initialized, unknown
}

Result<std::vector<ListedCell>> parsePodmanList(std::string_view text) {
    auto list = parsed(text);
    if (!list)
        return list.error();
    if (!list->is_array())
        return unreadable("ps is no list");
    std::vector<ListedCell> cells;
    for (const json::value& item : list->get_array()) {
        const json::value* labels = member(item, "Labels");
        if (!labels || !isCellId(textOf(*labels, "io.clawloops.cell")))
            continue;
        ListedCell listed;
        Cell& cell = listed.cell;
        cell.cellId = textOf(*labels, "io.clawloops.cell");
        cell.state = cellState(textOf(item, "State"));
        cell.spec = textOf(*labels, "io.clawloops.spec");
        if (const std::int64_t started = numberOf(item, "StartedAt"); started > 0)
            cell.startedAt = toRfc3339(fromUnixSeconds(started));
        cell.pid = numberOf(item, "Pid");
        if (cell.state == "exited")
            cell.exitCode = numberOf(item, "ExitCode");
        cell.image = textOf(item, "Image");
        const std::string slot = textOf(*labels, "io.clawloops.slot");
        std::from_chars(slot.data(), slot.data() + slot.size(), listed.slot);
        cells.push_back(std::move(listed));
    }
    return cells;
}

std::optional<CellEvent> parsePodmanEvent(std::string_view line) {
    const auto event = parsed(line);
    if (!event)
        return std::nullopt;
    const json::value* labels = member(*event, "Attributes");
    if (!labels || !isCellId(textOf(*labels, "io.clawloops.cell")))
        return std::nullopt;
    static constexpr std::pair<std::string_view, std::string_view> states[] = {
        {"create", "created"}, {"start", "running"},   {"unpause", "running"},
        {"pause", "paused"},   {"died", "exited"},     {"remove", "removed"}};
    const std::string status = textOf(*event, "Status");
    const auto state = std::find_if(std::begin(states), std::end(states), [&](const auto& row) { return row.first == status; });
    if (state == std::end(states))
        return std::nullopt;
    CellEvent result{textOf(*labels, "io.clawloops.cell"), std::string(state->second), std::nullopt};
    if (status == "died") // podman leaves a zero out
        result.exitCode = numberOf(*event, "ContainerExitCode");
    return result;
}

Result<PodmanFacts> parsePodmanInfo(std::string_view text) {
    const auto info = parsed(text);
    if (!info)
        return info.error();
    const json::value* host = member(*info, "host");
    const json::value* version = member(*info, "version");
    if (!host || !version)
        return unreadable("info has no host or version");
    PodmanFacts facts;
    facts.version = textOf(*version, "Version");
    const json::value* controllers = member(*host, "cgroupControllers");
    int found = 0;
    if (controllers && controllers->is_array())
        for (const json::value& name : controllers->get_array())
            found += name == json::value("memory") || name == json::value("pids") ? 1 : 0;
    facts.limits = found == 2;
    return facts;
}

} // namespace clawloops::runtime
