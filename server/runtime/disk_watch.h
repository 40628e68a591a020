// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "runtime/folder_census.h"
#include "wire/runtime_verbs.h"

#include <QObject>
#include <QTimer>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

struct statvfs;

namespace clawloops::runtime {

// What a disk can run out of. An empty file takes no byte, but an inode; "files" to people.
enum class Scarce { Bytes, Files };

// How much is left, as a share of what is kept for the database: 1 is just that.
struct Room {
    double share = 0;
    Scarce scarce = Scarce::Bytes; // which of the two is the shorter
    std::int64_t freeFiles = 0;
    std::int64_t reservedFiles = 0; // 0: the file system does not count them
};
// Files are kept as ext4 gives them to that many bytes, one to 16 KiB, but no more than an eighth of all there can be.
[[nodiscard]] Room roomOf(const struct statvfs& space, std::int64_t reserveBytes);

struct Growth {
    std::string cellId;
    std::optional<std::int64_t> amount; // nothing: it has more than could be counted
    Scarce scarce = Scarce::Bytes; // amount of what
    bool operator==(const Growth&) const = default;
};

// Most first, and before them those that could not be counted; a cell that was not there before grew by all it has.
[[nodiscard]] std::vector<Growth> growthOf(const Usage& before, const Usage& now, Scarce scarce);
[[nodiscard]] std::string sizeText(std::int64_t bytes); // "1.5 GiB"
[[nodiscard]] std::string growthText(const Growth& growth); // "1.5 GiB", "80000 files", "more than could be counted"

// Keeps the cells from filling the disk that the database, the spool and the logs share: cells have no quota of their own.
// Looks at the free bytes and inodes every two seconds, which costs nothing, and counts the cells' folders (du, niced) when it
// has to know who grew: every ten minutes while more than twice the reserve is free, and against that once it is short.
//
// | free bytes or inodes            | state | what happens                                                       |
// | at least the reserve + 10 %     | good  |                                                                    |
// | below the reserve               | short | no cell is started; the running one that grew most is to be stopped |
// | … and less still after that     | short | the next one, until it falls no more                               |
// | below a quarter of the reserve  | short | all are to be stopped: whoever fills it hides it (unlinked files)   |
class DiskWatch : public QObject {
    Q_OBJECT
public:
    // A reserve of 0 watches nothing.
    DiskWatch(std::string cells, std::int64_t reserveBytes, const Clock& clock, QObject* parent = nullptr);

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
    void measured(Usage usage);
    [[nodiscard]] bool stillFalls() const { return m_shareAfterRelief < 0 || m_room.share < m_shareAfterRelief - growthStep; }

    static constexpr double growthStep = 1.0 / 64; // of the reserve: what counts as growth

    std::string m_cells;
    const Clock& m_clock;
    Disk m_disk;
    Room m_room;
    QTimer m_period;
    FolderCensus m_census;
    Usage m_before;
    SteadyTime m_measuredAt;
    bool m_known = false; // m_before was measured
    bool m_reliefUnderWay = false;
    double m_shareAfterRelief = -1; // -1: nothing was stopped since it became short
};

} // namespace clawloops::runtime
