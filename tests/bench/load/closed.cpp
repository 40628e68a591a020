// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Closed loop: --inflight K requests are always under way, each on the connection that has rested longest, until --requests N were
// answered after --warm W, at most --rate R a second (0: as fast as it goes). The model server (--upstream ADDRESS, --answer FILE) is in here too, and neither of them ever sleeps: waking
// a sleeper is a large part of what sending costs, and who is faster would wake fewer. The last line is one JSON object.
#include "callers.h"
#include "figures.h"
#include "model_server.h"
#include "sockets.h"

#include <csignal>
#include <cstdio>
#include <deque>
#include <utility>

int main(int count, char** arguments) {
    using namespace clawloops::bench;
    ::signal(SIGPIPE, SIG_IGN);
    Upstream upstream(contentOf(argument(count, arguments, "--answer")), 0, 0);
    upstream.listen(argument(count, arguments, "--upstream"), false);
    Callers callers(argument(count, arguments, "--targets"), argument(count, arguments, "--body"));
    const std::size_t inflight = std::stoull(argument(count, arguments, "--inflight"));
    const std::size_t warm = std::stoull(argument(count, arguments, "--warm", "0"));
    const std::size_t wanted = std::stoull(argument(count, arguments, "--requests")) + warm;
    if (callers.size() < inflight)
        die("there are fewer connections than requests to be under way");
    std::deque<Caller*> resting;
    for (std::size_t i = 0; i < callers.size(); ++i)
        resting.push_back(&callers[i]);
    Figures figures;
    const double rate = std::stod(argument(count, arguments, "--rate", "0"));
    std::size_t due = 0; // answered, and not sent anew yet for the rate's sake
    std::size_t sent = 0;
    std::size_t answered = 0;
    const double everyNanos = rate > 0 ? 1e9 / rate : 0;
    const std::int64_t startedAt = nowNanos();
    std::int64_t begun = startedAt;
    const auto next = [&] {
        if (sent == wanted)
            return;
        if (rate > 0 && static_cast<double>(nowNanos() - startedAt) < everyNanos * static_cast<double>(sent)) {
            ++due;
            return;
        }
        ++sent;
        Caller* caller = resting.front();
        resting.pop_front();
        callers.send(*caller);
    };
    for (std::size_t i = 0; i < inflight; ++i)
        next();
    while (answered < wanted) {
        for (std::size_t again = std::exchange(due, 0); again > 0; --again)
            next();
        upstream.turn(0);
        callers.wait(
            0, [](Caller&, std::string_view) {},
            [&](Caller& caller) {
                const std::int64_t now = nowNanos();
                if (++answered == warm)
                    begun = now;
                else if (answered > warm)
                    figures.add(now - caller.sentAt);
                resting.push_back(&caller);
                next();
            });
    }
    std::printf("{\"requests\":%zu,\"seconds\":%.4f,\"p50_us\":%.2f,\"p99_us\":%.2f}\n", answered - warm,
                static_cast<double>(nowNanos() - begun) / 1e9, figures.micros(0.5), figures.micros(0.99));
}
