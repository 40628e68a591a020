// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"

#include <chrono>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

namespace clawloops::identity {

// Slows guessing, and lets nobody keep somebody else from signing in by guessing badly on purpose.
//
// | counted by                  | free failures | then 1 s, doubling to |
// | account from this address   |  5            | 60 s                  |
// | address, whatever account   | 20 (a family behind one router) | 300 s |
// | account, whatever address   | 10            | 2 s; not for an address from which it signed in within 30 days |
// | session changing its password | 5           | 60 s; by nothing else, so that others cannot delay it |
//
// An address is a whole /64 with IPv6, as one machine has all of that. A success forgets the account's failures, never the
// address's; an hour without a failure forgets all. Kept in memory, at most 20,000 names, the oldest are dropped. One thread.
class LoginBackoff {
public:
    explicit LoginBackoff(const Clock& clock) : m_clock(clock) {}

    // How long this sign-in has to wait; 0: go on, and it counts as failed until succeeded() is called, so that a hundred
    // guesses at once are not a hundred free ones.
    [[nodiscard]] std::chrono::seconds begin(std::string_view account, std::string_view address);
    void succeeded(std::string_view account, std::string_view address);

    // The same for the current password that a signed-in session has to give.
    [[nodiscard]] std::chrono::seconds beginChange(std::string_view session);
    void changed(std::string_view session);

private:
    struct Entry {
        std::string key;
        int failures = 0;
        SteadyTime last;
        SteadyTime until;
    };
    Entry* find(const std::string& key);
    [[nodiscard]] std::chrono::seconds waitOf(const std::string& key);
    void count(const std::string& key, int free, std::chrono::seconds longest);
    void forget(const std::string& key);
    [[nodiscard]] bool isKnown(const std::string& pair) const;

    const Clock& m_clock;
    std::list<Entry> m_entries; // newest first
    std::unordered_map<std::string, std::list<Entry>::iterator> m_byKey;
    std::unordered_map<std::string, SteadyTime> m_known; // account and address → the last success
};

// What counts as one address: an IPv4 address (also when it is written as IPv6), the /64 of an IPv6 one, else the text.
[[nodiscard]] std::string addressGroup(std::string_view address);

} // namespace clawloops::identity
