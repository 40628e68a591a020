// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/disk_watch.h"

#include "base/files.h"
#include "base/log.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <limits>
#include <sys/statvfs.h>

namespace clawloops::runtime {

namespace {
using namespace std::chrono_literals;
constexpr Log logger("disk");
constexpr auto lookEvery = 2s;
constexpr auto measureEvery = 600s;
constexpr auto measureEveryWhenLow = 5s;
constexpr auto longestCount = 60s; // of one cell
constexpr std::int64_t bytesToAFile = 16 << 10; // what mke2fs reckons with
}

Room roomOf(const struct statvfs& space, std::int64_t reserveBytes) {
    Room room;
    const double freeBytes = static_cast<double>(space.f_bavail) * static_cast<double>(space.f_frsize);
    room.share = freeBytes / static_cast<double>(reserveBytes);
    const auto allFiles = static_cast<std::int64_t>(std::min<std::uint64_t>(space.f_files, std::numeric_limits<std::int64_t>::max()));
    room.freeFiles = static_cast<std::int64_t>(std::min<std::uint64_t>(space.f_favail, std::numeric_limits<std::int64_t>::max()));
    room.reservedFiles = std::min(reserveBytes / bytesToAFile, allFiles / 8);
    if (room.reservedFiles <= 0)
        return room;
    const double files = static_cast<double>(room.freeFiles) / static_cast<double>(room.reservedFiles);
    if (files < room.share) {
        room.share = files;
        room.scarce = Scarce::Files;
    }
    return room;
}

std::vector<Growth> growthOf(const Usage& before, const Usage& now, Scarce scarce) {
    const auto amount = [scarce](const Count& count) { return scarce == Scarce::Bytes ? count.bytes : count.files; };
    std::vector<Growth> growths;
    for (const auto& [cellId, count] : now) {
        Growth growth{cellId, std::nullopt, scarce};
        const auto known = before.find(cellId);
        if (count)
            growth.amount = amount(*count) - (known == before.end() || !known->second ? 0 : amount(*known->second));
        growths.push_back(std::move(growth));
    }
    std::stable_sort(growths.begin(), growths.end(), [](const Growth& a, const Growth& b) {
        return a.amount && b.amount ? *a.amount > *b.amount : !a.amount && b.amount;
    });
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

std::string growthText(const Growth& growth) {
    if (!growth.amount)
        return "more than could be counted";
    return growth.scarce == Scarce::Bytes ? sizeText(*growth.amount) : std::to_string(*growth.amount) + " files";
}

DiskWatch::DiskWatch(std::string cells, std::int64_t reserveBytes, const Clock& clock, QObject* parent)
    : QObject(parent), m_cells(std::move(cells)), m_clock(clock), m_census(m_cells, [this](Usage usage) { measured(std::move(usage)); }) {
    m_disk.reserveBytes = reserveBytes;
    connect(&m_period, &QTimer::timeout, this, &DiskWatch::look);
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
    m_shareAfterRelief = m_room.share;
    m_reliefUnderWay = false;
}

void DiskWatch::look() {
    struct statvfs space {};
    if (::statvfs(m_cells.c_str(), &space) != 0) {
        logger.warning("the free space could not be read", {}, {{"reason", systemReason(errno)}});
        return;
    }
    m_disk.freeBytes = static_cast<std::int64_t>(space.f_bavail) * static_cast<std::int64_t>(space.f_frsize);
    m_room = roomOf(space, m_disk.reserveBytes);
    const bool low = m_room.share < (m_disk.low ? 1.1 : 1.0);
    const bool turned = low != m_disk.low;
    m_disk.low = low;
    const bool files = m_room.scarce == Scarce::Files;
    m_disk.sentence = !low ? std::string()
                           : "The disk is almost full: " +
                                 (files ? std::to_string(m_room.freeFiles) + " more files can be made, and " + std::to_string(m_room.reservedFiles)
                                        : sizeText(m_disk.freeBytes) + " are free, and " + sizeText(m_disk.reserveBytes)) +
                                 " are kept for the database. No workspace is started until there is room.";
    if (turned) {
        m_shareAfterRelief = -1;
        if (low)
            logger.warning("the disk is short, no cell is started", {}, {{"freeBytes", m_disk.freeBytes}, {"reserveBytes", m_disk.reserveBytes},
                            {"freeFiles", m_room.freeFiles}, {"reservedFiles", m_room.reservedFiles}});
        else
            logger.info("the disk has room again", {}, {{"freeBytes", m_disk.freeBytes}});
        Q_EMIT changed();
    }
    act();
}

void DiskWatch::act() {
    if (m_reliefUnderWay)
        return;
    if (m_room.share < 0.25 && stillFalls()) {
        m_reliefUnderWay = true;
        Q_EMIT starving();
        return;
    }
    const auto age = m_clock.steadyNow() - m_measuredAt;
    const bool near = m_room.share < 2; // what was known before it came near stays the measure
    const bool wanted = m_disk.low ? m_room.share < 1 && stillFalls() && age >= measureEveryWhenLow
                                   : !near && age >= measureEvery;
    if (!m_known || wanted)
        measure();
}

void DiskWatch::measure() {
    if (m_census.isRunning())
        return;
    m_measuredAt = m_clock.steadyNow();
    m_census.start(longestCount, m_disk.low);
}

void DiskWatch::measured(Usage usage) {
    if (!m_disk.low || !m_known) {
        for (auto& [cellId, count] : usage)
            if (const auto known = m_before.find(cellId); !count && known != m_before.end())
                count = known->second;
        m_before = std::move(usage);
        m_known = true;
        return;
    }
    auto growths = growthOf(m_before, usage, m_room.scarce);
    const double step = growthStep * static_cast<double>(m_room.scarce == Scarce::Bytes ? m_disk.reserveBytes : m_room.reservedFiles);
    std::erase_if(growths, [step](const Growth& growth) { return growth.amount && static_cast<double>(*growth.amount) < step; });
    if (growths.empty() || m_reliefUnderWay)
        return;
    m_reliefUnderWay = true;
    Q_EMIT growing(growths);
}

} // namespace clawloops::runtime
