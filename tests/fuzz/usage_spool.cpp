// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The usage spool's last segment after whatever happened to the disk: what is left is whole, in order, and can be added to.
#include "fuzz.h"

#include "base/json.h"
#include "gateway/spool_segment.h"
#include "wire/gateway_verbs.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

namespace clawloops::fuzz {

void take(std::string_view input) {
    static const std::filesystem::path directory = std::filesystem::temp_directory_path() / ("clawloops-fuzz-" + std::to_string(::getpid()));
    std::filesystem::create_directories(directory);
    const auto path = gateway::SpoolSegment::pathOf(directory, 1);
    require(gateway::SpoolSegment::firstOf(path) == 1, "a segment's name says its first event");
    static_cast<void>(gateway::SpoolSegment::firstOf(std::filesystem::path(input)));
    std::ofstream(path, std::ios::binary | std::ios::trunc).write(input.data(), static_cast<std::streamsize>(input.size()));

    const bool sound = static_cast<bool>(gateway::SpoolSegment::open(path, 1, false));
    auto segment = gateway::SpoolSegment::open(path, 1, true);
    require(static_cast<bool>(segment), "a broken end never stops the gateway");
    require(std::filesystem::file_size(path) <= input.size() && (!sound || std::filesystem::file_size(path) == input.size()),
            "a repair only cuts, and only what is broken");
    const std::int64_t next = segment->next();
    gateway_verbs::UsageEvent event;
    event.seq = next;
    event.outcome = "ok";
    require(static_cast<bool>(segment->append(json::serialize(toJson(event)) + '\n')), "it can be added to");

    const auto again = gateway::SpoolSegment::open(path, 1, false);
    require(again && again->next() == next + 1, "what is left is sound, with one more");
    const auto lines = again->read(1, next + 1, 1u << 30);
    require(lines && static_cast<std::int64_t>(lines->size()) == next, "every event is read");
    std::int64_t seq = 0;
    for (const std::string& line : *lines) {
        const auto object = parseObject(line);
        const auto read = object ? gateway_verbs::usageEventFromJson(*object) : Result<gateway_verbs::UsageEvent>(object.error());
        require(read && read->seq == ++seq, "whole and in order");
    }
    std::filesystem::remove(path);
}

} // namespace clawloops::fuzz
