// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A segment of the usage spool after whatever happened to the disk: what is left is read in order, and can be added to.
#include "fuzz.h"

#include "gateway/spool_segment.h"
#include "wire/gateway_verbs.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>
#include <utility>

namespace clawloops::fuzz {

void take(std::string_view input) {
    static const std::filesystem::path directory = std::filesystem::temp_directory_path() / ("clawloops-fuzz-" + std::to_string(::getpid()));
    std::filesystem::create_directories(directory);
    const auto path = gateway::SpoolSegment::pathOf(directory, 1);
    require(gateway::SpoolSegment::firstOf(path) == 1, "a segment's name says its first event");
    static_cast<void>(gateway::SpoolSegment::firstOf(std::filesystem::path(input)));
    std::ofstream(path, std::ios::binary | std::ios::trunc).write(input.data(), static_cast<std::streamsize>(input.size()));

    auto segment = gateway::SpoolSegment::open(path, 1);
    require(static_cast<bool>(segment), "a damaged file never stops the gateway");
    const std::size_t lastEnd = input.rfind('\n');
    require(std::filesystem::file_size(path) == (lastEnd == std::string_view::npos ? 0 : lastEnd + 1),
            "a repair cuts the line without an end, and nothing else");
    const std::int64_t next = segment->next();
    gateway_verbs::UsageEvent event;
    event.seq = next;
    event.outcome = "ok";
    require(static_cast<bool>(segment->append(event)), "it can be added to");

    const auto again = gateway::SpoolSegment::open(path, 1);
    require(again && again->next() == next + 1, "the next open knows the one more");
    std::uint64_t room = 1u << 30;
    const auto events = again->read(1, next + 1, room);
    require(events && !events->empty() && events->back().seq == next, "what was added after the damage is read");
    std::int64_t before = 0;
    for (const auto& each : *events)
        require(each.seq > std::exchange(before, each.seq), "in order, none twice");
    std::uint64_t enough = 1u << 30;
    const auto last = again->read(next, 1, enough);
    require(last && last->size() == 1 && last->front().seq == next, "from the middle too");
    std::filesystem::remove(path);
}

} // namespace clawloops::fuzz
