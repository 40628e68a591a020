// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "options.h"

#include "base/flags.h"

namespace clawloops::gateway {

Result<Options> parseOptions(int count, char** arguments) {
    Flags flags(count, arguments, {"--data", "--run", "--listen", "--cert", "--key", "--client-ca", "--litellm-key", "--control-uid"});
    Options options;
    options.config.data = flags.text("--data");
    options.config.run = flags.text("--run");
    const Flags::Address listen = flags.address("--listen");
    options.config.listenAddress = listen.host;
    options.config.listenPort = listen.port;
    options.config.tls = {flags.text("--cert"), flags.text("--key"), flags.text("--client-ca")};
    options.liteLlmKeyFile = flags.text("--litellm-key");
    options.config.controlUid = flags.number<uid_t>("--control-uid");
    options.debug = flags.debug();
    if (const Status status = flags.finish(); !status)
        return status.error();
    return options;
}

} // namespace clawloops::gateway
