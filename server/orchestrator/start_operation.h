// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "orchestrator/model_routes.h"
#include "orchestrator/orchestrator_settings.h"
#include "orchestrator/runtime.h"
#include "orchestrator/runtime_port.h"
#include "store/database.h"

#include <QObject>
#include <QTimer>

#include <string>

namespace clawloops::orchestrator {

// Hash of what a cell is made from, less its token and the list of models: when it changes, a running cell is made anew. (A
// changed list of models takes effect at the next start: it is no reason to end anybody's work.)
[[nodiscard]] std::string specInputs(const OrchestratorSettings& settings);

// One start of one runtime, from the folders to OpenClaw's own "ready". It changes no row but the token's; it tells where it is
// and how it ended, once. Deleting it abandons the start: answers that still come are dropped, and as every verb is
// idempotent and the runtime manager takes a cell's verbs in order, a stop sent after that wins.
//
// | step      | does                                           | leaves it when                     |
// | reserve   | folders, new token, gateway configured         | the gateway listens for the cell   |
// | container | cell.start                                     | the container runs                 |
// | openclaw  | probes                                         | OpenClaw answers                   |
// | ready     | probes                                         | OpenClaw says it is ready          |
//
// A cell that was found running after a restart of ours is taken up at `openclaw`.
class StartOperation : public QObject {
    Q_OBJECT
public:
    struct Parts {
        store::Database& database;
        RuntimePort& port;
        ModelRoutes& routes;
        const Clock& clock;
        const OrchestratorSettings& settings;
    };
    StartOperation(const Parts& parts, Runtime runtime, QObject* parent);

    void begin();
    void resume(const std::string& spec);
    [[nodiscard]] const std::string& spec() const { return m_spec; } // once the container runs, else empty
    [[nodiscard]] SteadyTime since() const { return m_since; }

Q_SIGNALS:
    void entered(const QString& step, const QString& sentence);
    void explained(const QString& sentence);
    void containerRuns(); // spec() is set
    void ready();
    void failed(const clawloops::Error& error); // before the container ran
    void tooSlow(); // it runs, but did not get ready in time

private:
    void prepare();
    void makeToken();
    void configure();
    void startCell(bool again);
    void watch(const std::string& spec);
    void probe();
    void probed(const Result<runtime::Probe>& probe);
    template <class T, class Next> auto then(Next next);

    Parts m_parts;
    Runtime m_runtime;
    Secret m_token;
    std::string m_spec;
    SteadyTime m_since;
    bool m_live = false;
    QTimer m_probe;
};

} // namespace clawloops::orchestrator
