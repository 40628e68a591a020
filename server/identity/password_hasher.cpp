// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "identity/password_hasher.h"

#include "base/digest.h"
#include "base/random.h"
#include "identity/password_policy.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>

namespace clawloops::identity {

namespace {

constexpr std::uint64_t mostMemory = std::uint64_t(1) << 30;
constexpr std::size_t hashBytes = 32;
constexpr std::size_t saltBytes = 16;

struct Parsed {
    ScryptCost cost;
    std::string salt;
    std::string hash;
};

bool isSane(const ScryptCost& cost) {
    return cost.logN >= 1 && cost.logN <= 24 && cost.r >= 1 && cost.r <= 32 && cost.p >= 1 && cost.p <= 16 &&
           (std::uint64_t(128) << cost.logN) * static_cast<std::uint64_t>(cost.r) <= mostMemory;
}

std::optional<Parsed> parse(std::string_view text) {
    Parsed parsed;
    int used = 0;
    const std::string copy(text);
    if (std::sscanf(copy.c_str(), "$scrypt$ln=%2d,r=%2d,p=%2d$%n", &parsed.cost.logN, &parsed.cost.r, &parsed.cost.p, &used) != 3 ||
        used == 0 || !isSane(parsed.cost))
        return std::nullopt;
    const std::string_view rest = std::string_view(copy).substr(static_cast<std::size_t>(used));
    const auto middle = rest.find('$');
    if (middle == std::string_view::npos)
        return std::nullopt;
    auto salt = base64UrlDecode(rest.substr(0, middle));
    auto hash = base64UrlDecode(rest.substr(middle + 1));
    if (!salt || !hash || hash->size() != hashBytes)
        return std::nullopt;
    parsed.salt = std::move(*salt);
    parsed.hash = std::move(*hash);
    return parsed;
}

// Through EVP_KDF. A failure there is one of memory: nothing can go on without it.
std::string derive(const Secret& password, const std::string& salt, const ScryptCost& cost) {
    const Secret normal = normalisedPassword(password);
    const std::unique_ptr<EVP_KDF, decltype(&EVP_KDF_free)> kdf(EVP_KDF_fetch(nullptr, "SCRYPT", nullptr), &EVP_KDF_free);
    const std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)> context(EVP_KDF_CTX_new(kdf.get()), &EVP_KDF_CTX_free);
    std::uint64_t n = std::uint64_t(1) << cost.logN;
    auto r = static_cast<std::uint32_t>(cost.r);
    auto p = static_cast<std::uint32_t>(cost.p);
    std::uint64_t memory = mostMemory + (mostMemory >> 3);
    const std::string_view text = normal.reveal();
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_PASSWORD, const_cast<char*>(text.data()), text.size()),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, const_cast<char*>(salt.data()), salt.size()),
        OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_N, &n),
        OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_R, &r),
        OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_P, &p),
        OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_MAXMEM, &memory),
        OSSL_PARAM_construct_end(),
    };
    std::string out(hashBytes, '\0');
    if (!context || EVP_KDF_derive(context.get(), reinterpret_cast<unsigned char*>(out.data()), out.size(), params) != 1) {
        std::fputs("scrypt failed: out of memory\n", stderr);
        std::abort();
    }
    return out;
}

std::string describe(const ScryptCost& cost, const std::string& salt, const std::string& hash) {
    return "$scrypt$ln=" + std::to_string(cost.logN) + ",r=" + std::to_string(cost.r) + ",p=" + std::to_string(cost.p) + "$" +
           base64UrlEncode(salt) + "$" + base64UrlEncode(hash);
}

Error tooMany() {
    return {ErrorCode::RateLimited, "Too many people sign in at this moment. Try again in a few seconds.", "hash queue"};
}

} // namespace

std::string hashPassword(const Secret& password, ScryptCost cost) {
    const std::string salt = randomBytes(saltBytes);
    return describe(cost, salt, derive(password, salt, cost));
}

bool verifyPassword(const Secret& password, std::string_view hash) {
    const auto parsed = parse(hash);
    return parsed && equalInConstantTime(derive(password, parsed->salt, parsed->cost), parsed->hash);
}

PasswordHasher::PasswordHasher(ScryptCost cost, int threads, int longestQueue, QObject* parent)
    : QObject(parent), m_cost(cost), m_longestQueue(static_cast<std::size_t>(longestQueue)),
      m_nobodysHash(describe(cost, randomBytes(saltBytes), randomBytes(hashBytes))) {
    for (int i = 0; i < threads; ++i)
        m_threads.emplace_back([this] { serve(); });
}

PasswordHasher::~PasswordHasher() {
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
        m_queue.clear();
    }
    m_wake.notify_all();
    for (std::thread& thread : m_threads)
        thread.join();
}

void PasswordHasher::hash(const Secret& password, QObject* guard, std::function<void(Result<std::string>)> done) {
    auto outcome = std::make_shared<std::string>();
    if (!enqueue({[outcome, password, cost = m_cost] { *outcome = hashPassword(password, cost); },
                  [outcome, done] { done(std::move(*outcome)); }, guard}))
        QMetaObject::invokeMethod(guard, [done] { done(tooMany()); }, Qt::QueuedConnection);
}

void PasswordHasher::verify(const Secret& password, const std::string& storedHash, QObject* guard, std::function<void(Result<bool>)> done) {
    auto outcome = std::make_shared<bool>(false);
    // Nobody's hash costs what a real one does, so the time does not tell whether the name exists.
    const std::string against = storedHash.empty() ? m_nobodysHash : storedHash;
    if (!enqueue({[outcome, password, against] { *outcome = verifyPassword(password, against); },
                  [outcome, done] { done(*outcome); }, guard}))
        QMetaObject::invokeMethod(guard, [done] { done(tooMany()); }, Qt::QueuedConnection);
}

bool PasswordHasher::enqueue(Work work) {
    {
        const std::lock_guard lock(m_mutex);
        if (m_queue.size() >= m_longestQueue)
            return false;
        m_queue.push_back(std::move(work));
    }
    m_wake.notify_one();
    return true;
}

void PasswordHasher::serve() {
    while (true) {
        Work work;
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, [this] { return m_stopping || !m_queue.empty(); });
            if (m_stopping)
                return;
            work = std::move(m_queue.front());
            m_queue.pop_front();
        }
        work.compute();
        QMetaObject::invokeMethod(
            this,
            [guard = work.guard, deliver = std::move(work.deliver)] {
                if (guard)
                    deliver();
            },
            Qt::QueuedConnection);
    }
}

} // namespace clawloops::identity
