// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/cell_policy.h"

#include <algorithm>
#include <regex>

namespace clawloops::runtime {

namespace {

Error refusal(std::string message) { return {ErrorCode::InvalidRequest, std::move(message), {}}; }

bool matches(const std::string& text, const char* pattern) {
    // The longest text that is judged here is a URL; std::regex recurses for each character.
    return text.size() <= 300 && std::regex_match(text, std::regex(pattern));
}

bool printable(const std::string& text, std::size_t most) {
    return text.size() <= most && std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

}

Status checkCellId(const std::string& cellId) {
    if (!isCellId(cellId))
        return refusal("A cell's name is the letter c and 12 hexadecimal digits.");
    return {};
}

Status checkSlot(std::int64_t slot) {
    if (slot < 0 || slot >= IdRange::slots)
        return refusal("The cell's slot must lie between 0 and " + std::to_string(IdRange::slots - 1) + ".");
    return {};
}

Status checkImage(const std::string& image, const Site& site) {
    const bool ours = matches(image, "localhost/clawloops/[a-z0-9][a-z0-9._-]*(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?");
    const bool pinned = matches(image, "[a-z0-9][a-z0-9.-]*(:[0-9]{1,5})?(/[a-z0-9][a-z0-9._-]*)+@sha256:[0-9a-f]{64}");
    if (!ours && !pinned)
        return refusal("The image must be one built here (localhost/clawloops/…) or be pinned by its digest (HOST/NAME@sha256:…).");
    if (image != site.image)
        return Error{ErrorCode::RuntimeActionConflict, "Only the image of runtime.image may be used. If that was changed just now, try again.", image};
    return {};
}

Status checkArguments(const StartArgs& args, const Site& site) {
    for (const Status& status : {checkCellId(args.cellId), checkSlot(args.slot), checkImage(args.image, site)})
        if (!status)
            return status;
    if (!matches(args.username, "[a-z][a-z0-9-]{0,30}[a-z0-9]"))
        return refusal("The username has a form that no workspace can have.");
    if (!matches(std::string(args.token.reveal()), "[A-Za-z0-9_.-]{16,200}"))
        return refusal("The cell's token must be 16 to 200 letters, digits, dots, dashes or underscores.");
    if (args.models.size() > 500)
        return refusal("A cell may have at most 500 models.");
    for (const CellModel& model : args.models)
        if (!matches(model.name, "[A-Za-z0-9][A-Za-z0-9._:/-]{0,126}") || !printable(model.title, 200))
            return refusal("A model's name or title has a form that no route can have.");
    const auto named = [&](const CellModel& model) { return model.name == args.defaultModel; };
    if (!args.defaultModel.empty() && std::none_of(args.models.begin(), args.models.end(), named))
        return refusal("The default model is not one of the cell's models.");
    if (args.origins.size() > 32)
        return refusal("A cell may have at most 32 origins.");
    for (const std::string& origin : args.origins)
        if (!matches(origin, "https://([A-Za-z0-9.-]{1,253}|\\[[0-9a-fA-F:]{2,45}\\])(:[0-9]{1,5})?"))
            return refusal("An origin must be https://HOST or https://HOST:PORT.");
    const CellLimits& limits = args.limits;
    if (limits.memoryBytes != 0 && limits.memoryBytes < 256ll << 20)
        return refusal("A cell's memory limit must be at least 256 MiB, or 0 for none.");
    if (!(limits.cpus >= 0 && limits.cpus <= 1024) || (limits.cpus > 0 && limits.cpus < 0.05))
        return refusal("A cell's CPU limit must lie between 0.05 and 1024, or be 0 for none.");
    if (limits.pids != 0 && (limits.pids < 16 || limits.pids > 32768))
        return refusal("A cell's process limit must lie between 16 and 32768, or be 0 for none.");
    return {};
}

Status checkSpec(const RuntimeSpec& spec, const Site& site) {
    for (const Status& status : {checkCellId(spec.cellId), checkSlot(spec.slot), checkImage(spec.image, site)})
        if (!status)
            return status;
    if (spec.instance != site.instance)
        return refusal("The cell belongs to another instance.");
    if (spec.network != "none")
        return refusal("A cell has no network.");
    if (spec.privileged || !spec.addedCapabilities.empty() || !spec.devices.empty())
        return refusal("A cell has no privileges, capabilities or devices.");
    if (spec.securityOptions != std::vector<std::string>{"no-new-privileges"})
        return refusal("A cell runs with no-new-privileges and the default system call filter.");
    if (!spec.readOnlyRoot)
        return refusal("A cell's root file system is read-only.");
    if (spec.user != "1000:1000")
        return refusal("A cell runs as its user 1000.");
    if (spec.temporary != RuntimeSpec().temporary)
        return refusal("A cell's /tmp has a fixed form.");
    if (spec.limited && (spec.limits.memoryBytes <= 0 || spec.limits.cpus <= 0 || spec.limits.pids <= 0))
        return refusal("A cell needs a memory, a CPU and a process limit.");
    const CellLayout layout{site.cells, spec.cellId};
    const std::vector<Mount> allowed = {{site.cellProgram, std::string(inside::program), true},
                                        {layout.in(), std::string(inside::in), false},
                                        {layout.out(), std::string(inside::out), true},
                                        {layout.config(), std::string(inside::config), true},
                                        {layout.home(), std::string(inside::home), false}};
    for (const Mount& mount : spec.mounts)
        if (std::find(allowed.begin(), allowed.end(), mount) == allowed.end())
            return refusal("A cell mounts its own folders and nothing else.");
    if (spec.entrypoint != inside::program)
        return refusal("A cell's first process is clawloops-cell.");
    return {};
}

} // namespace clawloops::runtime
