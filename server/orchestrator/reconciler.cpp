// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "orchestrator/reconciler.h"

#include "base/log.h"
#include "orchestrator/runtime_records.h"
#include "orchestrator/task_steps.h"

#include <algorithm>

// Looking and writing. The steps themselves are in reconciler_steps.cpp.
namespace clawloops::orchestrator {

namespace {
constexpr Log logger("orchestrator");
}

Reconciler::Reconciler(const StartOperation::Parts& parts, EventHub& hub, QObject* parent)
    : QObject(parent), m_parts(parts), m_hub(hub), m_inputs(specInputs(parts.settings)) {
    m_soon.setSingleShot(true);
    connect(&m_soon, &QTimer::timeout, this, &Reconciler::look);
    connect(&m_period, &QTimer::timeout, this, &Reconciler::look);
}

void Reconciler::start() {
    connect(&m_parts.port, &RuntimePort::changed, this, [this] { wake(); });
    connect(&m_parts.port, &RuntimePort::connected, this, &Reconciler::wake);
    m_period.start(m_parts.settings.listEvery);
    wake();
}

void Reconciler::wake() { m_soon.start(0); }

void Reconciler::wakeIn(std::chrono::milliseconds span) {
    if (!m_soon.isActive() || m_soon.remainingTimeAsDuration() > span)
        m_soon.start(span);
}

void Reconciler::forget(const std::string& runtimeId) {
    if (const auto found = m_cases.find(runtimeId); found != m_cases.end())
        found->second.retry.forget();
}

void Reconciler::look() {
    m_again = true;
    if (m_looking)
        return;
    m_looking = true;
    m_again = false;
    Look look;
    for (const auto& [id, item] : m_cases)
        if (!item.writing)
            look.versions[id] = item.version;
    m_parts.database.run([](store::Transaction& tx) { return loadRuntimes(tx, {}, {}); }, this,
                         [this, look = std::move(look)](Result<std::vector<Runtime>> rows) mutable {
                             if (!rows) {
                                 logger.warning("the runtimes could not be read", {}, {{"reason", rows.error().detail}});
                                 return looked();
                             }
                             look.rows = std::move(*rows);
                             m_parts.port.list([this, alive = QPointer<Reconciler>(this), look](Result<std::vector<runtime::Cell>> cells) {
                                 if (!alive)
                                     return;
                                 listed(look, cells);
                                 looked();
                             });
                         });
}

void Reconciler::looked() {
    m_looking = false;
    if (m_again)
        wake();
}

bool Reconciler::canActOn(const Look& look, Case& item) {
    const auto before = look.versions.find(item.row.id);
    const bool settled = !item.writing && (before == look.versions.end() ? item.version == 0 : before->second == item.version);
    item.missed = !settled;
    if (!settled && !item.writing)
        m_again = true;
    return settled;
}

void Reconciler::listed(const Look& look, const Result<std::vector<runtime::Cell>>& cells) {
    Cells byId;
    if (cells)
        for (const runtime::Cell& cell : *cells)
            byId[cell.cellId] = cell;
    for (const Runtime& row : look.rows) {
        Case& item = m_cases[row.id];
        item.row.id = row.id;
        if (!canActOn(look, item))
            continue;
        if (item.busy) {
            // Stop and delete do not wait for what was begun for another wish: the runtime manager takes them in order.
            const DesiredState wish = effectiveDesired(row);
            if (wish == DesiredState::Running || wish == item.busyFor)
                continue;
            item.busy = false;
            ++item.verb;
        }
        item.row = row;
        if (item.operation)
            item.row.hasToken = true; // or will have in a moment: no write of ours may take it away
        item.knownTask = row.task ? row.task->taskId : std::string();
        if (!cells) {
            // Nothing can be known or done; the page says why.
            if (!item.operation && row.task && isOpen(*row.task)) {
                if (runningStep(*item.row.task).empty())
                    enterStep(*item.row.task, item.row.task->steps.front().name, {}, now());
                explainStep(*item.row.task, cells.error().message);
                if (wire::toJson(*item.row.task) != wire::toJson(*row.task))
                    write(item);
            }
            continue;
        }
        const auto cell = byId.find(row.cellId);
        reconcile(item, cell == byId.end() ? std::nullopt : std::optional(cell->second));
    }
}

void Reconciler::reconcile(Case& item, const std::optional<runtime::Cell>& cell) {
    const Step step = nextStep(item.row, cell, m_inputs);
    if (item.operation) {
        // The start goes on unless it is no longer wanted, or its container is gone.
        const bool wanted = effectiveDesired(item.row) == DesiredState::Running && !item.row.held;
        if (wanted && (item.operation->spec().empty() || step != Step::Crashed))
            return;
        abandon(item);
    }
    const auto wait = item.retry.wait(m_parts.clock);
    if (wait.count() > 0 && step != Step::Nothing && step != Step::MarkStopped && step != Step::Crashed) {
        wakeIn(wait);
        return;
    }
    take(step, item, cell);
}

void Reconciler::observe(Case& item, ObservedState state) {
    if (item.row.observed == state)
        return;
    item.row.observed = state;
    item.row.since = now();
}

void Reconciler::openTask(Case& item, std::string_view action) {
    if (item.row.task && isOpen(*item.row.task) && item.row.task->action == action)
        return;
    item.row.task = newTask(item.row.id, action, now());
}

void Reconciler::write(Case& item) {
    ++item.version;
    if (item.writing) {
        item.writeAgain = true;
        return;
    }
    item.writing = true;
    const std::string id = item.row.id;
    const std::string task = item.row.task ? item.row.task->taskId : std::string();
    m_parts.database.run(
        [row = item.row, known = item.knownTask](store::Transaction& tx) { return writeObserved(tx, row, known); }, this,
        [this, id, task](const Result<bool>& written) {
            Case& done = m_cases[id];
            done.writing = false;
            if (!written)
                logger.warning("a runtime's state could not be written", {}, {{"runtime", id}, {"reason", written.error().detail}});
            else if (*written)
                done.knownTask = task;
            if (written && !done.writeAgain && std::exchange(done.tellGateway, false))
                m_parts.routes.configure(this, [](const Result<gateway_verbs::ConfigureReply>&) {});
            if (written)
                m_hub.publish({Change::Kind::Runtime, id, done.row.userId, false});
            // Also when overtaken: what is true of the container has to be written down all the same.
            if (std::exchange(done.writeAgain, false) && written)
                write(done);
            // Not written, or overtaken: what is in memory is not what is there.
            else if (!written || !*written || done.missed)
                wakeIn(std::chrono::milliseconds(written ? 0 : 500));
        });
}

int Reconciler::slotsTaken() const {
    return static_cast<int>(std::count_if(m_cases.begin(), m_cases.end(), [this](const auto& entry) {
        const Case& item = entry.second;
        return item.operation && !item.adopting && m_parts.clock.steadyNow() - item.operation->since() < m_parts.settings.startSlotFor;
    }));
}

} // namespace clawloops::orchestrator
