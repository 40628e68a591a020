// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace clawloops::stream {

struct ConnectionInfo {
    std::uint64_t id = 0; // given by the registry
    std::string user;
    std::string cell;
    std::string session; // hex SHA-256; empty where there is none
    std::string kind; // "http", "websocket", "model"
    std::string rid;
    WallTime since;
    std::optional<WallTime> until; // session expiry: cutExpired() closes it from then on
};

// Every open request or tunnel, by whom it belongs to. cut() calls each matching one's closer at once and does not wait for it
// to leave. Owns nothing of the connections.
class ConnectionRegistry {
public:
    struct Traffic {
        std::uint64_t in = 0;
        std::uint64_t out = 0;
    };
    // Registered while it lives. Must not outlive the registry.
    class Entry {
    public:
        Entry() = default;
        Entry(Entry&& other) noexcept : m_registry(std::exchange(other.m_registry, nullptr)), m_id(other.m_id) {}
        Entry& operator=(Entry&& other) noexcept;
        ~Entry();

    private:
        friend class ConnectionRegistry;
        Entry(ConnectionRegistry* registry, std::uint64_t id) : m_registry(registry), m_id(id) {}
        ConnectionRegistry* m_registry = nullptr;
        std::uint64_t m_id = 0;
    };
    struct Selector { // every field that is set must match; none set matches nothing
        std::optional<std::string> session;
        std::optional<std::string> user;
        std::optional<std::string> cell;
        [[nodiscard]] bool matches(const std::string& ofSession, const std::string& ofUser, const std::string& ofCell) const;
    };

    [[nodiscard]] Entry add(ConnectionInfo info, std::function<void()> closer, std::function<Traffic()> traffic = {});
    std::size_t cut(const Selector& selector);
    std::size_t cutExpired(WallTime now);
    [[nodiscard]] std::size_t size() const { return m_entries.size(); }
    [[nodiscard]] std::size_t openOfCell(const std::string& cell) const;
    [[nodiscard]] std::vector<std::pair<ConnectionInfo, Traffic>> list() const;
    // When the number of a cell's entries changed.
    void onCellChanged(std::function<void(const std::string& cell, const std::string& user, std::size_t open)> callback) {
        m_changed = std::move(callback);
    }

private:
    struct Item {
        ConnectionInfo info;
        std::function<void()> closer;
        std::function<Traffic()> traffic;
    };
    void remove(std::uint64_t id);
    template <class Predicate> std::size_t cutWhere(Predicate predicate);

    std::map<std::uint64_t, Item> m_entries;
    std::map<std::string, std::size_t> m_perCell;
    std::function<void(const std::string&, const std::string&, std::size_t)> m_changed;
    std::uint64_t m_lastId = 0;
};

} // namespace clawloops::stream
