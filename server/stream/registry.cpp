// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "stream/registry.h"

namespace clawloops::stream {

ConnectionRegistry::Entry& ConnectionRegistry::Entry::operator=(Entry&& other) noexcept {
    if (this != &other) {
        if (m_registry)
            m_registry->remove(m_id);
        m_registry = std::exchange(other.m_registry, nullptr);
        m_id = other.m_id;
    }
    return *this;
}

ConnectionRegistry::Entry::~Entry() {
    if (m_registry)
        m_registry->remove(m_id);
}

ConnectionRegistry::Entry ConnectionRegistry::add(ConnectionInfo info, std::function<void()> closer, std::function<Traffic()> traffic) {
    info.id = ++m_lastId;
    const std::string cell = info.cell;
    const std::string user = info.user;
    const std::size_t open = ++m_perCell[cell];
    m_entries.emplace(info.id, Item{std::move(info), std::move(closer), std::move(traffic)});
    if (m_changed)
        m_changed(cell, user, open);
    return Entry(this, m_lastId);
}

void ConnectionRegistry::remove(std::uint64_t id) {
    const auto found = m_entries.find(id);
    if (found == m_entries.end())
        return;
    const std::string cell = found->second.info.cell;
    const std::string user = found->second.info.user;
    m_entries.erase(found);
    const auto count = m_perCell.find(cell);
    const std::size_t open = --count->second;
    if (open == 0)
        m_perCell.erase(count);
    if (m_changed)
        m_changed(cell, user, open);
}

template <class Predicate> std::size_t ConnectionRegistry::cutWhere(Predicate predicate) {
    std::vector<std::function<void()>> closers; // called afterwards: they may remove entries
    for (const auto& [id, item] : m_entries)
        if (predicate(item.info))
            closers.push_back(item.closer);
    for (const auto& close : closers)
        close();
    return closers.size();
}

bool ConnectionRegistry::Selector::matches(const std::string& ofSession, const std::string& ofUser, const std::string& ofCell) const {
    return (session || user || cell) && (!session || *session == ofSession) && (!user || *user == ofUser) && (!cell || *cell == ofCell);
}

std::size_t ConnectionRegistry::cut(const Selector& selector) {
    return cutWhere([&](const ConnectionInfo& info) { return selector.matches(info.session, info.user, info.cell); });
}

std::size_t ConnectionRegistry::cutExpired(WallTime now) {
    return cutWhere([&](const ConnectionInfo& info) { return info.until && *info.until <= now; });
}

std::size_t ConnectionRegistry::openOfCell(const std::string& cell) const {
    const auto found = m_perCell.find(cell);
    return found == m_perCell.end() ? 0 : found->second;
}

std::vector<std::pair<ConnectionInfo, ConnectionRegistry::Traffic>> ConnectionRegistry::list() const {
    std::vector<std::pair<ConnectionInfo, Traffic>> all;
    all.reserve(m_entries.size());
    for (const auto& [id, item] : m_entries)
        all.emplace_back(item.info, item.traffic ? item.traffic() : Traffic());
    return all;
}

} // namespace clawloops::stream
