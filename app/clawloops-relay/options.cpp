// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "options.h"

#include "base/flags.h"

namespace clawloops::relay {

Result<CommandLine> parseCommandLine(int count, char** arguments) {
    Flags flags(count, arguments, {"--data", "--run", "--listen", "--cert", "--key", "--client-ca", "--grant-key", "--control-uid",
                                   "--portal-port", "--workspace-port"});
    CommandLine line;
    RelayOptions& options = line.relay;
    options.data = flags.text("--data");
    options.run = flags.text("--run");
    const Flags::Address listen = flags.address("--listen");
    options.address = listen.host;
    options.port = listen.port;
    options.tls = {flags.text("--cert"), flags.text("--key"), flags.text("--client-ca")};
    options.grantKey = flags.text("--grant-key");
    options.controlUid = flags.number<uid_t>("--control-uid");
    options.portalPort = flags.port("--portal-port");
    static_cast<void>(flags.port("--workspace-port")); // told to every program alike; a grant names the host with its port
    line.debug = flags.debug();
    if (const Status status = flags.finish(); !status)
        return status.error();
    return line;
}

} // namespace clawloops::relay
