// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "wire/runtime_verbs.h"

#include <QObject>
#include <QProcess>
#include <QTimer>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace clawloops::runtime {

// Bytes that each cell's folder takes, by cell id.
using Usage = std::map<std::string, std::int64_t>;
struct Growth {
    std::string cellId;
    std::int64_t bytes = 0;
    bool operator==(const Growth&) const = default;
};

[[nodiscard]] Usage parseUsage(const std::string& text); // of `du --summarize --block-size=1`
// Most first; a cell that was not there before grew by all it has.
[[nodiscard]] std::vector<Growth> growthOf(const Usage& before, const Usage& now);
[[nodiscard]] std::string sizeText(std::int64_t bytes); // "1.5 GiB"

// Keeps the cells from filling the disk that the database, the spool and the logs share: cells have no quota of their own.
// Looks at the free space every two seconds, which costs nothing, and sums up the cells' folders (du, niced) when it has to
// know who grew: every ten minutes while more than twice the reserve is free, and against that once it is short.
//
// | free space                      | state | what happens                                                       |
// | at least the reserve + 10 %     | good  |                                                                    |
// | below the reserve               | short | no cell is started; the running one that grew most is to be stopped |
// | … and less still after that     | short | the next one, until it falls no more                               |
// | below a quarter of the reserve  | short | all are to be stopped: whoever fills it hides it (unlinked files)   |
class DiskWatch : public QObject {
    Q_OBJECT
public:
    // A reserve of 0 watches nothing.
    DiskWatch(std::string cells, std::int64_t reserveBytes, const Clock& clock, QObject* parent = nullptr);
    ~DiskWatch() override;

    void start();
    [[nodiscard]] const Disk& disk() const { return m_disk; }
    [[nodiscard]] Status admits() const; // a new cell: Unavailable while the disk is short
    void relieved(); // what growing() or starving() asked for was done

Q_SIGNALS:
    void changed(); // disk().low, and with it the sentence
    void growing(const std::vector<clawloops::runtime::Growth>& cells); // stop the first of these that runs
    void starving(); // stop them all

private:
    void look();
    void act();
    void measure();
    void measured();
    [[nodiscard]] bool stillFalls() const { return m_freeAfterRelief < 0 || m_disk.freeBytes < m_freeAfterRelief - m_step; }

    std::string m_cells;
    const Clock& m_clock;
    std::int64_t m_step; // what counts as growth
    Disk m_disk;
    QTimer m_period;
    QProcess m_du;
    QTimer m_duLimit;
    Usage m_before;
    SteadyTime m_measuredAt;
    bool m_known = false; // m_before was measured
    bool m_reliefUnderWay = false;
    std::int64_t m_freeAfterRelief = -1; // -1: nothing was stopped since it became short
};

} // namespace clawloops::runtime
