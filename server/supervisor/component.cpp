// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "supervisor/component.h"

#include "base/log.h"
#include "base/random.h"
#include "supervisor/backoff.h"
#include "supervisor/layout.h"
#include "supervisor/log_files.h"
#include "supervisor/process_starter.h"

#include <QRandomGenerator>

#include <unistd.h>

namespace clawloops::supervisor {

namespace {
constexpr Log logger("component");
constexpr int askWhileStartingMs = 200;
constexpr int askMs = 1000;
}

std::string_view stateName(State state) {
    switch (state) {
    case State::Waiting: return "waiting";
    case State::Starting: return "starting";
    case State::Running: return "running";
    case State::Unhealthy: return "unhealthy";
    case State::Backoff: return "backoff";
    case State::Stopped: return "stopped";
    case State::Failed: return "failed";
    case State::External: return "external";
    }
    return {};
}

Component::Component(ComponentSpec spec, QObject* parent) : QObject(parent), m_spec(std::move(spec)), m_prober(m_spec.probe, this) {
    m_state = m_spec.external ? State::External : State::Waiting;
    m_since = std::chrono::system_clock::now();
    m_wanted = !m_spec.external;
    m_retry.setSingleShot(true);
    m_kill.setSingleShot(true);
    connect(&m_prober, &Prober::answered, this, &Component::probed);
    connect(&m_tick, &QTimer::timeout, &m_prober, &Prober::ask);
    connect(&m_retry, &QTimer::timeout, this, &Component::begin);
    connect(&m_kill, &QTimer::timeout, this, [this] {
        logger.warning("did not stop in time and is killed", {}, {{"component", m_spec.name}});
        if (m_watch)
            m_watch->signal(SIGKILL);
    });
}

void Component::become(State state, std::string sentence) {
    if (state == m_state && sentence == m_sentence)
        return;
    if (state != m_state) {
        m_since = std::chrono::system_clock::now();
        m_inState.start();
        logger.info("state", {}, {{"component", m_spec.name}, {"state", stateName(state)}, {"sentence", sentence}});
    }
    m_state = state;
    m_sentence = std::move(sentence);
    Q_EMIT changed();
}

void Component::start() {
    if (m_state == State::External || m_watch || m_preparation)
        return;
    m_wanted = true;
    m_failures = 0;
    begin();
}

void Component::begin() {
    m_retry.stop();
    m_reason.clear();
    m_timeouts = 0;
    become(State::Starting);
    for (const RenderedFile& file : m_spec.files)
        if (Status done = writeOwned(file); !done) {
            failed(done.error().message);
            return;
        }
    prepareNext(0);
}

void Component::prepareNext(std::size_t index) {
    std::error_code ignored;
    while (index < m_spec.preparations.size() && std::filesystem::exists(m_spec.preparations[index].unless, ignored))
        ++index;
    if (index == m_spec.preparations.size()) {
        launch();
        return;
    }
    auto started = startPreparation(m_spec, m_spec.preparations[index]);
    if (!started) {
        failed(started.error().message);
        return;
    }
    m_preparation = std::make_unique<ProcessWatch>(started->identity.pid, started->pidFd, nullptr);
    connect(m_preparation.get(), &ProcessWatch::ended, this, [this, index](const ProcessEnd& end) {
        m_preparation.release()->deleteLater();
        if (!m_wanted) {
            endProcess();
        } else if (end.exitCode == 0) {
            prepareNext(index + 1);
        } else {
            failed(m_spec.title + " could not be prepared, it ended " + end.words() + ": " + lastLine(m_spec.log));
        }
    });
}

void Component::launch() {
    int checkSocket = -1;
    if (m_spec.checkPort != 0 && m_socketSource) {
        const Result<int> held = m_socketSource();
        if (!held) {
            failed(m_spec.title + " is not started, as sessions could be read by whoever holds the session check's port. " + held.error().message);
            return;
        }
        checkSocket = *held;
    }
    for (const auto& socket : m_spec.staleSockets)
        ::unlink(socket.c_str()); // the name alone, never what a link points at
    m_process = {0, 0, randomHex(32)};
    Q_EMIT aboutToStart();
    auto started = startProcess(m_spec, m_process.nonce, checkSocket);
    if (!started) {
        m_process = {};
        Q_EMIT processChanged();
        failed(started.error().message);
        return;
    }
    m_process = started->identity;
    Q_EMIT processChanged();
    watch(started->pidFd);
}

void Component::adopt(const ProcessIdentity& process, bool same) {
    const int fd = openPidFd(process.pid);
    if (fd < 0 || !stillRuns(process)) { // asked again after the pidfd: now it cannot be another one
        ::close(fd);
        return;
    }
    logger.info("adopted", {}, {{"component", m_spec.name}, {"pid", process.pid}, {"same", same}});
    m_process = process;
    become(State::Starting);
    watch(fd);
    Q_EMIT processChanged();
    if (!same)
        restart();
}

void Component::watch(int pidFd) {
    m_watch = std::make_unique<ProcessWatch>(m_process.pid, pidFd, nullptr);
    connect(m_watch.get(), &ProcessWatch::ended, this, &Component::processEnded);
    m_inState.start();
    m_good.start();
    m_tick.start(askWhileStartingMs);
    m_prober.ask();
}

void Component::processEnded(const ProcessEnd& end) {
    m_watch.release()->deleteLater();
    m_tick.stop();
    m_kill.stop();
    m_prober.forget();
    m_process = {};
    Q_EMIT processChanged();
    if (!m_wanted || m_restarting) {
        endProcess();
        return;
    }
    if (m_inState.isValid() && m_state == State::Running && m_inState.elapsed() > std::chrono::milliseconds(goodAfter).count())
        m_failures = 0;
    const std::string last = lastLine(m_spec.log);
    failed(!m_reason.empty() ? m_reason : m_spec.title + " ended " + end.words() + (last.empty() ? "." : "; its last words: " + last));
}

void Component::failed(std::string sentence) {
    ++m_failures;
    ++m_restarts;
    const auto delay = restartDelay(m_failures, QRandomGenerator::global()->generateDouble());
    const bool loop = m_failures >= crashLoopAfter;
    if (loop)
        sentence = m_spec.title + " failed " + std::to_string(m_failures) + " times in a row and is tried again every minute. " + sentence;
    logger.warning("failed", {}, {{"component", m_spec.name}, {"sentence", sentence}, {"again_ms", delay.count()}});
    m_retry.start(delay);
    become(loop ? State::Failed : State::Backoff, sentence);
}

void Component::probed(Prober::Outcome outcome, const QString& detail) {
    if (!m_watch || m_restarting || !m_wanted)
        return;
    const auto limit = [this] { return m_state == State::Starting ? m_spec.startLimit : m_spec.unhealthyLimit; };
    if (outcome == Prober::Outcome::Good) {
        m_good.start();
        m_timeouts = 0;
        if (m_state != State::Running) {
            become(State::Running);
            m_tick.start(askMs);
        } else if (m_inState.elapsed() > std::chrono::milliseconds(goodAfter).count()) {
            m_failures = 0;
        }
        return;
    }
    // One slow answer on a busy machine is no illness, a refused connection is.
    if (outcome == Prober::Outcome::TimedOut && ++m_timeouts < 2)
        return;
    const std::string why = detail.toStdString();
    if (m_state == State::Running)
        become(State::Unhealthy, m_spec.title + " runs, but " + why + ".");
    if (m_good.elapsed() > std::chrono::milliseconds(limit()).count()) {
        m_reason = m_spec.title + " was ended and is started again: for " + std::to_string(limit().count()) + " s " + why + ".";
        if (!m_kill.isActive()) {
            m_watch->signal(m_spec.stop.signal);
            m_kill.start(m_spec.stop.grace);
        }
    }
}

void Component::stop(std::function<void()> done) {
    if (m_state == State::External) {
        done();
        return;
    }
    m_wanted = false;
    m_restarting = false;
    m_retry.stop();
    m_stopped = std::move(done);
    if (m_watch) {
        m_watch->signal(m_spec.stop.signal);
        m_kill.start(m_spec.stop.grace);
    } else if (m_preparation) {
        m_preparation->signal(SIGTERM);
    } else {
        endProcess();
    }
}

void Component::restart() {
    if (m_state == State::External)
        return;
    m_wanted = true;
    if (!m_watch) {
        start();
        return;
    }
    m_restarting = true;
    m_watch->signal(m_spec.stop.signal);
    m_kill.start(m_spec.stop.grace);
}

// The process (or its preparation) is gone because we wanted it.
void Component::endProcess() {
    if (m_restarting) {
        m_restarting = false;
        ++m_restarts;
        m_failures = 0;
        begin();
        return;
    }
    become(State::Stopped);
    if (auto done = std::exchange(m_stopped, nullptr))
        done();
}

} // namespace clawloops::supervisor
