// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "supervisor/component_spec.h"

#include "base/digest.h"

namespace clawloops::supervisor {

std::string ComponentSpec::digest() const {
    std::string all;
    const auto add = [&all](std::string_view part) {
        all += std::to_string(part.size()) + ':';
        all += part;
    };
    add(program.string());
    for (const std::string& argument : arguments)
        add(argument);
    for (const auto& [variable, value] : environment)
        add(variable + "=" + value);
    add(std::to_string(account.uid) + " " + std::to_string(account.gid));
    for (const RenderedFile& file : files) {
        add(file.path.string());
        add(file.text);
    }
    add(std::to_string(checkPort));
    add(inputs);
    return toHex(sha256(all)).substr(0, 32);
}

} // namespace clawloops::supervisor
