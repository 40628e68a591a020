// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "orchestrator/event_hub.h"
#include "orchestrator/next_step.h"
#include "orchestrator/retry_memory.h"
#include "orchestrator/start_operation.h"

#include <QObject>
#include <QTimer>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace clawloops::orchestrator {

// Makes what is into what is wanted, one look after the other: reads every runtime from the database, lists every cell of the
// engine, and takes for each runtime at rest the one step that nextStep() says. A look is caused by a request, an event of the
// runtime manager, the end of an operation, and in any case by time. Nothing but the database and the engine is remembered
// between looks, except for when to try again and for what is under way.
//
// One operation at a time per runtime; of a start that is under way when something else is wanted nothing is waited for. What
// an operation found out is written in order; what was read before a write is not acted upon.
class Reconciler : public QObject {
    Q_OBJECT
public:
    Reconciler(const StartOperation::Parts& parts, EventHub& hub, QObject* parent);

    void start(); // look from now on
    void wake(); // look soon
    void forget(const std::string& runtimeId); // somebody asked: no back-off, no crashes counted

private:
    // What is under way with one runtime.
    struct Case {
        Runtime row; // as of the last look, and what was made of it since
        RetryMemory retry;
        StartOperation* operation = nullptr;
        bool adopting = false; // the operation made no container
        bool busy = false; // another verb is under way
        DesiredState busyFor = DesiredState::Running; // what was wanted when it began
        std::uint64_t verb = 0; // counts verbs: an answer to an older one no longer matters
        bool tellGateway = false; // once written: its token is void
        bool writing = false;
        bool writeAgain = false;
        bool missed = false; // a look could not act because of a write
        std::uint64_t version = 0; // counts writes
        std::string knownTask; // the task that the database has
    };
    using Cells = std::map<std::string, runtime::Cell>;
    struct Look {
        std::map<std::string, std::uint64_t> versions; // of the cases at rest when it began
        std::vector<Runtime> rows;
    };

    void look();
    void listed(const Look& look, const Result<std::vector<runtime::Cell>>& cells);
    void looked();
    [[nodiscard]] bool canActOn(const Look& look, Case& item);
    void reconcile(Case& item, const std::optional<runtime::Cell>& cell);
    void take(Step step, Case& item, const std::optional<runtime::Cell>& cell);

    void begin(Case& item);
    void adopt(Case& item, const std::string& spec);
    StartOperation& watch(Case& item);
    void abandon(Case& item);
    void startFailed(Case& item, const Error& error);
    void tooSlow(Case& item);
    void crashed(Case& item, const std::optional<runtime::Cell>& cell);
    void endedByManager(Case& item, const std::string& why);
    void afterCrash(Case& item, std::optional<std::int64_t> exitCode, const std::vector<std::string>& lines);
    void hold(Case& item, const std::string& sentence);
    void recreate(Case& item);
    void stop(Case& item);
    void markStopped(Case& item);
    void remove(Case& item);
    void retryLater(Case& item, const std::string& sentence);

    void openTask(Case& item, std::string_view action);
    void observe(Case& item, ObservedState state);
    void write(Case& item);
    void wakeIn(std::chrono::milliseconds span);
    [[nodiscard]] int slotsTaken() const;
    [[nodiscard]] WallTime now() const { return m_parts.clock.now(); }
    // A port's answer about the case, when it and we are still there.
    template <class T, class Next> auto onAnswer(Case& item, Next next); // and marks the case busy until then

    StartOperation::Parts m_parts;
    EventHub& m_hub;
    std::string m_inputs;
    std::map<std::string, Case> m_cases; // by runtime id
    QTimer m_period;
    QTimer m_soon;
    bool m_looking = false;
    bool m_again = false;
};

} // namespace clawloops::orchestrator
