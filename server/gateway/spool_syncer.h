// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/spool_segment.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace clawloops::gateway {

// Calls fdatasync off the event loop, about once a second while something is written. touch() from one thread; the destructor syncs a last time.
class SpoolSyncer {
public:
    SpoolSyncer();
    ~SpoolSyncer();
    void touch(const std::shared_ptr<FileHandle>& file); // something was written to it

private:
    void run();
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::vector<std::shared_ptr<FileHandle>> m_dirty; // in the order of their first touch
    bool m_waiting = false; // the thread sleeps until something is dirty
    bool m_stop = false;
    std::thread m_thread; // last: it uses the others
};

} // namespace clawloops::gateway
