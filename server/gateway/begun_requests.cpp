// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/begun_requests.h"

#include "base/files.h"
#include "base/log.h"
#include "gateway/spool_line.h"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace clawloops::gateway {
namespace {

constexpr Log log("spool");

Error failed(std::string_view why) {
    return {ErrorCode::Unavailable, "What is under way cannot be written down in the usage spool: " + std::string(why) + ".", {}};
}

} // namespace

Result<BegunRequests> BegunRequests::open(const std::filesystem::path& path) {
    BegunRequests begun;
    begun.m_file = std::make_shared<FileHandle>(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (begun.m_file->get() < 0)
        return failed(systemReason(errno));
    const auto text = readFile(path);
    if (!text)
        return text.error();
    begun.m_places = (text->size() + placeBytes - 1) / placeBytes;
    std::int64_t damaged = 0;
    for (Place place = begun.m_places; place-- > 0;) {
        const std::string_view all = std::string_view(*text).substr(place * placeBytes, placeBytes);
        const std::string_view line = all.substr(0, all.find('\n'));
        if (auto event = eventOfSpoolLine(line)) {
            begun.m_found.push_back({place, std::move(*event)});
            continue;
        }
        damaged += line.empty() ? 0 : 1;
        begun.m_free.push_back(place);
    }
    if (damaged > 0)
        log.error("requests that were under way cannot be read any more", {}, {{"file", path.filename().string()}, {"requests", damaged}});
    return begun;
}

Status BegunRequests::write(Place place, std::string_view text) {
    const ssize_t written = ::pwrite(m_file->get(), text.data(), text.size(), static_cast<off_t>(place * placeBytes));
    if (written != static_cast<ssize_t>(text.size()))
        return failed(systemReason(written < 0 ? errno : ENOSPC));
    return {};
}

Result<BegunRequests::Place> BegunRequests::begin(const gateway_verbs::UsageEvent& event) {
    const bool reused = !m_free.empty();
    const Place place = reused ? m_free.back() : m_places;
    if (const Status status = change(place, event); !status)
        return status.error();
    if (reused)
        m_free.pop_back();
    else
        ++m_places;
    return place;
}

Status BegunRequests::change(Place place, const gateway_verbs::UsageEvent& event) {
    m_line.clear();
    appendSpoolLine(m_line, event);
    m_line += '\n';
    if (m_line.size() > placeBytes)
        return failed("its names are too long");
    return write(place, m_line);
}

void BegunRequests::end(Place place) {
    if (const Status status = write(place, "\n"); !status) {
        log.error(status.error().message); // not used again: it would hide what stands there
        return;
    }
    m_free.push_back(place);
}

} // namespace clawloops::gateway
