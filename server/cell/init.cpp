// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cell/init.h"

#include "cell/child.h"
#include "cell/join.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <cstdio>
#include <functional>
#include <memory>

namespace clawloops::cell {

int runCell(const Options& options) {
    boost::asio::io_context context(1);
    // Before the fork, so that a child that ends at once is not missed.
    boost::asio::signal_set signals(context, SIGCHLD, SIGTERM, SIGINT);
    signals.add(SIGHUP);
    ::signal(SIGPIPE, SIG_IGN);

    std::vector<std::unique_ptr<Join>> joins;
    for (const JoinSpec& spec : options.joins) {
        std::string error;
        joins.push_back(std::make_unique<Join>(context, spec));
        if (!joins.back()->open(error)) {
            std::fprintf(stderr, "clawloops-cell: could not listen on %s\n", error.c_str());
            return 69;
        }
    }
    context.notify_fork(boost::asio::io_context::fork_prepare);
    std::string error;
    const pid_t child = startChild(options.command, error);
    context.notify_fork(boost::asio::io_context::fork_parent);
    if (child < 0) {
        std::fprintf(stderr, "clawloops-cell: could not start a process: %s\n", error.c_str());
        return 71;
    }

    int exitCode = 0;
    std::function<void()> next = [&] {
        signals.async_wait([&](const boost::system::error_code& failure, int signal) {
            if (failure)
                return;
            if (signal != SIGCHLD) {
                ::kill(child, signal);
            } else if (const auto code = reap(child)) {
                exitCode = *code;
                context.stop();
                return;
            }
            next();
        });
    };
    next();
    context.run();
    joins.clear(); // the pairs' last words still need the io_context
    return exitCode;
}

} // namespace clawloops::cell
