// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "local_commands.h"

#include "link/control_client.h"
#include "wire/api_types.h"

#include <QCoreApplication>
#include <QTimer>

#include <cstdio>

namespace clawloops::supervisor {

namespace {
constexpr auto patience = std::chrono::seconds(3);

// The caller connects its handlers and then calls open(): a local connection can be there before open() returns.
ControlClient* makeClient(const Places& places) {
    const std::filesystem::path socket = places.run / "supervisor" / "control.sock";
    auto* client = new ControlClient(QString::fromStdString(socket.string()), "The supervisor", QCoreApplication::instance());
    QTimer::singleShot(patience, client, [client, socket] {
        if (client->isConnected())
            return;
        std::fprintf(stderr, "No supervisor answers at %s: it does not run, or this account may not talk to it.\n", socket.c_str());
        QCoreApplication::exit(somethingMissing);
    });
    return client;
}

void print(const json::object& status) {
    const json::value* components = status.if_contains("components");
    if (!components || !components->is_array())
        return;
    for (const json::value& entry : components->get_array()) {
        const auto component = wire::fromJson<wire::Component>(entry.as_object());
        if (!component)
            continue;
        const std::string pid = component->pid ? std::to_string(*component->pid) : "-";
        const std::string memory = component->rssBytes ? std::to_string(*component->rssBytes >> 20) + " MiB" : "-";
        std::printf("%-15s %-10s pid %-8s %9s  restarts %-3lld %s\n", component->name.c_str(), component->state.c_str(), pid.c_str(), memory.c_str(),
                    static_cast<long long>(component->restarts), component->sentence.value_or("").c_str());
    }
}
}

int showStatus(const CommandLine& line, const Places& places) {
    ControlClient* client = makeClient(places);
    QObject::connect(client, &ControlClient::connected, client, [client, line] {
        client->call("status", {}, client, [line](const Result<json::object>& status) {
            if (!status) {
                std::fprintf(stderr, "%s\n", status.error().message.c_str());
                QCoreApplication::exit(1);
                return;
            }
            if (line.json)
                std::printf("%s\n", json::serialize(*status).c_str());
            else
                print(*status);
            QCoreApplication::exit(0);
        });
    });
    client->open();
    return QCoreApplication::exec();
}

int stopRunning(const Places& places) {
    ControlClient* client = makeClient(places);
    QObject::connect(client, &ControlClient::connected, client, [client] {
        client->call("stop", {}, client, [client](const Result<json::object>& stopping) {
            if (!stopping) {
                std::fprintf(stderr, "%s\n", stopping.error().message.c_str());
                QCoreApplication::exit(1);
                return;
            }
            // It closes the connection when everything has stopped.
            QObject::connect(client, &ControlClient::disconnected, client, [] { QCoreApplication::exit(0); });
        });
    });
    client->open();
    return QCoreApplication::exec();
}

} // namespace clawloops::supervisor
