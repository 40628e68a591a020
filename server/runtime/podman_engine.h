// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "runtime/host_facts.h"
#include "runtime/podman_command.h"
#include "runtime/podman_output.h"

#include <QObject>
#include <QProcess>
#include <QTimer>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace clawloops::runtime {

// podman, as the runtime manager uses it: a handful of operations on the containers of one instance, each one or more calls
// of the program, none of which blocks. Containers are no children of ours: conmon carries them, and they outlive us.
// Thread: the one it lives on. Every callback runs once, unless `guard` died before.
class PodmanEngine : public QObject {
    Q_OBJECT
public:
    template <class T> using Callback = std::function<void(Result<T>)>;

    PodmanEngine(std::string instance, EnginePlan plan, QObject* parent = nullptr);
    ~PodmanEngine() override;

    [[nodiscard]] const EnginePlan& plan() const { return m_plan; }

    // Asks podman who it is; remembered once it has answered. Also settles plan().canLimit.
    void info(QObject* guard, Callback<EngineInfo> callback);
    void list(QObject* guard, Callback<std::vector<ListedCell>> callback);
    void run(const std::vector<std::string>& arguments, QObject* guard, Callback<void> callback);
    void unpause(const std::string& cellId, QObject* guard, Callback<void> callback);
    void stop(const std::string& cellId, int seconds, QObject* guard, Callback<void> callback); // absent: a success
    void remove(const std::string& cellId, int seconds, QObject* guard, Callback<void> callback); // stops it; absent: a success
    void logs(const std::string& cellId, std::int64_t lines, QObject* guard, Callback<std::vector<std::string>> callback);
    // The image's id. A digest-pinned one is fetched when it is not there; one of localhost/ never.
    void ensureImage(const std::string& image, QObject* guard, Callback<std::string> callback);

    void unwatch(std::function<void()> ended); // at the end of the program
    void watch(); // begins cellChanged(); the stream is taken up again whenever it ends (1 s, doubling to 30 s)

Q_SIGNALS:
    void cellChanged(const clawloops::runtime::CellEvent& event); // may miss some: list() is the truth
    void watchRestarted(); // whatever happened meanwhile was missed

private:
    void command(const std::vector<std::string>& arguments, std::chrono::milliseconds timeout, QObject* guard,
                 std::string failure, Callback<CommandOutput> callback);
    [[nodiscard]] std::string name(const std::string& cellId) const { return "clawloops-" + m_instance + "-" + cellId; }
    void removeStopped(const std::string& cellId, int tries, QObject* guard, Callback<void> callback);
    void startWatching();
    void readEvents();

    std::string m_instance;
    EnginePlan m_plan;
    std::optional<EngineInfo> m_info;
    QProcess m_events;
    QTimer m_retry;
    int m_retryMs = 1000;
    QByteArray m_line;
};

} // namespace clawloops::runtime
