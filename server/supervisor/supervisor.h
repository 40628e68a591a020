// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/json.h"
#include "link/control_client.h"
#include "link/control_server.h"
#include "supervisor/check_port.h"
#include "supervisor/component.h"
#include "supervisor/state_file.h"

#include <QObject>
#include <QTimer>

#include <functional>
#include <memory>
#include <vector>

namespace clawloops::supervisor {

struct SupervisorConfig {
    std::vector<ComponentSpec> specs; // in start order
    std::filesystem::path data;
    std::filesystem::path run;
    std::string instance;
    std::string version;
    bool rootless = false;
    uid_t controlUid = 0;
    gid_t controlGid = 0;
    std::uint64_t logLimit = 64u << 20; // bytes
};

// All components together: starts them when what they need runs, adopts survivors of an earlier supervisor, keeps the list of
// processes on disk, answers on the control socket (internals.md), holds the session check's port, stops everything in reverse order. On the event loop of
// its thread; the search through logs has a thread of its own.
class Supervisor : public QObject {
    Q_OBJECT
public:
    explicit Supervisor(SupervisorConfig config, QObject* parent = nullptr);
    ~Supervisor() override;

    [[nodiscard]] Status start(const RecordedProcesses& survivors);
    void stopAll(); // cells first of what runtimed holds; stopped() follows

Q_SIGNALS:
    void stopped();

private:
    void addVerbs();
    void startReady();
    void stopNext();
    void stopCells(std::function<void()> done);
    [[nodiscard]] Result<int> checkSocket();
    void record();
    void announce(const Component& component);
    [[nodiscard]] json::object describe(const Component& component) const;
    [[nodiscard]] Component* find(const std::string& name) const;
    ControlServer::Handler onComponent(void (Supervisor::*action)(Component&, ControlServer::Answer));
    void restartComponent(Component& component, ControlServer::Answer answer);
    void stopComponent(Component& component, ControlServer::Answer answer);
    void startComponent(Component& component, ControlServer::Answer answer);

    SupervisorConfig m_config;
    WallTime m_startedAt;
    std::vector<Component*> m_components; // children of this
    std::map<std::string, int> m_earlierRestarts;
    CheckPort m_checkPort;
    ControlServer m_control;
    QTimer m_housekeeping;
    std::size_t m_left = 0; // components not stopped yet
    bool m_adopted = false;
    bool m_stopping = false;
};

} // namespace clawloops::supervisor
