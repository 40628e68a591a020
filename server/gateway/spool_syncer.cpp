// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/spool_syncer.h"

#include "base/files.h"
#include "base/log.h"

#include <cerrno>
#include <chrono>
#include <unistd.h>
#include <utility>

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
    {
        const std::lock_guard lock(m_mutex);
        if (m_dirty.empty() || m_dirty.back() != file)
            m_dirty.push_back(file);
        if (!std::exchange(m_waiting, false))
            return; // it is awake, or wakes within the second: waking it for each event would cost more than writing that
    }
    m_wake.notify_one();
}

void SpoolSyncer::run() {
    std::unique_lock lock(m_mutex);
    while (true) {
        m_waiting = m_dirty.empty();
        m_wake.wait(lock, [this] { return m_stop || !m_dirty.empty(); });
        m_waiting = false;
        if (m_dirty.empty())
            return;
        const auto files = std::exchange(m_dirty, {});
        lock.unlock();
        for (const auto& file : files) {
            if (::fdatasync(file->get()) != 0)
                log.error("cannot sync the usage spool", {}, {{"reason", systemReason(errno)}});
        }
        lock.lock();
        m_wake.wait_for(lock, std::chrono::seconds(1), [this] { return m_stop; });
        if (m_stop && m_dirty.empty())
            return;
    }
}

} // namespace clawloops::gateway
