// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "orchestrator/reconciler.h"

#include "base/log.h"
#include "store/audit_log.h"
#include "orchestrator/task_steps.h"

#include <algorithm>

// What is done to one runtime. When and why is in reconciler.cpp.
namespace clawloops::orchestrator {

namespace {

constexpr Log logger("orchestrator");
constexpr int failuresAllowed = 4; // of a start that fails for a reason that is not "not reachable"
constexpr int linesShown = 5;
constexpr std::size_t longestLine = 200;

std::string seconds(std::chrono::milliseconds span) { return std::to_string(std::chrono::ceil<std::chrono::seconds>(span).count()) + " s"; }

std::string lastLines(const std::vector<std::string>& lines) {
    std::string text;
    const auto first = lines.size() > linesShown ? lines.size() - linesShown : 0;
    for (std::size_t i = first; i < lines.size(); ++i)
        text += (text.empty() ? " Its last lines: " : " | ") + lines[i].substr(0, longestLine);
    return text;
}

} // namespace

template <class T, class Next> auto Reconciler::onAnswer(Case& item, Next next) {
    item.busy = true;
    item.busyFor = effectiveDesired(item.row);
    return [this, alive = QPointer<Reconciler>(this), id = item.row.id, verb = ++item.verb, next = std::move(next)](Result<T> result) mutable {
        if (!alive || m_cases[id].verb != verb)
            return;
        Case& then = m_cases[id];
        then.busy = false;
        next(then, result);
        wake();
    };
}

void Reconciler::take(Step step, Case& item, const std::optional<runtime::Cell>& cell) {
    switch (step) {
    case Step::Nothing:
    case Step::Hold: return;
    case Step::Start: return begin(item);
    case Step::Adopt: return adopt(item, cell->spec);
    case Step::Recreate: return recreate(item);
    case Step::Crashed: return crashed(item, cell);
    case Step::Stop: return stop(item);
    case Step::MarkStopped: return markStopped(item);
    case Step::Remove: return remove(item);
    case Step::MarkPaused: observe(item, ObservedState::Paused); return write(item);
    case Step::MarkRunning: observe(item, ObservedState::Running); return write(item);
    }
}

void Reconciler::begin(Case& item) {
    openTask(item, "start");
    observe(item, ObservedState::Creating);
    item.row.image = m_parts.settings.image;
    if (const int taken = slotsTaken(); taken >= m_parts.settings.concurrentStarts) {
        const std::string sentence = "Waits for " + std::to_string(taken) + " other workspaces that are starting.";
        const auto* step = item.row.task->steps.data();
        if (step->state != "running" || step->sentence != sentence) {
            enterStep(*item.row.task, "reserve", sentence, now());
            write(item);
        }
        return wakeIn(std::chrono::seconds(2));
    }
    // True before the operation makes one, so that no write of ours takes the new token away.
    item.row.hasToken = true;
    item.adopting = false;
    logger.info("starts a runtime", {}, {{"runtime", item.row.id}, {"cell", item.row.cellId}});
    watch(item).begin();
}

void Reconciler::adopt(Case& item, const std::string& spec) {
    openTask(item, "start");
    observe(item, ObservedState::Creating);
    item.row.spec = spec;
    item.adopting = true;
    logger.info("takes up a running cell", {}, {{"runtime", item.row.id}, {"cell", item.row.cellId}});
    watch(item).resume(spec);
}

StartOperation& Reconciler::watch(Case& item) {
    auto* operation = new StartOperation(m_parts, item.row, this);
    item.operation = operation;
    const std::string id = item.row.id;
    connect(operation, &StartOperation::entered, this, [this, id](const QString& step, const QString& sentence) {
        Case& now_ = m_cases[id];
        enterStep(*now_.row.task, step.toStdString(), sentence.toStdString(), now());
        write(now_);
    });
    connect(operation, &StartOperation::explained, this, [this, id](const QString& sentence) {
        Case& then = m_cases[id];
        const auto before = wire::toJson(*then.row.task);
        explainStep(*then.row.task, sentence.toStdString());
        if (wire::toJson(*then.row.task) != before)
            write(then);
    });
    connect(operation, &StartOperation::containerRuns, this, [this, id] {
        Case& then = m_cases[id];
        then.row.spec = then.operation->spec();
        write(then);
    });
    connect(operation, &StartOperation::ready, this, [this, id] {
        Case& then = m_cases[id];
        abandon(then);
        then.retry.worked();
        then.row.lastError.reset();
        observe(then, ObservedState::Running);
        succeed(*then.row.task, now());
        write(then);
        logger.info("a runtime is ready", {}, {{"runtime", id}, {"cell", then.row.cellId}});
        wake(); // somebody may wait for the place
    });
    connect(operation, &StartOperation::failed, this, [this, id](const Error& error) { startFailed(m_cases[id], error); });
    connect(operation, &StartOperation::tooSlow, this, [this, id] { tooSlow(m_cases[id]); });
    return *operation;
}

void Reconciler::abandon(Case& item) {
    item.operation->disconnect(this);
    item.operation->deleteLater();
    // deleteLater() leaves it alive until the event loop is reached; hidden from its answers by then.
    item.operation->blockSignals(true);
    item.operation = nullptr;
}

void Reconciler::startFailed(Case& item, const Error& error) {
    logger.warning("a start failed", {}, {{"runtime", item.row.id}, {"reason", error.message}, {"detail", error.detail}});
    abandon(item);
    const bool mayPass = error.code == ErrorCode::Unavailable || error.code == ErrorCode::RateLimited;
    const bool permanent = error.code == ErrorCode::InvalidRequest || error.code == ErrorCode::AccessDenied || error.code == ErrorCode::NotFound;
    if (permanent || (!mayPass && item.retry.failures() >= failuresAllowed))
        return hold(item, error.message);
    retryLater(item, error.message);
}

void Reconciler::retryLater(Case& item, const std::string& sentence) {
    item.retry.failed(m_parts.clock, m_parts.settings);
    const auto wait = item.retry.wait(m_parts.clock);
    explainStep(*item.row.task, sentence + " The next try is in " + seconds(wait) + ".");
    write(item);
    wakeIn(wait);
}

void Reconciler::tooSlow(Case& item) {
    abandon(item);
    m_parts.port.logs(item.row.cellId, linesShown, onAnswer<std::vector<std::string>>(item, [this](Case& then, const Result<std::vector<std::string>>& lines) {
        const std::string sentence = "OpenClaw did not get ready within " + seconds(m_parts.settings.readyWithin) +
                                     " and was stopped. Start it again, or look at its log." + (lines ? lastLines(*lines) : std::string());
        m_parts.port.stop(then.row.cellId, onAnswer<void>(then, [this, sentence](Case& stopped, const Status&) { hold(stopped, sentence); }));
    }));
}

void Reconciler::crashed(Case& item, const std::optional<runtime::Cell>& cell) {
    if (cell && !cell->endedBecause.empty())
        return endedByManager(item, cell->endedBecause);
    const auto exitCode = cell ? cell->exitCode : std::nullopt;
    m_parts.port.logs(item.row.cellId, linesShown, onAnswer<std::vector<std::string>>(item, [this, exitCode](Case& then, const Result<std::vector<std::string>>& lines) {
        afterCrash(then, exitCode, lines ? *lines : std::vector<std::string>());
    }));
}

// Not a crash: the runtime manager ended it to save the disk. It stays so until somebody starts it.
void Reconciler::endedByManager(Case& item, const std::string& why) {
    logger.warning("the runtime manager ended a runtime", {}, {{"runtime", item.row.id}, {"cell", item.row.cellId}, {"why", why}});
    m_parts.database.run(
        [id = item.row.id, username = item.row.username, why](store::Transaction& tx) {
            return store::appendAudit(tx, store::systemActor(), "runtime.ended", id, {{"username", username}, {"why", why}});
        },
        this, [](const Status& written) {
            if (!written)
                logger.error("the end of a runtime is not in the journal", {}, {{"reason", written.error().detail}});
        });
    hold(item, why);
}

void Reconciler::afterCrash(Case& item, std::optional<std::int64_t> exitCode, const std::vector<std::string>& lines) {
    const bool giveUp = item.retry.crashed(m_parts.clock, m_parts.settings);
    const std::string ended = exitCode ? "OpenClaw ended with exit code " + std::to_string(*exitCode) : std::string("The container is gone");
    logger.warning("a runtime ended by itself", {}, {{"runtime", item.row.id}, {"cell", item.row.cellId}, {"exitCode", exitCode.value_or(-1)}, {"crashes", item.retry.crashes()}});
    item.row.spec.clear();
    openTask(item, "start");
    if (exitCode == runtime::exitInvalidConfiguration)
        return hold(item, "OpenClaw refuses its configuration (exit code 78), so starting again would change nothing. Correct it, then start." + lastLines(lines));
    if (giveUp)
        return hold(item, ended + ", and that " + std::to_string(item.retry.crashes()) + " times within " +
                              std::to_string(std::chrono::duration_cast<std::chrono::minutes>(m_parts.settings.crashWindow).count()) +
                              " minutes. It stays stopped until somebody starts it." + lastLines(lines));
    const auto wait = item.retry.wait(m_parts.clock);
    observe(item, ObservedState::Creating);
    item.row.lastError = ended + " and is started again." + lastLines(lines);
    enterStep(*item.row.task, "reserve", ended + ". The next try is in " + seconds(wait) + ".", now());
    write(item);
    wakeIn(wait);
}

void Reconciler::hold(Case& item, const std::string& sentence) {
    item.row.held = true;
    item.row.spec.clear();
    item.row.hasToken = false;
    item.row.lastError = sentence;
    observe(item, ObservedState::Error);
    if (item.row.task && isOpen(*item.row.task))
        fail(*item.row.task, errorCodeName(ErrorCode::RuntimeStartFailed), sentence, now());
    item.tellGateway = true;
    write(item);
}

void Reconciler::recreate(Case& item) {
    openTask(item, "start");
    observe(item, ObservedState::Creating);
    enterStep(*item.row.task, "reserve", "The runtime's settings changed, so it ends and starts anew.", now());
    write(item);
    m_parts.port.stop(item.row.cellId, onAnswer<void>(item, [this](Case& then, const Status& stopped) {
        if (!stopped)
            return retryLater(then, stopped.error().message);
        then.row.spec.clear();
        then.row.hasToken = false;
        write(then);
    }));
}

void Reconciler::stop(Case& item) {
    openTask(item, "stop");
    enterStep(*item.row.task, "stop", "OpenClaw is asked to end. Work in flight gets up to five minutes.", now());
    write(item);
    m_parts.port.stop(item.row.cellId, onAnswer<void>(item, [this](Case& then, const Status& stopped) {
        if (!stopped)
            return retryLater(then, stopped.error().message);
        then.retry.worked();
        markStopped(then);
    }));
}

void Reconciler::markStopped(Case& item) {
    openTask(item, "stop");
    item.row.spec.clear();
    item.row.hasToken = false;
    item.row.lastError.reset();
    observe(item, ObservedState::Stopped);
    succeed(*item.row.task, now());
    item.tellGateway = true;
    write(item);
}

void Reconciler::remove(Case& item) {
    openTask(item, "delete");
    enterStep(*item.row.task, "remove",
              item.row.wipe ? "The container and the workspace's files are being removed." : "The container is being removed; the workspace's files are kept.", now());
    write(item);
    m_parts.port.remove(item.row.cellId, item.row.wipe, onAnswer<void>(item, [this](Case& then, const Status& removed) {
        if (!removed)
            return retryLater(then, removed.error().message);
        then.retry.worked();
        then.row.spec.clear();
        then.row.hasToken = false;
        then.row.lastError.reset();
        observe(then, ObservedState::Deleted);
        succeed(*then.row.task, now());
        then.tellGateway = true;
        write(then);
    }));
}

} // namespace clawloops::orchestrator
