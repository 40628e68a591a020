// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap_link.h"

#include "edge/addresses.h"
#include "identity/identity_service.h"

#include <QCoreApplication>

#include <cstdio>

using namespace clawloops;

int printBootstrapLink(const LinkOptions& options) {
    SystemClock clock;
    store::DatabaseConfig config;
    config.url = options.database;
    config.threads = 1;
    config.connectWithin = std::chrono::seconds(10);
    config.applicationName = "clawloopsd bootstrap-link";
    store::Database database(config);
    store::Listener listener(options.database, "clawloops"); // never started: nothing is checked here
    identity::SessionIndex sessions(database, listener, clock, {});
    identity::PasswordHasher hasher({}, 1);
    identity::IdentityService service({database, hasher, sessions, clock});

    const auto complain = [](const Error& error) {
        std::fprintf(stderr, "clawloopsd: No sign-in link: %s Start ClawLoops first.\n", error.message.c_str());
        QCoreApplication::exit(69);
    };
    database.open(&service, [&](const Status& opened) {
        if (!opened)
            return complain(opened.error());
        service.openBootstrap(&service, [&](const Result<std::optional<Secret>>& token) {
            if (!token)
                return complain(token.error());
            if (*token) {
                const std::string link = Addresses({options.host}, options.portalPort, 0).portalOrigin(options.host) +
                                         "/#bootstrap=" + std::string((**token).reveal());
                std::printf("%s\n", link.c_str());
            }
            QCoreApplication::exit(0);
        });
    });
    return QCoreApplication::exec();
}
