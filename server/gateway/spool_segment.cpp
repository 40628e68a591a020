// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/spool_segment.h"

#include "base/files.h"
#include "base/log.h"
#include "wire/gateway_verbs.h"

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

bool isLineOf(std::string_view line, std::int64_t seq) {
    const auto object = parseObject(line);
    if (!object)
        return false;
    const auto event = gateway_verbs::usageEventFromJson(*object);
    return event && event->seq == seq;
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

Result<SpoolSegment> SpoolSegment::open(const std::filesystem::path& path, std::int64_t first, bool last) {
    SpoolSegment segment;
    segment.m_path = path;
    segment.m_first = first;
    segment.m_file = std::make_shared<FileHandle>(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (segment.m_file->get() < 0)
        return failed(path, "opened", errno);
    auto text = readFile(path);
    if (!text)
        return text.error();
    std::size_t at = 0;
    while (at < text->size()) {
        const std::size_t end = text->find('\n', at);
        if (end == std::string::npos || !isLineOf(std::string_view(*text).substr(at, end - at), segment.next()))
            break;
        segment.countLine(at);
        at = end + 1;
    }
    segment.m_bytes = at;
    if (at == text->size())
        return segment;
    if (!last)
        return Error{ErrorCode::Internal,
                     "The usage spool is damaged: " + path.string() + " holds a wrong line; move the file away to go on without its events.",
                     {}};
    log.warning("cut a broken end off the usage spool", {}, {{"file", path.filename().string()}, {"bytes", text->size() - at}});
    if (::ftruncate(segment.m_file->get(), static_cast<off_t>(at)) != 0)
        return failed(path, "repaired", errno);
    return segment;
}

void SpoolSegment::countLine(std::uint64_t at) {
    if (m_count % placeEvery == 0)
        m_places.push_back(at);
    ++m_count;
}

Status SpoolSegment::append(std::string_view line) {
    const ssize_t written = ::write(m_file->get(), line.data(), line.size());
    if (written == static_cast<ssize_t>(line.size())) {
        countLine(m_bytes);
        m_bytes += line.size();
        return {};
    }
    const int problem = written < 0 ? errno : ENOSPC;
    if (written > 0 && ::ftruncate(m_file->get(), static_cast<off_t>(m_bytes)) != 0)
        return failed(m_path, "repaired", errno);
    return failed(m_path, "written", problem);
}

Result<std::vector<std::string>> SpoolSegment::read(std::int64_t seq, std::int64_t limit, std::uint64_t bytes) const {
    std::vector<std::string> lines;
    if (seq < m_first || seq >= next())
        return lines;
    const auto place = static_cast<std::size_t>((seq - m_first) / placeEvery);
    std::uint64_t at = m_places[place];
    std::int64_t lineSeq = m_first + static_cast<std::int64_t>(place) * placeEvery;
    std::string buffer;
    std::uint64_t taken = 0;
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
            if (lineSeq++ >= seq) {
                lines.push_back(buffer.substr(start, end - start));
                taken += end - start;
                if (static_cast<std::int64_t>(lines.size()) >= limit || taken >= bytes)
                    return lines;
            }
            start = end + 1;
        }
        buffer.erase(0, start);
    }
    return lines;
}

} // namespace clawloops::gateway
