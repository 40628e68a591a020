// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"

#include <QObject>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace clawloops::orchestrator {

template <class T> using PortDone = std::function<void(Result<T>)>;

struct CellModel {
    std::string name;
    std::string title;
};

// All that a cell is made of, as runtimed's cell.start takes it.
struct CellSpec {
    std::string cellId;
    std::int64_t slot = 0;
    std::string username;
    std::string image;
    Secret token; // the model token, plain only here and in the cell
    std::vector<CellModel> models;
    std::string defaultModel;
    std::vector<std::string> origins; // of the browser pages that may talk to OpenClaw
    std::int64_t memoryBytes = 0;
    double cpus = 0;
    std::int64_t pids = 0;
    bool smallPrompt = false;
};

enum class CellState { Created, Running, Paused, Exited };
struct CellListing {
    std::string cellId;
    CellState state = CellState::Exited;
    std::string spec; // hash, from the label
    std::optional<int> exitCode;
    std::string image;
};
struct CellStarted {
    std::string spec;
    bool started = false; // false: it ran already with this very spec
};
struct CellProbe {
    bool live = false; // OpenClaw answers
    bool ready = false; // and is ready for its owner
    std::string detail;
};

// The runtime manager, as the orchestrator needs it. Every call answers exactly once, later, on the caller's thread, with a
// time limit of the implementation's own (Unavailable); every verb is idempotent. list() is the truth, changed() only wakes.
class RuntimePort : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;
    [[nodiscard]] virtual bool isConnected() const = 0;
    virtual void prepare(const std::string& cellId, std::int64_t slot, PortDone<void> done) = 0; // makes the directories
    virtual void start(const CellSpec& spec, PortDone<CellStarted> done) = 0;
    virtual void stop(const std::string& cellId, PortDone<void> done) = 0;
    virtual void remove(const std::string& cellId, bool wipe, PortDone<void> done) = 0;
    virtual void list(PortDone<std::vector<CellListing>> done) = 0;
    virtual void probe(const std::string& cellId, PortDone<CellProbe> done) = 0;
    virtual void logs(const std::string& cellId, int lines, PortDone<std::vector<std::string>> done) = 0;

Q_SIGNALS:
    void connected();
    void disconnected();
    void changed(const QString& cellId);
};

} // namespace clawloops::orchestrator
