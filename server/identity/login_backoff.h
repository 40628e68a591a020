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

// Slows guessing, per account and per address. Free failures: 5 an account, 20 an address (a family behind one router); then
// 1 s, doubling to 60 s an account and 300 s an address. A success forgets the account's failures, never the address's;
// an hour without a failure forgets both. Kept in memory, at most 20,000 names, the oldest are dropped. One thread.
class LoginBackoff {
public:
    explicit LoginBackoff(const Clock& clock) : m_clock(clock) {}

    // How long this sign-in has to wait; 0: go on, and it counts as failed until succeeded() is called, so that a hundred
    // guesses at once are not a hundred free ones.
    [[nodiscard]] std::chrono::seconds begin(std::string_view account, std::string_view address);
    void succeeded(std::string_view account, std::string_view address);

private:
    struct Entry {
        std::string key;
        int failures = 0;
        SteadyTime last;
        SteadyTime until;
    };
    Entry* find(const std::string& key);
    void count(const std::string& key, int free, std::chrono::seconds longest);

    const Clock& m_clock;
    std::list<Entry> m_entries; // newest first
    std::unordered_map<std::string, std::list<Entry>::iterator> m_byKey;
};

} // namespace clawloops::identity
