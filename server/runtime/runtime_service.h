// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "runtime/cell_directories.h"
#include "runtime/disk_watch.h"
#include "runtime/podman_engine.h"
#include "runtime/runtime_spec.h"

#include <QObject>
#include <QThreadPool>

#include <deque>
#include <functional>
#include <map>
#include <string>

namespace clawloops {
class ControlServer;
}

namespace clawloops::runtime {

// The runtime manager's verbs (resources/docs/internals.md), over the engine and the cells' folders. Remembers nothing between
// calls: killed and started again it finds every cell by its labels. Operations on one cell happen one after another, on
// different cells side by side. Every spec passes CellPolicy before the engine sees it.
class RuntimeService : public QObject {
    Q_OBJECT
public:
    RuntimeService(Site site, CellDirectories directories, PodmanEngine& engine, DiskWatch& disk, QObject* parent = nullptr);

    void serve(ControlServer& server); // registers the verbs and pushes the events `cell` and `disk`

    template <class T> using Callback = PodmanEngine::Callback<T>;
    void prepare(const PrepareArgs& args, Callback<void> callback);
    void start(const StartArgs& args, Callback<Started> callback);
    void stop(const std::string& cellId, Callback<void> callback);
    void remove(const RemoveArgs& args, Callback<void> callback);
    void probe(const std::string& cellId, Callback<Probe> callback);

private:
    using Done = std::function<void()>;
    void inTurn(const std::string& cellId, std::function<void(Done)> operation);
    void next(const std::string& cellId);
    // Every outcome of an operation passes here, so that the cell's turn always ends.
    template <class T> Callback<T> ending(Done done, Callback<T> callback);

    void startListed(const StartArgs& args, const std::vector<ListedCell>& cells, Callback<Started> callback);
    void startFresh(const StartArgs& args, const RuntimeSpec& spec, const std::string& hash, bool replace, Callback<Started> callback);
    void wipe(const std::string& cellId, Callback<void> callback);
    void relieveDisk(const std::vector<Growth>& grown); // stops the first that runs; none given: all that run
    void end(const std::string& cellId, const std::string& why, std::function<void()> ended);

    Site m_site;
    CellDirectories m_directories;
    PodmanEngine& m_engine;
    DiskWatch& m_disk;
    std::map<std::string, std::string> m_endedBecause; // by cell id, until its next start
    std::map<std::string, std::deque<std::function<void(Done)>>> m_turns; // front: under way
    QThreadPool m_wipers; // last: its end waits for them, so what they report to is still there
};

} // namespace clawloops::runtime
