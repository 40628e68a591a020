// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// clawloops-gateway: the model data plane. main() and wiring only.
#include "base/clock.h"
#include "base/files.h"
#include "base/log.h"
#include "gateway/gateway.h"
#include "options.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <iostream>
#include <string>
#include <sys/resource.h>

namespace {

using namespace clawloops;

constexpr Log logger("gateway");

int fail(int code, const std::string& sentence) {
    std::cerr << "clawloops-gateway: " << sentence << '\n';
    return code;
}

// The exit codes of internals.md: something that is missing, or a machine that refuses.
int codeFor(const Error& error) {
    return error.code == ErrorCode::InvalidRequest ? 64 : error.code == ErrorCode::NotFound ? 69 : 71;
}

Result<Secret> readKey(const std::filesystem::path& path) {
    auto text = readFile(path);
    if (!text)
        return text.error();
    while (!text->empty() && (text->back() == '\n' || text->back() == '\r'))
        text->pop_back();
    return Secret(std::move(*text));
}

} // namespace

int main(int count, char** arguments) {
    setLogProgram("clawloops-gateway");
    auto options = gateway::parseOptions(count, arguments);
    if (!options)
        return fail(64, options.error().message);
    setLogDebug(options->debug);
    ::signal(SIGPIPE, SIG_IGN);
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none); // a core file would hold keys and conversations
    auto key = readKey(options->liteLlmKeyFile);
    if (!key)
        return fail(71, key.error().message);
    options->config.liteLlmKey = std::move(*key);

    boost::asio::io_context io(1);
    const SystemClock clock;
    auto gateway = gateway::Gateway::start(io, clock, std::move(options->config));
    if (!gateway)
        return fail(codeFor(gateway.error()), gateway.error().message);
    boost::asio::signal_set signals(io, SIGTERM, SIGINT);
    signals.async_wait([&](const boost::system::error_code& problem, int) {
        if (!problem)
            (*gateway)->stop([&io] { io.stop(); });
    });
    logger.info("listening", {}, {{"port", (*gateway)->port()}, {"version", CLAWLOOPS_VERSION}});
    io.run();
    logger.info("stopped");
    return 0;
}
