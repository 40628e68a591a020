// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/podman_engine.h"

#include "base/log.h"

#include <csignal>
#include <sys/prctl.h>
#include <sys/wait.h>

namespace clawloops::runtime {

namespace {
using namespace std::chrono_literals;
constexpr Log logger("runtime");
constexpr int longestEvent = 256 << 10;
constexpr int removeTries = 6;

template <class T> PodmanEngine::Callback<CommandOutput> then(PodmanEngine::Callback<T> callback, auto convert) {
    return [callback = std::move(callback), convert](Result<CommandOutput> output) {
        if (!output)
            callback(output.error());
        else
            callback(convert(*output));
    };
}

Result<void> done(const CommandOutput&) { return {}; }

std::vector<std::string> splitLines(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        lines.push_back(text.substr(at, std::min<std::size_t>(end - at, 4000)));
        at = end + 1;
    }
    return lines;
}
}

PodmanEngine::PodmanEngine(std::string instance, EnginePlan plan, QObject* parent)
    : QObject(parent), m_instance(std::move(instance)), m_plan(std::move(plan)) {
    m_retry.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, &PodmanEngine::startWatching);
    connect(&m_events, &QProcess::readyReadStandardOutput, this, &PodmanEngine::readEvents);
    const auto ended = [this] {
        if (m_retry.isActive())
            return;
        logger.warning("podman events ended, taking it up again", {}, {{"inMs", m_retryMs}});
        m_retry.start(m_retryMs);
        m_retryMs = std::min(m_retryMs * 2, 30'000);
    };
    connect(&m_events, &QProcess::finished, this, ended);
    connect(&m_events, &QProcess::errorOccurred, this, [ended](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            ended();
    });
}

PodmanEngine::~PodmanEngine() {
    m_events.disconnect(this);
    m_events.kill();
}

void PodmanEngine::command(const std::vector<std::string>& arguments, std::chrono::milliseconds timeout, QObject* guard,
                           std::string failure, Callback<CommandOutput> callback) {
    PodmanCommand::run(guard, arguments, timeout,
                       [failure = std::move(failure), callback = std::move(callback)](Result<CommandOutput> output) {
                           if (output && output->exitCode != 0) {
                               const std::string said = lastLine(output->err);
                               callback(Error{ErrorCode::Unavailable, failure + (said.empty() ? "." : ": " + said + "."),
                                              "podman ended with " + std::to_string(output->exitCode)});
                           } else {
                               callback(std::move(output));
                           }
                       });
}

void PodmanEngine::info(QObject* guard, Callback<EngineInfo> callback) {
    if (m_info) {
        QTimer::singleShot(0, guard, [info = *m_info, callback = std::move(callback)] { callback(info); });
        return;
    }
    command({"info", "--format", "json"}, 30s, guard, "podman is not usable here",
            [this, callback = std::move(callback)](Result<CommandOutput> output) {
                if (!output)
                    return callback(output.error());
                const auto facts = parsePodmanInfo(output->out);
                if (!facts)
                    return callback(facts.error());
                m_plan.canLimit = m_plan.canLimit && facts->limits;
                m_info = EngineInfo{"podman",          facts->version,  m_plan.rootless,
                                    m_plan.ociRuntime, m_plan.canPause, m_plan.canLimit};
                callback(*m_info);
            });
}

void PodmanEngine::list(QObject* guard, Callback<std::vector<ListedCell>> callback) {
    command({"ps", "--all", "--filter", "label=io.clawloops.instance=" + m_instance, "--format", "json"}, 30s, guard,
            "podman could not list the cells",
            then(std::move(callback), [](const CommandOutput& output) { return parsePodmanList(output.out); }));
}

void PodmanEngine::run(const std::vector<std::string>& arguments, QObject* guard, Callback<void> callback) {
    command(arguments, 120s, guard, "The cell could not be started", then(std::move(callback), done));
}

void PodmanEngine::unpause(const std::string& cellId, QObject* guard, Callback<void> callback) {
    command({"unpause", name(cellId)}, 30s, guard, "The paused cell could not be resumed", then(std::move(callback), done));
}

void PodmanEngine::stop(const std::string& cellId, int seconds, QObject* guard, Callback<void> callback) {
    command({"stop", "--ignore", "--time", std::to_string(seconds), name(cellId)}, std::chrono::seconds(seconds) + 60s, guard,
            "The cell could not be stopped", then(std::move(callback), done));
}

void PodmanEngine::remove(const std::string& cellId, int seconds, QObject* guard, Callback<void> callback) {
    // Stopped first: `rm --force` of a running container races with conmon's own clean-up ("device or resource busy").
    stop(cellId, seconds, guard, [this, cellId, guard, callback = std::move(callback)](Status) {
        removeStopped(cellId, removeTries, guard, callback);
    });
}

void PodmanEngine::removeStopped(const std::string& cellId, int tries, QObject* guard, Callback<void> callback) {
    command({"rm", "--force", "--ignore", "--time", "0", name(cellId)}, 60s, guard,
            "The cell's container could not be removed",
            [this, cellId, tries, guard, callback = std::move(callback)](Result<CommandOutput> output) {
                if (output)
                    return callback({});
                if (tries <= 1)
                    return callback(output.error());
                QTimer::singleShot(300ms, guard, [this, cellId, tries, guard, callback] {
                    removeStopped(cellId, tries - 1, guard, callback);
                });
            });
}

void PodmanEngine::logs(const std::string& cellId, std::int64_t lines, QObject* guard,
                        Callback<std::vector<std::string>> callback) {
    command({"logs", "--tail", std::to_string(lines), name(cellId)}, 30s, guard, "The cell's log could not be read",
            then(std::move(callback), [](const CommandOutput& output) -> Result<std::vector<std::string>> {
                auto all = splitLines(output.out); // podman keeps the cell's two streams apart
                const auto more = splitLines(output.err);
                all.insert(all.end(), more.begin(), more.end());
                return all;
            }));
}

void PodmanEngine::ensureImage(const std::string& image, QObject* guard, Callback<std::string> callback) {
    const auto trimmed = [](const CommandOutput& output) -> Result<std::string> {
        return output.out.substr(0, output.out.find_last_not_of(" \n") + 1);
    };
    PodmanCommand::run(guard, {"image", "inspect", "--format", "{{.Id}}", image}, 30s,
                       [this, image, guard, trimmed, callback = std::move(callback)](Result<CommandOutput> output) {
                           if (!output)
                               return callback(output.error());
                           if (output->exitCode == 0)
                               return callback(trimmed(*output));
                           if (image.starts_with("localhost/"))
                               return callback(Error{ErrorCode::Unavailable,
                                                     "The OpenClaw image " + image +
                                                         " is not on this machine: run installer/up, which builds it.",
                                                     output->err});
                           command({"pull", "--quiet", image}, 20min, guard, "The image " + image + " could not be fetched",
                                   then(callback, trimmed));
                       });
}

void PodmanEngine::watch() {
    // Ours to end: it must not go on for a runtime manager that was killed. Only signal-safe calls after the fork.
    m_events.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
    m_events.setStandardInputFile(QProcess::nullDevice());
    m_events.setStandardErrorFile(QProcess::nullDevice());
    startWatching();
}

void PodmanEngine::unwatch(std::function<void()> ended) {
    m_retry.stop();
    m_events.disconnect(this);
    if (m_events.state() == QProcess::NotRunning)
        return ended();
    connect(&m_events, &QProcess::finished, this, [ended = std::move(ended)] { ended(); });
    m_events.kill();
}

void PodmanEngine::startWatching() {
    m_line.clear();
    m_events.start(QStringLiteral("podman"),
                   {QStringLiteral("events"), QStringLiteral("--format"), QStringLiteral("json"), QStringLiteral("--filter"),
                    QStringLiteral("label=io.clawloops.instance=") + QString::fromStdString(m_instance)});
    Q_EMIT watchRestarted();
}

void PodmanEngine::readEvents() {
    m_line += m_events.readAllStandardOutput();
    qsizetype end = 0;
    while ((end = m_line.indexOf('\n')) >= 0) {
        const QByteArray line = m_line.left(end);
        m_line.remove(0, end + 1);
        m_retryMs = 1000;
        if (const auto event = parsePodmanEvent({line.constData(), static_cast<std::size_t>(line.size())}))
            Q_EMIT cellChanged(*event);
    }
    if (m_line.size() > longestEvent) // no event is that long: something else writes there
        m_events.kill();
}

} // namespace clawloops::runtime
