// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "gateway/begun_requests.h"
#include "gateway/spool_segment.h"
#include "wire/gateway_verbs.h"

#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

namespace clawloops::gateway {

class SpoolSyncer;

// Usage on its way to the database: append-only segments of JSON lines, each named by its first seq, which counts up by one and is
// never used again. Owns the directory (flock; a second gateway on it is refused). One thread.
//
// What survives what: an event is in the system's page cache, by one write(2), before book() returns, so that a kill -9 loses
// none; a half-written last line is cut off at the next open, any other line that is no event is skipped. fdatasync follows within
// a second on a thread of its own, and at the end of a segment: a power cut may lose the last second.
// A full disk: events wait in memory, in order, until they can be written; healthy() is false meanwhile and new requests are to be
// refused, so that nothing goes unbooked.
// What was begun and never booked, because the process ended, is booked at the next open as it was begun: once, whatever ends that one.
class UsageSpool {
public:
    struct Limits {
        std::uint64_t segmentBytes = 4u << 20;
        std::uint64_t readBytes = 768u << 10; // of one reply: below the control protocol's longest line
    };
    static Result<std::unique_ptr<UsageSpool>> open(const std::filesystem::path& directory, Limits limits);
    static Result<std::unique_ptr<UsageSpool>> open(const std::filesystem::path& directory) { return open(directory, Limits()); }
    ~UsageSpool();

    // Before a request is sent to its first target, and again with each further one: `place` is its own, and goes with its event to book().
    [[nodiscard]] Status begin(std::optional<BegunRequests::Place>& place, const gateway_verbs::UsageEvent& event);
    std::int64_t book(gateway_verbs::UsageEvent event, std::optional<BegunRequests::Place> begun = std::nullopt); // the seq that it got
    [[nodiscard]] bool healthy(); // tries again to write what waits
    [[nodiscard]] Result<std::vector<gateway_verbs::UsageEvent>> read(std::int64_t after, std::int64_t limit);
    // Everything up to `through` is in the database. Segments wholly below are removed. Going back is no error and does nothing.
    [[nodiscard]] Status ack(std::int64_t through);
    // 16 hex digits, made with the directory: the numbers of another spool mean nothing here.
    [[nodiscard]] const std::string& id() const { return m_id; }
    [[nodiscard]] std::int64_t last() const { return m_next - 1; } // 0: none yet
    [[nodiscard]] std::int64_t acked() const { return m_acked; }

private:
    UsageSpool(std::filesystem::path directory, Limits limits, int lock);
    Status load();
    Status loadId();
    Status bookInterrupted();
    Status startSegment(std::int64_t first);
    Status append(const gateway_verbs::UsageEvent& event);
    void dropAcked();

    std::filesystem::path m_directory;
    std::string m_id;
    Limits m_limits;
    int m_lock;
    std::deque<SpoolSegment> m_segments; // at least one; the last is written to
    struct Waiting {
        gateway_verbs::UsageEvent event;
        std::optional<BegunRequests::Place> begun;
    };
    std::deque<Waiting> m_waiting;
    std::optional<BegunRequests> m_begun; // always, once it is open
    std::unique_ptr<SpoolSyncer> m_syncer;
    std::int64_t m_next = 1;
    std::int64_t m_acked = 0;
};

} // namespace clawloops::gateway
