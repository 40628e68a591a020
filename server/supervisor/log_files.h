// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace clawloops::supervisor {

// What the last line of a log says: `msg` of a JSON line, else the line, at most 300 characters; empty when there is none.
[[nodiscard]] std::string lastLine(const std::filesystem::path& log);

struct FoundLine {
    std::string component;
    std::string line;
};
// Lines that carry the request id, in each component's present and previous file, at most 64 MiB of each from its end and
// 500 lines in all. In Traefik's log only the id on the way out counts: the one on the way in is the client's. Blocks: for a thread.
[[nodiscard]] std::vector<FoundLine> findInLogs(const std::filesystem::path& directory, std::string_view requestId);

// A file over `limit` bytes is copied to `<name>.1` and cut to nothing; its writers append, so none has to know.
void rotateLogs(const std::filesystem::path& directory, std::uint64_t limit);

} // namespace clawloops::supervisor
