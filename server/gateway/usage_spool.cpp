// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/usage_spool.h"

#include "base/digest.h"
#include "base/files.h"
#include "base/log.h"
#include "base/random.h"
#include "gateway/spool_syncer.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <iterator>
#include <sys/file.h>
#include <set>
#include <unistd.h>

namespace clawloops::gateway {
namespace {

constexpr Log log("spool");

} // namespace

Result<std::unique_ptr<UsageSpool>> UsageSpool::open(const std::filesystem::path& directory, Limits limits) {
    const int lock = ::open((directory / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (lock < 0)
        return Error{ErrorCode::Unavailable,
                     "The usage spool " + directory.string() + " cannot be opened: " + systemReason(errno) + ".", {}};
    std::unique_ptr<UsageSpool> spool(new UsageSpool(directory, limits, lock));
    if (::flock(lock, LOCK_EX | LOCK_NB) != 0)
        return Error{ErrorCode::Unavailable,
                     "The usage spool " + directory.string() + " is in use by another gateway; stop that one first.", {}};
    if (const Status status = spool->loadId(); !status)
        return status.error();
    if (const Status status = spool->load(); !status)
        return status.error();
    auto begun = BegunRequests::open(directory / "begun");
    if (!begun)
        return begun.error();
    spool->m_begun = std::move(*begun);
    if (const Status status = spool->bookInterrupted(); !status)
        return status.error();
    return spool;
}

UsageSpool::UsageSpool(std::filesystem::path directory, Limits limits, int lock)
    : m_directory(std::move(directory)), m_limits(limits), m_lock(lock), m_syncer(std::make_unique<SpoolSyncer>()) {}

UsageSpool::~UsageSpool() {
    if (!healthy())
        log.error("usage events are lost: they could not be written", {}, {{"events", m_waiting.size()}});
    ::close(m_lock);
}

Status UsageSpool::loadId() {
    const std::filesystem::path path = m_directory / "id";
    std::error_code problem;
    if (!std::filesystem::exists(path, problem)) {
        m_id = toHex(randomBytes(8));
        return writeFileAtomically(path, m_id + "\n", 0600);
    }
    auto text = readFile(path);
    if (!text)
        return text.error();
    m_id = text->substr(0, text->find('\n'));
    return {};
}

Status UsageSpool::load() {
    std::vector<std::pair<std::int64_t, std::filesystem::path>> found;
    std::error_code problem;
    for (const auto& entry : std::filesystem::directory_iterator(m_directory, problem)) {
        if (const auto first = SpoolSegment::firstOf(entry.path()))
            found.emplace_back(*first, entry.path());
    }
    if (problem)
        return Error{ErrorCode::Unavailable, "The usage spool cannot be listed: " + problem.message() + ".", {}};
    std::sort(found.begin(), found.end());
    for (const auto& [first, path] : found) {
        auto segment = SpoolSegment::open(path, first);
        if (!segment)
            return segment.error();
        m_segments.push_back(std::move(*segment));
    }
    const std::filesystem::path ackedPath = m_directory / "acked";
    if (std::filesystem::exists(ackedPath, problem)) {
        const auto text = readFile(ackedPath);
        if (!text)
            return text.error();
        std::from_chars(text->data(), text->data() + text->size(), m_acked);
    }
    if (m_segments.empty()) {
        if (const Status status = startSegment(m_acked + 1); !status)
            return status;
    }
    m_next = m_segments.back().next();
    m_acked = std::min(m_acked, m_next - 1);
    return {};
}

Status UsageSpool::startSegment(std::int64_t first) {
    auto segment = SpoolSegment::open(SpoolSegment::pathOf(m_directory, first), first);
    if (!segment)
        return segment.error();
    m_segments.push_back(std::move(*segment));
    return {};
}

// A process may end between the writing of an event and the freeing of its place: the event is there then, in a segment that
// is not gone yet, as nothing was acked since.
Status UsageSpool::bookInterrupted() {
    std::set<std::string> booked;
    std::int64_t after = m_segments.front().first() - 1;
    while (!m_begun->found().empty()) {
        const auto events = read(after, 1000);
        if (!events)
            return events.error();
        if (events->empty())
            break;
        for (const gateway_verbs::UsageEvent& event : *events)
            booked.insert(event.requestId);
        after = events->back().seq;
    }
    for (const BegunRequests::Found& found : m_begun->found()) {
        if (booked.contains(found.event.requestId)) {
            m_begun->end(found.place);
            continue;
        }
        log.warning("a request was interrupted by the end of the gateway", found.event.requestId, {{"startedAt", found.event.startedAt}});
        book(found.event, found.place);
    }
    return {};
}

Status UsageSpool::begin(std::optional<BegunRequests::Place>& place, const gateway_verbs::UsageEvent& event) {
    if (place) {
        if (const Status status = m_begun->change(*place, event); !status)
            return status;
    } else {
        const auto taken = m_begun->begin(event);
        if (!taken)
            return taken.error();
        place = *taken;
    }
    m_syncer->touch(m_begun->file());
    return {};
}

std::int64_t UsageSpool::book(gateway_verbs::UsageEvent event, std::optional<BegunRequests::Place> begun) {
    event.seq = m_next++;
    const std::int64_t seq = event.seq;
    m_waiting.push_back({std::move(event), begun});
    static_cast<void>(healthy()); // says so itself when it cannot write
    return seq;
}

bool UsageSpool::healthy() {
    while (!m_waiting.empty()) {
        if (const Status status = append(m_waiting.front().event); !status) {
            log.error(status.error().message, m_waiting.front().event.requestId, {{"waiting", m_waiting.size()}});
            return false;
        }
        if (const auto begun = m_waiting.front().begun) {
            m_begun->end(*begun);
            m_syncer->touch(m_begun->file());
        }
        m_waiting.pop_front();
    }
    return true;
}

Status UsageSpool::append(const gateway_verbs::UsageEvent& event) {
    if (m_segments.back().bytes() >= m_limits.segmentBytes) {
        if (const Status status = startSegment(event.seq); !status)
            return status;
    }
    const Status status = m_segments.back().append(event);
    if (status)
        m_syncer->touch(m_segments.back().file());
    return status;
}

Result<std::vector<gateway_verbs::UsageEvent>> UsageSpool::read(std::int64_t after, std::int64_t limit) {
    std::vector<gateway_verbs::UsageEvent> events;
    std::uint64_t room = m_limits.readBytes;
    for (const SpoolSegment& segment : m_segments) {
        const std::int64_t from = std::max(after + 1, segment.first());
        if (from >= segment.next())
            continue;
        auto some = segment.read(from, limit - static_cast<std::int64_t>(events.size()), room);
        if (!some)
            return some.error();
        std::move(some->begin(), some->end(), std::back_inserter(events));
        if (static_cast<std::int64_t>(events.size()) >= limit || room == 0)
            break;
    }
    return events;
}

Status UsageSpool::ack(std::int64_t through) {
    if (through > last())
        return Error{ErrorCode::InvalidRequest,
                     "There is no usage event " + std::to_string(through) + " yet; the last is " + std::to_string(last()) + ".", {}};
    if (through <= m_acked)
        return {};
    if (const Status status = writeFileAtomically(m_directory / "acked", std::to_string(through) + "\n", 0600); !status)
        return status;
    m_acked = through;
    dropAcked();
    return {};
}

void UsageSpool::dropAcked() {
    // The last segment stays, as its name is the memory of the next seq; once it is worth it, an empty one takes its place.
    const SpoolSegment& current = m_segments.back();
    if (current.next() <= m_acked + 1 && current.bytes() >= m_limits.segmentBytes / 16 && m_waiting.empty()) {
        if (const Status status = startSegment(m_next); !status)
            log.warning(status.error().message);
    }
    while (m_segments.size() > 1 && m_segments.front().next() <= m_acked + 1) {
        std::error_code problem;
        std::filesystem::remove(m_segments.front().path(), problem);
        m_segments.pop_front();
    }
}

} // namespace clawloops::gateway
