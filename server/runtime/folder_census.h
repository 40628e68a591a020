// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcess>
#include <QStringList>
#include <QTimer>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace clawloops::runtime {

struct Count {
    std::int64_t bytes = 0;
    std::int64_t files = 0; // whatever takes an inode: folders and links too
    bool operator==(const Count&) const = default;
};
// By cell id; nothing beside it: its tree could not be counted in time.
using Usage = std::map<std::string, std::optional<Count>>;

[[nodiscard]] std::optional<std::int64_t> parseTotal(const std::string& text); // of `du --summarize` with one folder

// Counts what each cell's folder takes, with du, one cell after the other and each with a time of its own: a tree that takes
// too long is its own cell's affair, and hides none that comes after it.
class FolderCensus {
public:
    // done is called once for each start(), perhaps before that returns.
    FolderCensus(std::string cells, std::function<void(Usage)> done);
    ~FolderCensus();
    FolderCensus(const FolderCensus&) = delete;
    FolderCensus& operator=(const FolderCensus&) = delete;

    // Urgent: at the priority of the others, not behind them.
    void start(std::chrono::milliseconds longestForOne, bool urgent);
    [[nodiscard]] bool isRunning() const { return m_running; }

private:
    void next();
    void run(const QString& unit);
    void counted(QProcess::ExitStatus status);

    std::string m_cells;
    std::function<void(Usage)> m_done;
    QProcess m_du;
    QTimer m_limit;
    bool m_running = false;
    bool m_urgent = false;
    QStringList m_left; // first: under way
    std::optional<std::int64_t> m_bytes; // of that one, once they are known
    Usage m_usage;
};

} // namespace clawloops::runtime
