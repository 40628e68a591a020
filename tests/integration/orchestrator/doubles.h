// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "orchestrator/model_port.h"
#include "orchestrator/runtime_port.h"

#include <QTimer>

#include <map>
#include <string>
#include <vector>

namespace clawloops::test {

// A runtime manager that does at once what it is asked, and remembers it. The failing ones below change one thing each.
class ObedientRuntime : public orchestrator::RuntimePort {
    Q_OBJECT
public:
    template <class T> using Done = orchestrator::PortDone<T>;

    bool isConnected() const override { return m_reachable; }
    void prepare(const std::string&, std::int64_t slot, Done<void> done) override {
        slots.push_back(slot);
        later<void>(std::move(done), {});
    }
    void start(const runtime::StartArgs& args, Done<runtime::Started> done) override {
        ++starts;
        lastStart = args;
        if (cells.contains(args.cellId) && cells[args.cellId].state == "running")
            return later<runtime::Started>(std::move(done), runtime::Started{cells[args.cellId].spec, false});
        runtime::Cell cell;
        cell.cellId = args.cellId;
        cell.state = "running";
        cell.spec = "spec-" + args.image;
        cell.image = args.image;
        cells[args.cellId] = cell;
        later<runtime::Started>(std::move(done), runtime::Started{cell.spec, true});
    }
    void stop(const std::string& cellId, Done<void> done) override {
        ++stops;
        if (cells.contains(cellId))
            cells[cellId].state = "exited";
        later<void>(std::move(done), {});
    }
    void remove(const std::string& cellId, bool wipe, Done<void> done) override {
        removed.emplace_back(cellId, wipe);
        cells.erase(cellId);
        later<void>(std::move(done), {});
    }
    void list(Done<std::vector<runtime::Cell>> done) override {
        std::vector<runtime::Cell> all;
        for (const auto& [id, cell] : cells)
            all.push_back(cell);
        later<std::vector<runtime::Cell>>(std::move(done), std::move(all));
    }
    void probe(const std::string& cellId, Done<runtime::Probe> done) override {
        const bool up = cells.contains(cellId) && cells[cellId].state == "running";
        later<runtime::Probe>(std::move(done), runtime::Probe{up, up, {}});
    }
    void logs(const std::string&, int, Done<std::vector<std::string>> done) override {
        later<std::vector<std::string>>(std::move(done), std::vector<std::string>{"first line", "the last line"});
    }

    void end(const std::string& cellId, int exitCode) { // OpenClaw ends by itself
        cells[cellId].state = "exited";
        cells[cellId].exitCode = exitCode;
        Q_EMIT changed(QString::fromStdString(cellId));
    }
    void setReachable(bool reachable) {
        m_reachable = reachable;
        if (reachable)
            Q_EMIT connected();
        else
            Q_EMIT disconnected();
    }

    std::map<std::string, runtime::Cell> cells;
    std::vector<std::int64_t> slots;
    std::vector<std::pair<std::string, bool>> removed;
    runtime::StartArgs lastStart;
    int starts = 0;
    int stops = 0;

protected:
    template <class T> void later(Done<T> done, Result<T> answer) {
        if (!m_reachable)
            answer = Error{ErrorCode::Unavailable, "The runtime manager is not reachable. Try again in a few seconds.", {}};
        QTimer::singleShot(1, this, [done = std::move(done), answer = std::move(answer)] { done(answer); });
    }

private:
    bool m_reachable = true;
};

class StallingPrepare : public ObedientRuntime {
public:
    void prepare(const std::string&, std::int64_t, Done<void>) override {}
};
class StallingStart : public ObedientRuntime {
public:
    void start(const runtime::StartArgs&, Done<runtime::Started>) override { ++starts; }
};
class NeverLiveRuntime : public ObedientRuntime {
public:
    void probe(const std::string&, Done<runtime::Probe> done) override { later<runtime::Probe>(std::move(done), runtime::Probe{}); }
};
class NeverReadyRuntime : public ObedientRuntime {
public:
    void probe(const std::string&, Done<runtime::Probe> done) override { later<runtime::Probe>(std::move(done), runtime::Probe{true, false, "loading"}); }
};
class StallingStop : public ObedientRuntime {
public:
    void stop(const std::string&, Done<void>) override { ++stops; }
};
class CrashingRuntime : public ObedientRuntime { // each container ends right after its start
public:
    explicit CrashingRuntime(int exitCode) : m_exitCode(exitCode) {}
    void start(const runtime::StartArgs& args, Done<runtime::Started> done) override {
        ObedientRuntime::start(args, std::move(done));
        QTimer::singleShot(20, this, [this, id = args.cellId] { end(id, m_exitCode); });
    }
    void probe(const std::string&, Done<runtime::Probe> done) override { later<runtime::Probe>(std::move(done), runtime::Probe{}); }

private:
    int m_exitCode;
};
class RefusingRuntime : public ObedientRuntime {
public:
    void start(const runtime::StartArgs&, Done<runtime::Started> done) override {
        ++starts;
        later<runtime::Started>(std::move(done), Error{ErrorCode::InvalidRequest, "There is no image of that name.", {}});
    }
};

// A gateway that takes every configuration and keeps the last one; usage is what the test puts into its spool.
class ObedientGateway : public orchestrator::ModelPort {
    Q_OBJECT
public:
    template <class T> using Done = orchestrator::PortDone<T>;

    bool isConnected() const override { return true; }
    void configure(const gateway_verbs::Configuration& wanted, Done<gateway_verbs::ConfigureReply> done) override {
        if (stalls)
            return;
        last = wanted;
        ++configured;
        gateway_verbs::ConfigureReply reply;
        for (const auto& cell : wanted.cells)
            reply.opened.push_back(cell.cellId);
        QTimer::singleShot(1, this, [done = std::move(done), reply] { done(reply); });
    }
    void readUsage(std::int64_t after, int, Done<gateway_verbs::UsageReply> done) override {
        gateway_verbs::UsageReply reply{spoolId, {}};
        for (const auto& event : spool)
            if (event.seq > after)
                reply.events.push_back(event);
        QTimer::singleShot(1, this, [done = std::move(done), reply] { done(reply); });
    }
    void ackUsage(std::int64_t through, Done<void> done) override {
        acked = through;
        QTimer::singleShot(1, this, [done = std::move(done)] { done({}); });
    }
    void cut(const std::string&, Done<void> done) override {
        QTimer::singleShot(1, this, [done = std::move(done)] { done({}); });
    }
    void ask(std::string_view verb, const json::object& args, Done<json::object> done) override {
        asked.emplace_back(verb, args);
        const auto found = answers.find(verb);
        const Result<json::object> answer = found != answers.end() ? Result<json::object>(found->second) : Result<json::object>(json::object());
        QTimer::singleShot(1, this, [done = std::move(done), answer] { done(answer); });
    }

    std::map<std::string, json::object, std::less<>> answers; // by verb; an empty object to every other
    std::vector<std::pair<std::string, json::object>> asked;
    gateway_verbs::Configuration last;
    std::string spoolId = "spool-1";
    std::vector<gateway_verbs::UsageEvent> spool;
    std::int64_t acked = 0;
    int configured = 0;
    bool stalls = false;
};

} // namespace clawloops::test
