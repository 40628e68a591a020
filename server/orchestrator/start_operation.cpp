// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "orchestrator/start_operation.h"

#include "base/digest.h"
#include "base/random.h"
#include "orchestrator/runtime_records.h"

#include <algorithm>

namespace clawloops::orchestrator {

std::string specInputs(const OrchestratorSettings& settings) {
    json::array origins;
    for (const std::string& origin : settings.origins)
        origins.emplace_back(origin);
    return toHex(sha256(json::serialize(json::object{{"image", settings.image},
                                                     {"origins", origins},
                                                     {"memoryBytes", settings.memoryBytes},
                                                     {"cpus", settings.cpus},
                                                     {"pids", settings.pids},
                                                     {"smallPrompt", settings.smallPrompt},
                                                     {"defaultModel", settings.defaultModel}})));
}

StartOperation::StartOperation(const Parts& parts, Runtime runtime, QObject* parent)
    : QObject(parent), m_parts(parts), m_runtime(std::move(runtime)), m_since(parts.clock.steadyNow()) {
    m_probe.setSingleShot(true);
    connect(&m_probe, &QTimer::timeout, this, &StartOperation::probe);
}

// A port's answer, unless this start was abandoned by then.
template <class T, class Next> auto StartOperation::then(Next next) {
    return [alive = QPointer<StartOperation>(this), next = std::move(next)](Result<T> result) mutable {
        if (alive)
            next(std::move(result));
    };
}

void StartOperation::begin() {
    Q_EMIT entered(QStringLiteral("reserve"), QStringLiteral("The folders and the model access are being made."));
    prepare();
}

void StartOperation::resume(const std::string& spec) { watch(spec); }

void StartOperation::prepare() {
    m_parts.port.prepare(m_runtime.cellId, m_runtime.slot, then<void>([this](const Status& status) {
        if (!status)
            Q_EMIT failed(status.error());
        else
            makeToken();
    }));
}

void StartOperation::makeToken() {
    m_token = randomToken();
    m_parts.database.run(
        [id = m_runtime.id, hash = toHex(sha256(m_token.reveal())), inputs = specInputs(m_parts.settings),
         image = m_parts.settings.image](store::Transaction& tx) { return writeToken(tx, id, hash, inputs, image); },
        this, [this](const Status& status) {
            if (!status)
                Q_EMIT failed(status.error());
            else
                configure();
        });
}

void StartOperation::configure() {
    m_parts.routes.configure(this, [this](const Result<gateway_verbs::ConfigureReply>& reply) {
        if (!reply)
            Q_EMIT failed(reply.error());
        else if (std::find(reply->missing.begin(), reply->missing.end(), m_runtime.cellId) != reply->missing.end())
            Q_EMIT failed(Error{ErrorCode::Unavailable, "The model gateway cannot open this workspace's socket yet.", "configure: missing"});
        else {
            Q_EMIT entered(QStringLiteral("container"), QStringLiteral("The container is being made."));
            startCell(false);
        }
    });
}

void StartOperation::startCell(bool again) {
    runtime::StartArgs args;
    args.cellId = m_runtime.cellId;
    args.slot = m_runtime.slot;
    args.username = m_runtime.username;
    args.image = m_parts.settings.image;
    args.token = m_token;
    args.models = m_parts.routes.modelsOf(m_runtime.userId);
    const auto named = [this](const runtime::CellModel& model) { return model.name == m_parts.settings.defaultModel; };
    if (std::any_of(args.models.begin(), args.models.end(), named))
        args.defaultModel = m_parts.settings.defaultModel;
    else if (!args.models.empty())
        args.defaultModel = args.models.front().name;
    args.origins = m_parts.settings.origins;
    args.limits = {m_parts.settings.memoryBytes, m_parts.settings.cpus, m_parts.settings.pids};
    args.smallPrompt = m_parts.settings.smallPrompt;
    m_parts.port.start(args, then<runtime::Started>([this, again](const Result<runtime::Started>& started) {
        if (!started) {
            Q_EMIT failed(started.error());
        } else if (started->started) {
            m_spec = started->spec;
            Q_EMIT containerRuns();
            watch(started->spec);
        } else if (again) {
            Q_EMIT failed(Error{ErrorCode::Internal, "The runtime manager keeps a container that it was asked to stop.", {}});
        } else {
            // It ran already, with a token that nobody knows any more.
            m_parts.port.stop(m_runtime.cellId, then<void>([this](const Status& stopped) {
                if (!stopped)
                    Q_EMIT failed(stopped.error());
                else
                    startCell(true);
            }));
        }
    }));
}

void StartOperation::watch(const std::string& spec) {
    m_spec = spec;
    m_token = Secret();
    Q_EMIT entered(QStringLiteral("openclaw"), QStringLiteral("OpenClaw is starting. This takes 20 to 60 seconds."));
    probe();
}

void StartOperation::probe() {
    m_parts.port.probe(m_runtime.cellId, then<runtime::Probe>([this](const Result<runtime::Probe>& result) { probed(result); }));
}

void StartOperation::probed(const Result<runtime::Probe>& probe) {
    if (probe && probe->ready) {
        Q_EMIT ready();
        return;
    }
    if (probe && probe->live && !m_live) {
        m_live = true;
        Q_EMIT entered(QStringLiteral("ready"), QStringLiteral("OpenClaw answers and is loading."));
    }
    if (!probe)
        Q_EMIT explained(QString::fromStdString(probe.error().message));
    if (m_parts.clock.steadyNow() - m_since >= m_parts.settings.readyWithin) {
        Q_EMIT tooSlow();
        return;
    }
    m_probe.start(m_parts.settings.probeEvery);
}

} // namespace clawloops::orchestrator
