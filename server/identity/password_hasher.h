// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "base/secret.h"

#include <QObject>
#include <QPointer>

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace clawloops::identity {

// Cost of scrypt. The defaults are OWASP's: 2^17 * 8 * 128 bytes = 128 MiB and about 0.4 s each. Tests lower it.
struct ScryptCost {
    int logN = 17;
    int r = 8;
    int p = 1;
};

// "$scrypt$ln=17,r=8,p=1$<salt>$<hash>", base64url: the text says all that verifying needs. These block; see PasswordHasher.
[[nodiscard]] std::string hashPassword(const Secret& password, ScryptCost cost);
// false also for a text that is no hash of ours or that asks for more than 1 GiB.
[[nodiscard]] bool verifyPassword(const Secret& password, std::string_view hash);

// Threads that hash, so that no event loop does and memory stays bounded: `threads` hashes at once, at most `longestQueue`
// waiting; beyond that RateLimited. Callbacks run on the creator's thread unless the guard (of that thread) has died.
class PasswordHasher : public QObject {
    Q_OBJECT
public:
    explicit PasswordHasher(ScryptCost cost = {}, int threads = 2, int longestQueue = 64, QObject* parent = nullptr);
    ~PasswordHasher() override;

    void hash(const Secret& password, QObject* guard, std::function<void(Result<std::string>)> done);
    // `storedHash` empty: nobody of that name; the same work is done against a hash nothing matches, and the answer is false.
    void verify(const Secret& password, const std::string& storedHash, QObject* guard, std::function<void(Result<bool>)> done);
    [[nodiscard]] ScryptCost cost() const { return m_cost; }

private:
    struct Work {
        std::function<void()> compute; // on a hashing thread
        std::function<void()> deliver; // on the creator's thread
        QPointer<QObject> guard;
    };
    [[nodiscard]] bool enqueue(Work work);
    void serve();

    ScryptCost m_cost;
    std::size_t m_longestQueue;
    std::string m_nobodysHash;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<Work> m_queue;
    bool m_stopping = false;
    std::vector<std::thread> m_threads;
};

} // namespace clawloops::identity
