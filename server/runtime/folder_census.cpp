// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/folder_census.h"

#include "base/log.h"
#include "runtime/cell_layout.h"

#include <QDir>

#include <charconv>
#include <sys/resource.h>

namespace clawloops::runtime {

namespace {
constexpr Log logger("disk");
}

std::optional<std::int64_t> parseTotal(const std::string& text) {
    std::int64_t total = 0;
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, total);
    return read.ec == std::errc() && read.ptr != end && *read.ptr == '\t' && total >= 0 ? std::optional(total) : std::nullopt;
}

FolderCensus::FolderCensus(std::string cells, std::function<void(Usage)> done) : m_cells(std::move(cells)), m_done(std::move(done)) {
    m_limit.setSingleShot(true);
    QObject::connect(&m_limit, &QTimer::timeout, &m_du, &QProcess::kill);
    QObject::connect(&m_du, &QProcess::finished, &m_du, [this](int, QProcess::ExitStatus status) { counted(status); });
    QObject::connect(&m_du, &QProcess::errorOccurred, &m_du, [this](QProcess::ProcessError error) {
        if (error != QProcess::FailedToStart)
            return;
        logger.warning("du could not be started, so nobody knows which cell grows", {}, {{"reason", m_du.errorString().toStdString()}});
        m_limit.stop();
        m_running = false;
    });
    m_du.setWorkingDirectory(QString::fromStdString(m_cells));
    m_du.setStandardErrorFile(QProcess::nullDevice()); // files that went away meanwhile
    m_du.setChildProcessModifier([this] {
        if (!m_urgent)
            ::setpriority(PRIO_PROCESS, 0, 19);
    });
}

FolderCensus::~FolderCensus() {
    m_du.disconnect();
    m_du.kill();
}

void FolderCensus::start(std::chrono::milliseconds longestForOne, bool urgent) {
    if (m_running)
        return;
    m_running = true;
    m_urgent = urgent;
    m_limit.setInterval(longestForOne);
    m_usage.clear();
    m_left.clear();
    for (const QString& name : QDir(QString::fromStdString(m_cells)).entryList(QDir::Dirs | QDir::NoDotAndDotDot))
        if (isCellId(name.toStdString()))
            m_left << name;
    next();
}

void FolderCensus::next() {
    if (m_left.isEmpty()) {
        m_running = false;
        return m_done(std::exchange(m_usage, {}));
    }
    m_bytes.reset();
    m_limit.start();
    run(QStringLiteral("--block-size=1"));
}

void FolderCensus::run(const QString& unit) {
    m_du.start(QStringLiteral("du"), {QStringLiteral("--summarize"), QStringLiteral("--one-file-system"), unit, QStringLiteral("--"), m_left.constFirst()});
}

void FolderCensus::counted(QProcess::ExitStatus status) {
    const std::string cellId = m_left.constFirst().toStdString();
    const auto total = parseTotal(m_du.readAllStandardOutput().toStdString());
    if (status == QProcess::CrashExit)
        m_usage[cellId] = std::nullopt;
    else if (total && !m_bytes) {
        m_bytes = total;
        return run(QStringLiteral("--inodes")); // the same walk again, out of the kernel's memory: du says one of the two
    } else if (total)
        m_usage[cellId] = Count{*m_bytes, *total};
    m_limit.stop();
    m_left.removeFirst(); // no total: the folder is gone
    next();
}

} // namespace clawloops::runtime
