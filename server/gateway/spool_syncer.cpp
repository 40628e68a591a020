// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/spool_syncer.h"

#include "base/files.h"
#include "base/log.h"

#include <cerrno>
#include <chrono>
#include <unistd.h>

namespace clawloops::gateway {
namespace {

constexpr Log log("spool");

} // namespace

SpoolSyncer::SpoolSyncer() : m_thread([this] { run(); }) {}

SpoolSyncer::~SpoolSyncer() {
    {
        const std::lock_guard lock(m_mutex);
        m_stop = true;
    }
    m_wake.notify_one();
    m_thread.join();
}

void SpoolSyncer::touch(const std::shared_ptr<FileHandle>& file) {
    std::shared_ptr<FileHandle> finished;
    {
        const std::lock_guard lock(m_mutex);
        if (m_dirty && m_dirty != file)
            finished = m_dirty; // a new segment began: the old one is synced before its last handle goes
        m_dirty = file;
    }
    if (finished)
        ::fdatasync(finished->get());
    m_wake.notify_one();
}

void SpoolSyncer::run() {
    std::unique_lock lock(m_mutex);
    while (true) {
        m_wake.wait(lock, [this] { return m_stop || m_dirty; });
        if (!m_dirty)
            return;
        const std::shared_ptr<FileHandle> file = std::exchange(m_dirty, nullptr);
        lock.unlock();
        if (::fdatasync(file->get()) != 0)
            log.error("cannot sync the usage spool", {}, {{"reason", systemReason(errno)}});
        lock.lock();
        m_wake.wait_for(lock, std::chrono::seconds(1), [this] { return m_stop; });
        if (m_stop && !m_dirty)
            return;
    }
}

} // namespace clawloops::gateway
