// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Paced event streams: one on each connection, begun --spread MS after one another, each begun anew when it ended, for --seconds S
// from when the last one was begun. The upstream writes into each event when it was sent, so that an event's way is known.
// The last line is one JSON object: the widest gap of each stream is counted against --gap MS (0: none is).
#include "callers.h"
#include "figures.h"
#include "sockets.h"

#include <charconv>
#include <csignal>
#include <cstdio>

namespace clawloops::bench {
namespace {

struct Seen {
    Figures first; // request sent → first event
    Figures way; // an event's way
    std::uint64_t frames = 0;
    bool counting = false;
};

void take(Caller& caller, std::string_view line, Seen& seen) {
    const std::size_t at = line.find("\"content\":\"");
    std::int64_t sentAt = 0;
    if (at == std::string_view::npos || std::from_chars(line.data() + at + 11, line.data() + line.size(), sentAt).ec != std::errc())
        return;
    const std::int64_t now = nowNanos();
    if (seen.counting) {
        ++seen.frames;
        seen.way.add(now - sentAt);
        if (caller.lastFrame == 0)
            seen.first.add(now - caller.sentAt);
        else
            caller.widestGap = std::max(caller.widestGap, now - caller.lastFrame);
    }
    caller.lastFrame = now;
}

void split(Caller& caller, std::string_view piece, Seen& seen) {
    for (std::size_t end = piece.find('\n'); end != std::string_view::npos; end = piece.find('\n')) {
        caller.line += piece.substr(0, end);
        take(caller, caller.line, seen);
        caller.line.clear();
        piece.remove_prefix(end + 1);
    }
    caller.line += piece;
}

} // namespace
} // namespace clawloops::bench

int main(int count, char** arguments) {
    using namespace clawloops::bench;
    ::signal(SIGPIPE, SIG_IGN);
    Callers callers(argument(count, arguments, "--targets"), argument(count, arguments, "--body"));
    const std::int64_t spread = static_cast<std::int64_t>(std::stod(argument(count, arguments, "--spread", "1")) * 1e6);
    const std::int64_t seconds = std::stoll(argument(count, arguments, "--seconds"));
    const std::int64_t allowed = std::stoll(argument(count, arguments, "--gap", "0")) * 1'000'000;
    Seen seen;
    std::uint64_t answers = 0;
    std::size_t begun = 0;
    std::int64_t nextAt = nowNanos();
    std::int64_t endAt = INT64_MAX;
    while (nowNanos() < endAt) {
        for (; begun < callers.size() && nowNanos() >= nextAt; nextAt += spread)
            callers.send(callers[begun++]);
        if (begun == callers.size() && !seen.counting) {
            std::printf("counting\n");
            std::fflush(stdout);
            seen.counting = true;
            endAt = nowNanos() + seconds * 1'000'000'000;
        }
        callers.wait(
            1, [&](Caller& caller, std::string_view piece) { split(caller, piece, seen); },
            [&](Caller& caller) {
                ++answers;
                callers.send(caller);
            });
    }
    std::size_t clean = 0;
    std::int64_t widest = 0;
    for (std::size_t i = 0; i < callers.size(); ++i) {
        // One that stopped altogether shows no gap between events.
        const std::int64_t gap = std::max(callers[i].widestGap, nowNanos() - std::max(callers[i].lastFrame, callers[i].sentAt));
        widest = std::max(widest, gap);
        clean += allowed == 0 || gap <= allowed ? 1 : 0;
    }
    std::printf("{\"streams\":%zu,\"clean\":%zu,\"answers\":%llu,\"frames\":%llu,\"gap_ms\":%.1f,\"first_p50_us\":%.2f,\"first_p99_us\":%.2f,"
                "\"way_p50_us\":%.2f,\"way_p99_us\":%.2f}\n",
                callers.size(), clean, static_cast<unsigned long long>(answers), static_cast<unsigned long long>(seen.frames),
                static_cast<double>(widest) / 1e6, seen.first.micros(0.5), seen.first.micros(0.99), seen.way.micros(0.5), seen.way.micros(0.99));
}
