// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "identity/login_backoff.h"

#include <algorithm>
#include <arpa/inet.h>
#include <netinet/in.h>

namespace clawloops::identity {

namespace {
constexpr std::size_t mostEntries = 20'000;
constexpr int freeForPair = 5;
constexpr int freeForAddress = 20;
constexpr int freeForAccount = 10;
constexpr int freeForChange = 5;
constexpr std::chrono::seconds longestForPair{60};
constexpr std::chrono::seconds longestForAddress{300};
constexpr std::chrono::seconds longestForAccount{2};
constexpr std::chrono::seconds longestForChange{60};
constexpr std::chrono::hours forgottenAfter{1};
constexpr std::chrono::hours knownFor{30 * 24};

std::string accountKey(std::string_view account) { return "u" + std::string(account.substr(0, 64)); }
std::string addressKey(std::string_view address) { return "a" + addressGroup(address); }
std::string pairKey(std::string_view account, std::string_view address) {
    return "p" + addressGroup(address) + " " + std::string(account.substr(0, 64)); // no address has a blank
}
std::string changeKey(std::string_view session) { return "c" + std::string(session.substr(0, 64)); }
} // namespace

std::string addressGroup(std::string_view address) {
    const std::string text(address.substr(0, 64));
    in6_addr six{};
    if (::inet_pton(AF_INET6, text.substr(0, text.find('%')).c_str(), &six) != 1)
        return text;
    char written[INET6_ADDRSTRLEN] = "";
    if (IN6_IS_ADDR_V4MAPPED(&six)) {
        ::inet_ntop(AF_INET, six.s6_addr + 12, written, sizeof written);
        return written;
    }
    std::fill(six.s6_addr + 8, six.s6_addr + 16, std::uint8_t(0));
    ::inet_ntop(AF_INET6, &six, written, sizeof written);
    return std::string(written) + "/64";
}

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

std::chrono::seconds LoginBackoff::waitOf(const std::string& key) {
    const Entry* entry = find(key);
    const SteadyTime now = m_clock.steadyNow();
    return entry && entry->until > now ? std::chrono::ceil<std::chrono::seconds>(entry->until - now) : std::chrono::seconds(0);
}

bool LoginBackoff::isKnown(const std::string& pair) const {
    const auto found = m_known.find(pair);
    return found != m_known.end() && m_clock.steadyNow() - found->second < knownFor;
}

std::chrono::seconds LoginBackoff::begin(std::string_view account, std::string_view address) {
    const std::string pair = pairKey(account, address);
    auto wait = std::max(waitOf(pair), waitOf(addressKey(address)));
    if (!isKnown(pair))
        wait = std::max(wait, waitOf(accountKey(account)));
    if (wait.count() > 0)
        return wait;
    count(pair, freeForPair, longestForPair);
    count(addressKey(address), freeForAddress, longestForAddress);
    count(accountKey(account), freeForAccount, longestForAccount);
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

void LoginBackoff::forget(const std::string& key) {
    if (const auto found = m_byKey.find(key); found != m_byKey.end()) {
        m_entries.erase(found->second);
        m_byKey.erase(found);
    }
}

void LoginBackoff::succeeded(std::string_view account, std::string_view address) {
    forget(pairKey(account, address));
    forget(accountKey(account));
    if (Entry* entry = find(addressKey(address)); entry && entry->failures > 0 && --entry->failures < freeForAddress)
        entry->until = m_clock.steadyNow();
    if (m_known.size() >= mostEntries)
        m_known.erase(std::min_element(m_known.begin(), m_known.end(), [](const auto& a, const auto& b) { return a.second < b.second; }));
    m_known[pairKey(account, address)] = m_clock.steadyNow();
}

std::chrono::seconds LoginBackoff::beginChange(std::string_view session) {
    const auto wait = waitOf(changeKey(session));
    if (wait.count() == 0)
        count(changeKey(session), freeForChange, longestForChange);
    return wait;
}

void LoginBackoff::changed(std::string_view session) { forget(changeKey(session)); }

} // namespace clawloops::identity
