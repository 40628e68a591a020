// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "orchestrator/ports/runtimed_port.h"

#include "link/control_client.h"

namespace clawloops::orchestrator {

namespace {

constexpr std::chrono::seconds quick{20};
constexpr std::chrono::seconds forPrepare{30};
constexpr std::chrono::seconds forStart{120};
constexpr std::chrono::seconds forStop{330};

// An answer as a value, or the error it came with.
template <class T> ControlClient::Callback reading(Result<T> (*parse)(const json::object&), PortDone<T> done) {
    return [parse, done = std::move(done)](Result<json::object> answer) { done(answer ? parse(*answer) : Result<T>(answer.error())); };
}

ControlClient::Callback plain(PortDone<void> done) {
    return [done = std::move(done)](Result<json::object> answer) { done(answer ? Status() : Status(answer.error())); };
}

} // namespace

RuntimedPort::RuntimedPort(ControlClient& client, QObject* parent) : RuntimePort(parent), m_client(client) {
    connect(&client, &ControlClient::connected, this, &RuntimePort::connected);
    connect(&client, &ControlClient::disconnected, this, &RuntimePort::disconnected);
    connect(&client, &ControlClient::event, this, [this](const QString& name, const json::object& data) {
        if (name != QLatin1StringView("cell"))
            return;
        if (auto event = runtime::parseCellEvent(data))
            Q_EMIT changed(QString::fromStdString(event->cellId));
    });
}

bool RuntimedPort::isConnected() const { return m_client.isConnected(); }

void RuntimedPort::prepare(const std::string& cellId, std::int64_t slot, PortDone<void> done) {
    m_client.call("cell.prepare", runtime::toJson(runtime::PrepareArgs{cellId, slot}), this, plain(std::move(done)), forPrepare);
}

void RuntimedPort::start(const runtime::StartArgs& args, PortDone<runtime::Started> done) {
    m_client.call("cell.start", runtime::toJson(args), this, reading<runtime::Started>(&runtime::parseStarted, std::move(done)), forStart);
}

void RuntimedPort::stop(const std::string& cellId, PortDone<void> done) {
    m_client.call("cell.stop", runtime::toJson(runtime::CellArgs{cellId}), this, plain(std::move(done)), forStop);
}

void RuntimedPort::remove(const std::string& cellId, bool wipe, PortDone<void> done) {
    m_client.call("cell.remove", runtime::toJson(runtime::RemoveArgs{cellId, wipe}), this, plain(std::move(done)), forStop);
}

void RuntimedPort::list(PortDone<std::vector<runtime::Cell>> done) {
    m_client.call("cell.list", {}, this, reading<std::vector<runtime::Cell>>(&runtime::parseCells, std::move(done)), quick);
}

void RuntimedPort::probe(const std::string& cellId, PortDone<runtime::Probe> done) {
    m_client.call("cell.probe", runtime::toJson(runtime::CellArgs{cellId}), this, reading<runtime::Probe>(&runtime::parseProbe, std::move(done)), quick);
}

void RuntimedPort::logs(const std::string& cellId, int lines, PortDone<std::vector<std::string>> done) {
    m_client.call("cell.logs", runtime::toJson(runtime::LogsArgs{cellId, lines}), this,
                  reading<std::vector<std::string>>(&runtime::parseLines, std::move(done)), quick);
}

} // namespace clawloops::orchestrator
