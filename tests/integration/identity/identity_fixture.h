// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "identity/identity_service.h"
#include "support/open_database.h"

#include <QTest>

namespace clawloops::test {

// Identity over a fresh database, with a clock of the test's own and cheap hashes.
struct IdentityFixture {
    explicit IdentityFixture(ThrowawayPostgres& postgres)
        : database(openFresh(postgres)), listener(postgres.url(), "clawloops"), hasher({10, 8, 1}),
          sessions(*database, listener, clock, limits), service({*database, hasher, sessions, clock, limits}) {
        listener.start();
        loaded = await<void>([this](auto done) { sessions.load(&sessions, done); }).ok();
    }

    identity::SignInContext context(bool bearer = false) const { return {{{}, {}, "192.0.2.1", "req_test"}, bearer, {}}; }

    // The first admin, signed in: who invites from then on.
    Result<identity::SignedIn> bootstrap() {
        auto token = await<std::optional<Secret>>([this](auto done) { service.openBootstrap(&sessions, done); });
        if (!token)
            return token.error();
        auto ada = await<identity::SignedIn>([&](auto done) { service.acceptBootstrap(**token, "ada", adminPassword, context(), &sessions, done); });
        if (ada)
            admin.userId = ada->user.id;
        return ada;
    }
    Result<identity::NewInvitation> invite(const std::string& name, identity::Role role = identity::Role::User) {
        if (admin.userId.empty())
            if (auto ada = bootstrap(); !ada)
                return ada.error();
        return await<identity::NewInvitation>([&](auto done) { service.invite(name, role, admin, &sessions, done); });
    }
    Result<identity::SignedIn> accept(const Secret& token, const std::string& name, const Secret& password) {
        return await<identity::SignedIn>([&](auto done) { service.acceptInvitation(token, name, password, context(), &sessions, done); });
    }
    Result<identity::SignedIn> member(const std::string& name, identity::Role role = identity::Role::User) {
        auto made = invite(name, role);
        return made ? accept(made->token, name, userPassword) : Result<identity::SignedIn>(made.error());
    }
    Result<identity::SignedIn> login(const std::string& name, const Secret& password, const identity::SignInContext& how) {
        return await<identity::SignedIn>([&](auto done) { service.login(name, password, how, &sessions, done); });
    }
    Result<identity::User> setStatus(const std::string& userId, identity::UserStatus status) {
        return await<identity::User>([&](auto done) { service.setStatus(userId, status, admin, &sessions, done); });
    }
    identity::SessionIndex::Verdict verdict(const Secret& token, identity::SessionKind kind = identity::SessionKind::Portal) {
        return sessions.find(token, kind).verdict;
    }

    const Secret adminPassword{"gravel kettle noon orbit"};
    const Secret userPassword{"violet anchor mango stair"};
    store::Actor admin{{}, "ada", "192.0.2.1", "req_test"};
    identity::SessionLimits limits;
    ManualClock clock{std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())};
    std::unique_ptr<store::Database> database;
    store::Listener listener;
    identity::PasswordHasher hasher;
    identity::SessionIndex sessions;
    identity::IdentityService service;
    bool loaded = false;
};

} // namespace clawloops::test
