// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "identity/login_backoff.h"

#include <algorithm>

namespace clawloops::identity {

namespace {
constexpr std::size_t mostEntries = 20'000;
constexpr int freeForAccount = 5;
constexpr int freeForAddress = 20;
constexpr std::chrono::seconds longestForAccount{60};
constexpr std::chrono::seconds longestForAddress{300};
constexpr std::chrono::hours forgottenAfter{1};

std::string accountKey(std::string_view account) { return "u" + std::string(account.substr(0, 64)); }
std::string addressKey(std::string_view address) { return "a" + std::string(address.substr(0, 64)); }
} // namespace

LoginBackoff::Entry* LoginBackoff::find(const std::string& key) {
    const auto found = m_byKey.find(key);
    if (found == m_byKey.end())
        return nullptr;
    if (m_clock.steadyNow() - found->second->last >= forgottenAfter) {
        m_entries.erase(found->second);
        m_byKey.erase(found);
        return nullptr;
    }
    return &*found->second;
}

std::chrono::seconds LoginBackoff::begin(std::string_view account, std::string_view address) {
    const SteadyTime now = m_clock.steadyNow();
    SteadyTime until = now;
    for (const std::string& key : {accountKey(account), addressKey(address)})
        if (const Entry* entry = find(key))
            until = std::max(until, entry->until);
    if (until > now)
        return std::chrono::ceil<std::chrono::seconds>(until - now);
    count(accountKey(account), freeForAccount, longestForAccount);
    count(addressKey(address), freeForAddress, longestForAddress);
    return std::chrono::seconds(0);
}

void LoginBackoff::count(const std::string& key, int free, std::chrono::seconds longest) {
    const SteadyTime now = m_clock.steadyNow();
    if (!find(key)) {
        m_entries.push_front(Entry{key, 0, now, now});
        m_byKey[key] = m_entries.begin();
        if (m_entries.size() > mostEntries) {
            m_byKey.erase(m_entries.back().key);
            m_entries.pop_back();
        }
    }
    const auto entry = m_byKey[key];
    m_entries.splice(m_entries.begin(), m_entries, entry);
    entry->last = now;
    ++entry->failures;
    if (entry->failures >= free)
        entry->until = now + std::min(longest, std::chrono::seconds(std::int64_t(1) << std::min(entry->failures - free, 20)));
}

void LoginBackoff::succeeded(std::string_view account, std::string_view address) {
    if (const auto found = m_byKey.find(accountKey(account)); found != m_byKey.end()) {
        m_entries.erase(found->second);
        m_byKey.erase(found);
    }
    if (Entry* entry = find(addressKey(address)); entry && entry->failures > 0 && --entry->failures < freeForAddress)
        entry->until = m_clock.steadyNow();
}

} // namespace clawloops::identity
