// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/disk_watch.h"

#include "base/files.h"
#include "base/log.h"
#include "runtime/cell_layout.h"

#include <QDir>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <sys/resource.h>
#include <sys/statvfs.h>

namespace clawloops::runtime {

namespace {
using namespace std::chrono_literals;
constexpr Log logger("disk");
constexpr auto lookEvery = 2s;
constexpr auto measureEvery = 600s;
constexpr auto measureEveryWhenLow = 5s;
constexpr auto longestMeasure = 120s;
}

Usage parseUsage(const std::string& text) {
    Usage usage;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        const auto tab = text.find('\t', at);
        std::int64_t bytes = 0;
        if (tab < end && std::from_chars(text.data() + at, text.data() + tab, bytes).ptr == text.data() + tab)
            if (const std::string name = text.substr(tab + 1, end - tab - 1); isCellId(name))
                usage[name] = bytes;
        at = end + 1;
    }
    return usage;
}

std::vector<Growth> growthOf(const Usage& before, const Usage& now) {
    std::vector<Growth> growths;
    for (const auto& [cellId, bytes] : now) {
        const auto known = before.find(cellId);
        growths.push_back({cellId, bytes - (known == before.end() ? 0 : known->second)});
    }
    std::sort(growths.begin(), growths.end(), [](const Growth& a, const Growth& b) { return a.bytes > b.bytes; });
    return growths;
}

std::string sizeText(std::int64_t bytes) {
    const double mebi = static_cast<double>(bytes) / (1 << 20);
    char text[40];
    if (mebi < 1024)
        std::snprintf(text, sizeof text, "%.0f MiB", mebi);
    else
        std::snprintf(text, sizeof text, "%.1f GiB", mebi / 1024);
    return text;
}

DiskWatch::DiskWatch(std::string cells, std::int64_t reserveBytes, const Clock& clock, QObject* parent)
    : QObject(parent), m_cells(std::move(cells)), m_clock(clock), m_step(reserveBytes / 64) {
    m_disk.reserveBytes = reserveBytes;
    connect(&m_period, &QTimer::timeout, this, &DiskWatch::look);
    m_duLimit.setSingleShot(true);
    connect(&m_duLimit, &QTimer::timeout, &m_du, &QProcess::kill);
    connect(&m_du, &QProcess::finished, this, &DiskWatch::measured);
    connect(&m_du, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            logger.warning("du could not be started, so nobody knows which cell grows", {}, {{"reason", m_du.errorString().toStdString()}});
    });
    m_du.setWorkingDirectory(QString::fromStdString(m_cells));
    m_du.setStandardErrorFile(QProcess::nullDevice()); // files that went away meanwhile
    m_du.setChildProcessModifier([] { ::setpriority(PRIO_PROCESS, 0, 19); });
}

DiskWatch::~DiskWatch() {
    m_du.disconnect(this);
    m_du.kill();
}

void DiskWatch::start() {
    if (m_disk.reserveBytes <= 0)
        return;
    m_period.start(lookEvery);
    look();
}

Status DiskWatch::admits() const {
    if (m_disk.low)
        return Error{ErrorCode::Unavailable, m_disk.sentence, {}};
    return {};
}

void DiskWatch::relieved() {
    look();
    m_freeAfterRelief = m_disk.freeBytes;
    m_reliefUnderWay = false;
}

void DiskWatch::look() {
    struct statvfs space {};
    if (::statvfs(m_cells.c_str(), &space) != 0) {
        logger.warning("the free space could not be read", {}, {{"reason", systemReason(errno)}});
        return;
    }
    m_disk.freeBytes = static_cast<std::int64_t>(space.f_bavail) * static_cast<std::int64_t>(space.f_frsize);
    const std::int64_t enough = m_disk.reserveBytes + (m_disk.low ? m_disk.reserveBytes / 10 : 0);
    const bool low = m_disk.freeBytes < enough;
    const bool turned = low != m_disk.low;
    m_disk.low = low;
    m_disk.sentence = !low ? std::string()
                           : "The disk is almost full: " + sizeText(m_disk.freeBytes) + " are free, and " +
                                 sizeText(m_disk.reserveBytes) + " are kept for the database. No workspace is started until there is room.";
    if (turned) {
        m_freeAfterRelief = -1;
        if (low)
            logger.warning("the disk is short, no cell is started", {}, {{"freeBytes", m_disk.freeBytes}, {"reserveBytes", m_disk.reserveBytes}});
        else
            logger.info("the disk has room again", {}, {{"freeBytes", m_disk.freeBytes}});
        Q_EMIT changed();
    }
    act();
}

void DiskWatch::act() {
    if (m_reliefUnderWay)
        return;
    if (m_disk.freeBytes < m_disk.reserveBytes / 4 && stillFalls()) {
        m_reliefUnderWay = true;
        Q_EMIT starving();
        return;
    }
    const auto age = m_clock.steadyNow() - m_measuredAt;
    const bool near = m_disk.freeBytes < 2 * m_disk.reserveBytes; // what was known before it came near stays the measure
    const bool wanted = m_disk.low ? m_disk.freeBytes < m_disk.reserveBytes && stillFalls() && age >= measureEveryWhenLow
                                   : !near && age >= measureEvery;
    if (!m_known || wanted)
        measure();
}

void DiskWatch::measure() {
    if (m_du.state() != QProcess::NotRunning)
        return;
    QStringList arguments{QStringLiteral("--summarize"), QStringLiteral("--one-file-system"), QStringLiteral("--block-size=1"),
                          QStringLiteral("--")};
    const qsizetype options = arguments.size();
    for (const QString& name : QDir(QString::fromStdString(m_cells)).entryList(QDir::Dirs | QDir::NoDotAndDotDot))
        if (isCellId(name.toStdString()))
            arguments << name;
    m_measuredAt = m_clock.steadyNow();
    if (arguments.size() == options) { // nobody there
        m_known = true;
        m_before.clear();
        return;
    }
    m_duLimit.start(longestMeasure);
    m_du.start(QStringLiteral("du"), arguments);
}

void DiskWatch::measured() {
    m_duLimit.stop();
    const Usage usage = parseUsage(m_du.readAllStandardOutput().toStdString());
    if (!m_disk.low || !m_known) {
        m_before = usage;
        m_known = true;
        return;
    }
    auto growths = growthOf(m_before, usage);
    std::erase_if(growths, [this](const Growth& growth) { return growth.bytes < m_step; });
    if (growths.empty() || m_reliefUnderWay)
        return;
    m_reliefUnderWay = true;
    Q_EMIT growing(growths);
}

} // namespace clawloops::runtime
