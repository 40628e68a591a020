// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "gateway/spool_segment.h"
#include "wire/gateway_verbs.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace clawloops::gateway {

// The requests that are under way, in one file of places of one size: what is to be booked of each, should this process end before it does.
// A place is used again once its request has ended, so that the file is as long as there were ever requests at once, and what has
// a place needs no more of the disk. A place that is damaged is logged and free. One thread.
class BegunRequests {
public:
    static constexpr std::size_t placeBytes = 4096; // one page: written as a whole, or not at all
    using Place = std::size_t;
    struct Found {
        Place place;
        gateway_verbs::UsageEvent event;
    };

    static Result<BegunRequests> open(const std::filesystem::path& path);
    [[nodiscard]] const std::vector<Found>& found() const { return m_found; } // at open: theirs was another process
    [[nodiscard]] Result<Place> begin(const gateway_verbs::UsageEvent& event);
    [[nodiscard]] Status change(Place place, const gateway_verbs::UsageEvent& event);
    void end(Place place); // after its event is on the disk
    [[nodiscard]] const std::shared_ptr<FileHandle>& file() const { return m_file; }

private:
    Status write(Place place, std::string_view text);

    std::shared_ptr<FileHandle> m_file;
    std::vector<Found> m_found;
    std::vector<Place> m_free;
    Place m_places = 0;
    std::string m_line; // the last one written; its memory serves the next
};

} // namespace clawloops::gateway
