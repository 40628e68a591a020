// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "wire/gateway_verbs.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clawloops::gateway {

// A file descriptor that closes itself; shared, because the syncing thread may still use one that the spool has left.
class FileHandle {
public:
    explicit FileHandle(int descriptor) : m_descriptor(descriptor) {}
    ~FileHandle();
    FileHandle(const FileHandle&) = delete;
    FileHandle& operator=(const FileHandle&) = delete;
    [[nodiscard]] int get() const { return m_descriptor; }

private:
    int m_descriptor;
};

// One file of the spool: events in the order of their seq, from first() on. Knows the place of each 64th, so that reading from the middle
// is cheap. A whole line that is no event, is not as it was written (its CRC says so) or is out of its order, is skipped and counted in the log, wherever it stands: one wrong
// line must not cost the ones after it. Its seq is taken all the same.
class SpoolSegment {
public:
    static std::filesystem::path pathOf(const std::filesystem::path& directory, std::int64_t first);
    static std::optional<std::int64_t> firstOf(const std::filesystem::path& path); // none: not a segment's name
    // Reads the file through. A last line without its end (a write that a crash broke off) is cut off.
    static Result<SpoolSegment> open(const std::filesystem::path& path, std::int64_t first);

    [[nodiscard]] std::int64_t first() const { return m_first; }
    [[nodiscard]] std::int64_t next() const { return m_next; } // seq after its last line
    [[nodiscard]] std::uint64_t bytes() const { return m_bytes; }
    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }
    [[nodiscard]] const std::shared_ptr<FileHandle>& file() const { return m_file; }

    // The event next() by one write. What a failed write left behind is cut off again.
    Status append(const gateway_verbs::UsageEvent& event);
    // Events from `seq` on, at most `limit`, until their lines use up `room`; at least one when there is one.
    [[nodiscard]] Result<std::vector<gateway_verbs::UsageEvent>> read(std::int64_t seq, std::int64_t limit, std::uint64_t& room) const;

private:
    struct Place {
        std::int64_t seq;
        std::uint64_t at;
    };
    void countEvent(std::int64_t seq, std::uint64_t at);
    // Where lines are lost, the numbers leap; by no more than there was room for before a line that ends there.
    [[nodiscard]] std::int64_t mostAt(std::uint64_t end) const { return m_first + static_cast<std::int64_t>(end); }

    std::filesystem::path m_path;
    std::shared_ptr<FileHandle> m_file;
    std::int64_t m_first = 1;
    std::int64_t m_next = 1;
    std::int64_t m_events = 0;
    std::uint64_t m_bytes = 0;
    std::vector<Place> m_places;
    std::string m_line; // the last one written; its memory serves the next
};

} // namespace clawloops::gateway
