// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// clawloops-relay: the workspace data plane, Traefik → cell. main() and wiring only.
#include "base/clock.h"
#include "base/log.h"
#include "options.h"
#include "relay/relay_service.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <iostream>
#include <sys/prctl.h>
#include <sys/resource.h>

namespace {

constexpr clawloops::Log logger("relay");

int fail(int code, const std::string& sentence) {
    std::cerr << "clawloops-relay: " << sentence << '\n';
    return code;
}

// Two descriptors for each request under way; the usual soft limit of 1024 is far below our own limits.
void raiseDescriptorLimit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
}

} // namespace

int main(int count, char** arguments) {
    using namespace clawloops;
    setLogProgram("clawloops-relay");
    const auto line = relay::parseCommandLine(count, arguments);
    if (!line)
        return fail(64, line.error().message);
    setLogDebug(line->debug);
    ::signal(SIGPIPE, SIG_IGN);
    ::prctl(PR_SET_DUMPABLE, 0); // a core file would hold the grant key and conversations
    raiseDescriptorLimit();

    boost::asio::io_context io(1);
    const SystemClock clock;
    auto service = relay::RelayService::start(io, clock, line->relay);
    if (!service)
        return fail(service.error().code == ErrorCode::InvalidRequest ? 64 : 71, service.error().message);
    boost::asio::signal_set signals(io, SIGTERM, SIGINT);
    signals.async_wait([&](const boost::system::error_code& error, int) {
        if (!error)
            (*service)->close(); // then nothing is left to do, and run() returns
    });
    io.run();
    logger.info("stopped");
    return 0;
}
