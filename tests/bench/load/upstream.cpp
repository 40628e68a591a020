// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The model server alone: --whole ADDRESS answers each request at once with the bytes of --answer FILE; --paced ADDRESS with an event
// stream of --frames N events, one each --every MS.
#include "model_server.h"
#include "sockets.h"

#include <csignal>
#include <iostream>

int main(int count, char** arguments) {
    using namespace clawloops::bench;
    ::signal(SIGPIPE, SIG_IGN);
    const std::string whole = argument(count, arguments, "--whole", "");
    const std::string answer = whole.empty() ? std::string() : contentOf(argument(count, arguments, "--answer"));
    Upstream upstream(answer, std::stoi(argument(count, arguments, "--frames", "50")), std::stoll(argument(count, arguments, "--every", "100")) * 1'000'000);
    upstream.listen(whole, false);
    upstream.listen(argument(count, arguments, "--paced", ""), true);
    std::cout << "ready" << std::endl;
    while (true)
        upstream.turn(-1);
}
