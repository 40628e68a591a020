// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/spool_segment.h"

#include "base/files.h"
#include "base/log.h"
#include "gateway/spool_line.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace clawloops::gateway {
namespace {

constexpr Log log("spool");
constexpr std::int64_t placeEvery = 64;
constexpr std::string_view prefix = "usage-";
constexpr std::string_view suffix = ".jsonl";

Error failed(const std::filesystem::path& path, std::string_view what, int problem) {
    return {ErrorCode::Unavailable,
            "The usage spool cannot be " + std::string(what) + " (" + path.string() + "): " + systemReason(problem) + ".", {}};
}

// The event of a line, when it comes after `before` and not after `most`.
std::optional<gateway_verbs::UsageEvent> eventOf(std::string_view line, std::int64_t before, std::int64_t most) {
    auto event = eventOfSpoolLine(line);
    if (event && (event->seq <= before || event->seq > most))
        event.reset();
    return event;
}

void sayWhatIsSkipped(const std::filesystem::path& path, std::int64_t lines) {
    if (lines > 0)
        log.error("skipped lines of the usage spool that are no usage events", {}, {{"file", path.filename().string()}, {"lines", lines}});
}

} // namespace

FileHandle::~FileHandle() {
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

std::filesystem::path SpoolSegment::pathOf(const std::filesystem::path& directory, std::int64_t first) {
    std::string digits = std::to_string(first);
    digits.insert(0, 19 - std::min<std::size_t>(19, digits.size()), '0');
    return directory / (std::string(prefix) + digits + std::string(suffix));
}

std::optional<std::int64_t> SpoolSegment::firstOf(const std::filesystem::path& path) {
    const std::string name = path.filename().string();
    std::int64_t first = 0;
    if (name.size() != prefix.size() + 19 + suffix.size() || !name.starts_with(prefix) || !name.ends_with(suffix))
        return std::nullopt;
    const char* from = name.data() + prefix.size();
    const auto [end, problem] = std::from_chars(from, from + 19, first);
    return problem == std::errc() && end == from + 19 && first > 0 ? std::optional(first) : std::nullopt;
}

Result<SpoolSegment> SpoolSegment::open(const std::filesystem::path& path, std::int64_t first) {
    SpoolSegment segment;
    segment.m_path = path;
    segment.m_first = segment.m_next = first;
    segment.m_file = std::make_shared<FileHandle>(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (segment.m_file->get() < 0)
        return failed(path, "opened", errno);
    auto text = readFile(path);
    if (!text)
        return text.error();
    std::int64_t before = first - 1;
    std::int64_t skipped = 0;
    std::size_t at = 0;
    for (std::size_t end = text->find('\n'); end != std::string::npos; end = text->find('\n', at)) {
        if (const auto event = eventOf(std::string_view(*text).substr(at, end - at), before, segment.mostAt(end))) {
            before = event->seq;
            segment.countEvent(event->seq, at);
        } else {
            ++segment.m_next;
            ++skipped;
        }
        at = end + 1;
    }
    segment.m_bytes = at;
    sayWhatIsSkipped(path, skipped);
    if (at == text->size())
        return segment;
    log.warning("cut a broken end off the usage spool", {}, {{"file", path.filename().string()}, {"bytes", text->size() - at}});
    if (::ftruncate(segment.m_file->get(), static_cast<off_t>(at)) != 0)
        return failed(path, "repaired", errno);
    return segment;
}

void SpoolSegment::countEvent(std::int64_t seq, std::uint64_t at) {
    if (m_events++ % placeEvery == 0)
        m_places.push_back({seq, at});
    m_next = std::max(m_next, seq + 1);
}

Status SpoolSegment::append(const gateway_verbs::UsageEvent& event) {
    m_line.clear();
    appendSpoolLine(m_line, event);
    m_line += '\n';
    const std::string& line = m_line;
    const ssize_t written = ::write(m_file->get(), line.data(), line.size());
    if (written == static_cast<ssize_t>(line.size())) {
        countEvent(event.seq, m_bytes);
        m_bytes += line.size();
        return {};
    }
    const int problem = written < 0 ? errno : ENOSPC;
    if (written > 0 && ::ftruncate(m_file->get(), static_cast<off_t>(m_bytes)) != 0)
        return failed(m_path, "repaired", errno);
    return failed(m_path, "written", problem);
}

Result<std::vector<gateway_verbs::UsageEvent>> SpoolSegment::read(std::int64_t seq, std::int64_t limit, std::uint64_t& room) const {
    std::vector<gateway_verbs::UsageEvent> events;
    auto place = std::upper_bound(m_places.begin(), m_places.end(), seq, [](std::int64_t wanted, const Place& each) { return wanted < each.seq; });
    if (m_places.empty() || seq >= next())
        return events;
    if (place != m_places.begin())
        --place;
    std::uint64_t at = place->at;
    std::int64_t before = place->seq - 1;
    std::int64_t skipped = 0;
    std::string buffer;
    while (at < m_bytes) {
        const std::size_t old = buffer.size();
        const std::size_t want = std::min<std::uint64_t>(64 * 1024, m_bytes - at);
        buffer.resize(old + want);
        const ssize_t got = ::pread(m_file->get(), buffer.data() + old, want, static_cast<off_t>(at));
        if (got <= 0)
            return failed(m_path, "read", got < 0 ? errno : EIO);
        buffer.resize(old + static_cast<std::size_t>(got));
        at += static_cast<std::uint64_t>(got);
        std::size_t start = 0;
        for (std::size_t end = buffer.find('\n'); end != std::string::npos; end = buffer.find('\n', start)) {
            auto event = eventOf(std::string_view(buffer).substr(start, end - start), before, mostAt(at - buffer.size() + end));
            before = event ? event->seq : before;
            skipped += event ? 0 : 1;
            if (event && event->seq >= seq) {
                room -= std::min<std::uint64_t>(room, end - start);
                events.push_back(std::move(*event));
            }
            if (static_cast<std::int64_t>(events.size()) >= limit || room == 0) {
                sayWhatIsSkipped(m_path, skipped);
                return events;
            }
            start = end + 1;
        }
        buffer.erase(0, start);
    }
    sayWhatIsSkipped(m_path, skipped);
    return events;
}

} // namespace clawloops::gateway
