// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "supervisor/component_spec.h"
#include "supervisor/process_facts.h"
#include "supervisor/process_watch.h"
#include "supervisor/prober.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <functional>
#include <memory>
#include <string>

namespace clawloops::supervisor {

enum class State { Waiting, Starting, Running, Unhealthy, Backoff, Stopped, Failed, External };
[[nodiscard]] std::string_view stateName(State state);

// One component's life. On the event loop of its thread; nothing here waits.
//
//  state      | a process?  | leaves it by
//  -----------|-------------|---------------------------------------------------------------------------------
//  Waiting    | no          | start(): what it needs runs
//  Starting   | maybe       | first good answer -> Running; end or limit -> Backoff
//  Running    | yes         | bad answer -> Unhealthy; end -> Backoff
//  Unhealthy  | yes         | good answer -> Running; end or limit -> Backoff
//  Backoff    | no          | time -> Starting; crashLoopAfter failures in a row -> Failed
//  Failed     | no          | a minute -> Starting; start()
//  Stopped    | no          | start()
//  External   | no          | never
// stop() leads from each of them (but External) to Stopped.
class Component : public QObject {
    Q_OBJECT
public:
    Component(ComponentSpec spec, QObject* parent);

    [[nodiscard]] const ComponentSpec& spec() const { return m_spec; }
    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] WallTime since() const { return m_since; }
    [[nodiscard]] const std::string& sentence() const { return m_sentence; }
    [[nodiscard]] int restarts() const { return m_restarts; }
    [[nodiscard]] const ProcessIdentity& process() const { return m_process; } // pid 0: none
    [[nodiscard]] bool wanted() const { return m_wanted; }

    // Asked before every start of a component with a check port; its Error is why the component cannot start.
    using SocketSource = std::function<Result<int>()>;
    void setSocketSource(SocketSource source) { m_socketSource = std::move(source); }

    void start(); // also out of Failed and Backoff, at once
    void stop(std::function<void()> done);
    void restart();
    // Takes over a process that an earlier supervisor started; `same` is false when its spec is no longer this one: it is
    // then stopped and started anew.
    void adopt(const ProcessIdentity& process, bool same);

Q_SIGNALS:
    void changed(); // state or sentence
    void aboutToStart(); // process() has a nonce and no pid yet: to be written down
    void processChanged(); // a pid came or went

private:
    void become(State state, std::string sentence = {});
    void begin();
    void prepareNext(std::size_t index);
    void launch();
    void watch(int pidFd);
    void processEnded(const ProcessEnd& end);
    void probed(Prober::Outcome outcome, const QString& detail);
    void failed(std::string sentence);
    void endProcess();

    ComponentSpec m_spec;
    State m_state = State::Waiting;
    WallTime m_since;
    std::string m_sentence;
    ProcessIdentity m_process;
    std::unique_ptr<ProcessWatch> m_watch;
    std::unique_ptr<ProcessWatch> m_preparation;
    Prober m_prober;
    SocketSource m_socketSource;
    QTimer m_tick; // asks for health
    QTimer m_retry;
    QTimer m_kill;
    QElapsedTimer m_inState;
    QElapsedTimer m_good; // since the last good answer
    std::function<void()> m_stopped;
    std::string m_reason; // why we ended the process ourselves
    int m_failures = 0;
    int m_timeouts = 0;
    int m_restarts = 0;
    bool m_wanted = false;
    bool m_restarting = false;
};

} // namespace clawloops::supervisor
