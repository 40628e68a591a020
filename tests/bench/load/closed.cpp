// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Closed loop: --inflight K requests are always under way, each on the connection that has rested longest, until --requests N were
// answered after --warm W. The model server (--upstream ADDRESS, --answer FILE) is in here too, and neither of them ever sleeps: waking
// a sleeper is a large part of what sending costs, and who is faster would wake fewer. The last line is one JSON object.
#include "callers.h"
#include "figures.h"
#include "model_server.h"
#include "sockets.h"

#include <csignal>
#include <cstdio>
#include <deque>

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
    std::size_t sent = 0;
    std::size_t answered = 0;
    std::int64_t begun = nowNanos();
    const auto next = [&] {
        if (sent == wanted)
            return;
        ++sent;
        Caller* caller = resting.front();
        resting.pop_front();
        callers.send(*caller);
    };
    for (std::size_t i = 0; i < inflight; ++i)
        next();
    while (answered < wanted) {
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
