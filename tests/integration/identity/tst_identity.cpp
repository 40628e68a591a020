// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "identity_fixture.h"

#include <QSignalSpy>
#include <QTest>

using namespace clawloops;
using namespace clawloops::identity;
using clawloops::test::await;
using Verdict = SessionIndex::Verdict;

class TestIdentity : public QObject {
    Q_OBJECT

    test::ThrowawayPostgres m_postgres;
    std::unique_ptr<test::IdentityFixture> m_on;

    QString sql(const char* command) const { return m_postgres.sql(QString::fromLatin1(command)); }

private Q_SLOTS:
    void init() {
        QVERIFY2(m_postgres.ok(), qPrintable(m_postgres.problem()));
        m_on = std::make_unique<test::IdentityFixture>(m_postgres);
        QVERIFY(m_on->loaded);
    }
    void cleanup() { m_on.reset(); }

    // --- the first admin
    void theBootstrapLinkMakesOneAdminOnce() {
        auto token = await<std::optional<Secret>>([this](auto done) { m_on->service.openBootstrap(this, done); });
        QVERIFY(token.ok() && token->has_value());
        const auto use = [&] {
            return await<SignedIn>([&](auto done) { m_on->service.acceptBootstrap(**token, "ada", m_on->adminPassword, m_on->context(), this, done); });
        };
        auto first = use();
        QVERIFY(first.ok());
        QVERIFY(first->user.isAdmin());
        QCOMPARE(m_on->verdict(first->portal), Verdict::Live);
        QCOMPARE(use().error().code, ErrorCode::InvitationAlreadyConsumed);
        auto again = await<std::optional<Secret>>([this](auto done) { m_on->service.openBootstrap(this, done); });
        QVERIFY(again.ok() && !again->has_value());
        QCOMPARE(sql("SELECT count(*) FROM users"), QStringLiteral("1"));
    }

    void theBootstrapLinkExpiresAndAnewOneVoidsTheOld() {
        auto token = await<std::optional<Secret>>([this](auto done) { m_on->service.openBootstrap(this, done); });
        const auto use = [&](const Secret& secret) {
            return await<SignedIn>([&](auto done) { m_on->service.acceptBootstrap(secret, "ada", m_on->adminPassword, m_on->context(), this, done); });
        };
        m_on->clock.advance(std::chrono::minutes(31));
        QCOMPARE(use(**token).error().code, ErrorCode::InvitationExpired);
        auto newer = await<std::optional<Secret>>([this](auto done) { m_on->service.openBootstrap(this, done); });
        QCOMPARE(use(**token).error().code, ErrorCode::InvitationRevoked);
        QVERIFY(use(**newer).ok());
    }

    void aGuessedLinkIsNotFound() {
        (void)await<std::optional<Secret>>([this](auto done) { m_on->service.openBootstrap(this, done); });
        auto outcome = await<SignedIn>([&](auto done) { m_on->service.acceptBootstrap(Secret("x"), "ada", m_on->adminPassword, m_on->context(), this, done); });
        QCOMPARE(outcome.error().code, ErrorCode::InvitationNotFound);
    }

    // --- invitations
    void anInvitationIsForItsUsernameAndForOnce() {
        auto made = m_on->invite("bob");
        QVERIFY(made.ok());
        QCOMPARE(m_on->accept(made->token, "eve", m_on->userPassword).error().code, ErrorCode::InvitationUsernameMismatch);
        QCOMPARE(m_on->accept(made->token, "bob", Secret("short")).error().code, ErrorCode::InvitationPasswordInvalid);
        auto accepted = m_on->accept(made->token, "", m_on->userPassword);
        QVERIFY(accepted.ok());
        QCOMPARE(accepted->user.username, std::string("bob"));
        QVERIFY(!accepted->user.isAdmin());
        QCOMPARE(m_on->accept(made->token, "bob", m_on->userPassword).error().code, ErrorCode::InvitationAlreadyConsumed);
    }

    void anInvitationAcceptedTwiceAtOnceMakesOneUser() {
        auto made = m_on->invite("bob");
        int fine = 0;
        int refused = 0;
        int other = 0;
        for (int i = 0; i < 6; ++i)
            m_on->service.acceptInvitation(made->token, "bob", m_on->userPassword, m_on->context(), this, [&](const Result<SignedIn>& outcome) {
                if (outcome)
                    ++fine;
                else if (outcome.error().code == ErrorCode::InvitationAlreadyConsumed)
                    ++refused;
                else
                    ++other;
            });
        QTRY_COMPARE_WITH_TIMEOUT(fine + refused + other, 6, 60'000);
        QCOMPARE(fine, 1);
        QCOMPARE(refused, 5);
        QCOMPARE(sql("SELECT count(*) FROM users WHERE role = 'user'"), QStringLiteral("1"));
        QCOMPARE(sql("SELECT count(*) FROM sessions, users WHERE users.id = user_id AND role = 'user'"), QStringLiteral("2"));
    }

    void aRevokedAnExpiredAndAResentLinkSayWhatTheyAre() {
        auto first = m_on->invite("bob");
        QVERIFY(await<Invitation>([&](auto done) { m_on->service.revokeInvitation(first->invitation.id, m_on->admin, this, done); }).ok());
        QCOMPARE(m_on->accept(first->token, "bob", m_on->userPassword).error().code, ErrorCode::InvitationRevoked);

        auto second = m_on->invite("bob");
        QVERIFY(second.ok());
        m_on->clock.advance(std::chrono::hours(24 * 8));
        QCOMPARE(m_on->accept(second->token, "bob", m_on->userPassword).error().code, ErrorCode::InvitationExpired);
        auto resent = await<NewInvitation>([&](auto done) { m_on->service.resendInvitation(second->invitation.id, m_on->admin, this, done); });
        QVERIFY(resent.ok());
        QCOMPARE(m_on->accept(second->token, "bob", m_on->userPassword).error().code, ErrorCode::InvitationNotFound);
        auto shown = await<Invitation>([&](auto done) { m_on->service.showInvitation(resent->token, this, done); });
        QVERIFY(shown.ok() && shown->status == InvitationStatus::Pending && shown->username == "bob");
        QVERIFY(m_on->accept(resent->token, "bob", m_on->userPassword).ok());
    }

    void aDisabledAdminDoesNotComeBackByAnInvitation() {
        QVERIFY(m_on->bootstrap().ok());
        const std::string ada = m_on->admin.userId;
        const auto eve = m_on->member("eve", Role::Admin);
        const auto resend = [&](const NewInvitation& made) {
            return await<NewInvitation>([&](auto done) { m_on->service.resendInvitation(made.invitation.id, m_on->admin, this, done); });
        };
        const auto adasOwn = m_on->invite("bob");
        const auto ofBoth = m_on->invite("carl");
        m_on->admin.userId = eve->user.id;
        const auto again = m_on->invite("eve-again", Role::Admin);
        const auto friendly = m_on->invite("mallory");
        const auto ofBothNow = resend(*ofBoth); // eve has its link now
        const auto handedOver = m_on->invite("dora");
        m_on->admin.userId = ada;
        const auto handedOverNow = resend(*handedOver); // and not this one's any more
        QVERIFY(ofBothNow.ok() && handedOverNow.ok());

        QSignalSpy changed(&m_on->service, &IdentityService::invitationChanged);
        QVERIFY(m_on->setStatus(eve->user.id, UserStatus::Disabled).ok());
        QCOMPARE(changed.count(), 3);
        QCOMPARE(sql("SELECT count(*) FROM audit_log WHERE action = 'invitation.revoke'"), QStringLiteral("3"));
        for (const UserStatus after : {UserStatus::Disabled, UserStatus::Active}) { // nor later
            QVERIFY(m_on->setStatus(eve->user.id, after).ok());
            QCOMPARE(m_on->accept(again->token, "eve-again", m_on->userPassword).error().code, ErrorCode::InvitationRevoked);
            QCOMPARE(m_on->accept(friendly->token, "mallory", m_on->userPassword).error().code, ErrorCode::InvitationRevoked);
            QCOMPARE(m_on->accept(ofBothNow->token, "carl", m_on->userPassword).error().code, ErrorCode::InvitationRevoked);
        }
        QVERIFY(m_on->accept(adasOwn->token, "bob", m_on->userPassword).ok());
        QVERIFY(m_on->accept(handedOverNow->token, "dora", m_on->userPassword).ok());
    }

    void anInvitationThatOvertookItsAdminsEndIsWorthNothing() {
        const auto bob = m_on->member("bob");
        const auto eve = m_on->member("eve", Role::Admin);
        QVERIFY(m_on->setStatus(eve->user.id, UserStatus::Disabled).ok());
        m_on->admin.userId = eve->user.id; // asked for before, written after
        const auto late = m_on->invite("mallory");
        QVERIFY(late.ok());
        QCOMPARE(m_on->accept(late->token, "mallory", m_on->userPassword).error().code, ErrorCode::InvitationRevoked);
        m_on->admin.userId = bob->user.id; // who is no admin
        const auto above = m_on->invite("bob-as-admin", Role::Admin);
        QVERIFY(above.ok());
        QCOMPARE(m_on->accept(above->token, "bob-as-admin", m_on->userPassword).error().code, ErrorCode::InvitationRevoked);
    }

    void aTakenOrImpossibleNameCannotBeInvited() {
        QVERIFY(m_on->member("bob").ok());
        QCOMPARE(m_on->invite("bob").error().code, ErrorCode::InvalidRequest);
        QCOMPARE(m_on->invite("../bob").error().code, ErrorCode::InvalidRequest);
        QVERIFY(m_on->invite("eve").ok());
        QCOMPARE(m_on->invite("eve").error().code, ErrorCode::InvalidRequest);
    }

    // --- sign-in
    void everyLoginIsANewSessionAndReplacesTheOneItCameWith() {
        auto member = m_on->member("bob");
        SignInContext how = m_on->context();
        how.replacesSession = m_on->sessions.find(member->portal, SessionKind::Portal).session.hash;
        QSignalSpy ended(&m_on->sessions, &SessionIndex::sessionsEnded);
        auto next = m_on->login("bob", m_on->userPassword, how);
        QVERIFY(next.ok());
        QVERIFY(!next->portal.equals(member->portal));
        QCOMPARE(m_on->verdict(member->portal), Verdict::Unknown);
        QCOMPARE(m_on->verdict(member->workspace, SessionKind::Workspace), Verdict::Unknown);
        QCOMPARE(m_on->verdict(next->portal), Verdict::Live);
        QCOMPARE(ended.count(), 1);
        QCOMPARE(ended.front().front().toStringList().size(), 2);
    }

    void aTokenIsGoodForItsOwnKindOnly() {
        auto member = m_on->member("bob");
        QCOMPARE(m_on->verdict(member->portal, SessionKind::Portal), Verdict::Live);
        QCOMPARE(m_on->verdict(member->workspace, SessionKind::Workspace), Verdict::Live);
        QCOMPARE(m_on->verdict(member->workspace, SessionKind::Portal), Verdict::Unknown);
        QCOMPARE(m_on->verdict(member->portal, SessionKind::Workspace), Verdict::Unknown);
        QCOMPARE(m_on->verdict(member->portal, SessionKind::Bearer), Verdict::Unknown);
        auto desktop = m_on->login("bob", m_on->userPassword, m_on->context(true));
        QVERIFY(desktop.ok() && desktop->portal.empty() && desktop->workspace.empty());
        QCOMPARE(m_on->verdict(desktop->bearer, SessionKind::Bearer), Verdict::Live);
        QCOMPARE(m_on->verdict(desktop->bearer, SessionKind::Portal), Verdict::Unknown);
    }

    void noTokenAndNoPasswordIsKept() {
        auto member = m_on->member("bob");
        const QString everything = sql("SELECT (SELECT string_agg(s::text, '') FROM sessions s) || (SELECT string_agg(u::text, '') FROM users u)"
                                       " || (SELECT string_agg(i::text, '') FROM invitations i) || (SELECT string_agg(a::text, '') FROM audit_log a)");
        for (const Secret& secret : {member->portal, member->workspace, m_on->userPassword})
            QVERIFY(!everything.contains(QString::fromUtf8(secret.reveal().data(), static_cast<qsizetype>(secret.reveal().size()))));
    }

    void unknownNamesAndWrongPasswordsGetTheSameAnswer() {
        QVERIFY(m_on->member("bob").ok());
        auto wrong = m_on->login("bob", Secret("wrong"), m_on->context());
        auto unknown = m_on->login("nobody", Secret("wrong"), m_on->context());
        auto impossible = m_on->login("No body!", Secret("wrong"), m_on->context());
        QCOMPARE(wrong.error().code, ErrorCode::InvalidCredentials);
        QCOMPARE(unknown.error().message, wrong.error().message);
        QCOMPARE(impossible.error().message, wrong.error().message);
        QCOMPARE(impossible.error().code, ErrorCode::InvalidCredentials);
        QCOMPARE(sql("SELECT count(*) FROM audit_log WHERE action = 'auth.login_failed'"), QStringLiteral("3"));
    }

    void guessingIsSlowedEvenWithTheRightPasswordAtTheEnd() {
        QVERIFY(m_on->member("bob").ok());
        for (int i = 0; i < 5; ++i)
            QCOMPARE(m_on->login("bob", Secret("wrong"), m_on->context()).error().code, ErrorCode::InvalidCredentials);
        QCOMPARE(m_on->login("bob", m_on->userPassword, m_on->context()).error().code, ErrorCode::RateLimited);
        m_on->clock.advance(std::chrono::seconds(2));
        QVERIFY(m_on->login("bob", m_on->userPassword, m_on->context()).ok());
    }

    void guessingElsewhereDelaysNeitherTheOwnerNorTheirPasswordChange() {
        auto member = m_on->member("bob"); // signs in from its own address
        SignInContext elsewhere = m_on->context();
        for (int i = 0; i < 60; ++i) {
            elsewhere.actor.address = "198.51.100." + std::to_string(i % 6);
            (void)m_on->login("bob", Secret("wrong"), elsewhere);
        }
        QCOMPARE(m_on->login("bob", m_on->userPassword, elsewhere).error().code, ErrorCode::RateLimited);
        SignInContext own = m_on->context();
        own.actor.address = "192.0.2.77";
        m_on->clock.advance(std::chrono::seconds(2)); // the account-wide wait, at the most
        QVERIFY(m_on->login("bob", m_on->userPassword, own).ok());
        own.replacesSession = m_on->sessions.find(member->portal, SessionKind::Portal).session.hash;
        own.actor.address = elsewhere.actor.address; // even from there
        const auto change = [&](const Secret& current, const Secret& next) {
            return await<SignedIn>([&](auto done) { m_on->service.changePassword(member->user.id, current, next, own, this, done); });
        };
        for (int i = 0; i < 5; ++i)
            QCOMPARE(change(Secret("wrong"), Secret("harbour lantern quilt seven")).error().code, ErrorCode::CurrentPasswordIncorrect);
        QCOMPARE(change(m_on->userPassword, Secret("harbour lantern quilt seven")).error().code, ErrorCode::RateLimited); // guesses count
        m_on->clock.advance(std::chrono::seconds(2));
        QVERIFY(change(m_on->userPassword, Secret("harbour lantern quilt seven")).ok());
    }

    // --- ends
    void logoutEndsPortalAndWorkspaceTogether() {
        auto member = m_on->member("bob");
        auto other = m_on->login("bob", m_on->userPassword, m_on->context());
        QSignalSpy ended(&m_on->sessions, &SessionIndex::sessionsEnded);
        const std::string hash = m_on->sessions.find(member->portal, SessionKind::Portal).session.hash;
        QVERIFY(await<void>([&](auto done) { m_on->service.logout(hash, m_on->admin, this, done); }).ok());
        QCOMPARE(m_on->verdict(member->portal), Verdict::Unknown);
        QCOMPARE(m_on->verdict(member->workspace, SessionKind::Workspace), Verdict::Unknown);
        QCOMPARE(m_on->verdict(other->portal), Verdict::Live);
        QCOMPARE(ended.count(), 1);
        QCOMPARE(ended.front().front().toStringList().size(), 2);
    }

    void aPasswordChangeEndsEverySession() {
        auto member = m_on->member("bob");
        auto desktop = m_on->login("bob", m_on->userPassword, m_on->context(true));
        const Secret next("harbour lantern quilt seven");
        const auto change = [&](const Secret& current, const Secret& wanted) {
            return await<SignedIn>([&](auto done) { m_on->service.changePassword(member->user.id, current, wanted, m_on->context(), this, done); });
        };
        QCOMPARE(change(Secret("wrong"), next).error().code, ErrorCode::CurrentPasswordIncorrect);
        QCOMPARE(change(m_on->userPassword, Secret("short")).error().code, ErrorCode::PasswordChangeInvalid);
        QCOMPARE(change(m_on->userPassword, m_on->userPassword).error().code, ErrorCode::PasswordChangeInvalid);
        QCOMPARE(m_on->verdict(member->portal), Verdict::Live);
        QSignalSpy ended(&m_on->sessions, &SessionIndex::sessionsEnded);
        auto changed = change(m_on->userPassword, next);
        QVERIFY(changed.ok());
        QCOMPARE(m_on->verdict(member->portal), Verdict::Unknown);
        QCOMPARE(m_on->verdict(desktop->bearer, SessionKind::Bearer), Verdict::Unknown);
        QCOMPARE(m_on->verdict(changed->portal), Verdict::Live);
        QCOMPARE(ended.front().front().toStringList().size(), 3);
        QVERIFY(!m_on->login("bob", m_on->userPassword, m_on->context()).ok());
        QVERIFY(m_on->login("bob", next, m_on->context()).ok());
    }

    void disablingCutsAtOnceAndLeavesTheSessionReadable() {
        auto member = m_on->member("bob");
        const std::string workspace = m_on->sessions.find(member->workspace, SessionKind::Workspace).session.hash;
        QCOMPARE(m_on->sessions.liveness(workspace), Verdict::Live);
        QSignalSpy ended(&m_on->sessions, &SessionIndex::sessionsEnded);
        QVERIFY(m_on->setStatus(member->user.id, UserStatus::Disabled).ok());
        QCOMPARE(ended.count(), 1);
        QVERIFY(ended.front().front().toStringList().contains(QString::fromStdString(workspace)));
        const auto found = m_on->sessions.find(member->portal, SessionKind::Portal);
        QCOMPARE(found.verdict, Verdict::Live);
        QVERIFY(found.user.isDisabled());
        QCOMPARE(m_on->sessions.liveness(workspace), Verdict::Unknown);
        QCOMPARE(m_on->login("bob", m_on->userPassword, m_on->context()).error().code, ErrorCode::UserDisabled);
        QCOMPARE(m_on->login("bob", Secret("wrong"), m_on->context()).error().code, ErrorCode::InvalidCredentials);
        QVERIFY(m_on->setStatus(member->user.id, UserStatus::Active).ok());
        QCOMPARE(m_on->sessions.liveness(workspace), Verdict::Live);
    }

    void theLastAdminStays() {
        auto ada = m_on->bootstrap();
        m_on->admin.userId = "usr_other";
        QCOMPARE(m_on->setStatus(ada->user.id, UserStatus::Disabled).error().code, ErrorCode::AccessDenied);
        m_on->admin.userId = ada->user.id;
        auto eve = m_on->member("eve", Role::Admin);
        m_on->admin.userId = eve->user.id;
        QCOMPARE(m_on->setStatus(eve->user.id, UserStatus::Disabled).error().code, ErrorCode::AccessDenied);
        QVERIFY(m_on->setStatus(ada->user.id, UserStatus::Disabled).ok());
        QCOMPARE(m_on->setStatus("usr_none", UserStatus::Disabled).error().code, ErrorCode::UserNotFound);
    }

    void theJournalTellsWhoDidWhat() {
        auto ada = m_on->bootstrap();
        auto member = m_on->member("bob");
        QVERIFY(m_on->setStatus(member->user.id, UserStatus::Disabled).ok());
        auto entries = await<std::vector<store::AuditEntry>>([this](auto done) { m_on->service.audit(0, 50, this, done); });
        QVERIFY(entries.ok());
        std::string actions;
        for (const auto& entry : *entries)
            actions += entry.action + " ";
        QCOMPARE(actions, std::string("user.disable invitation.accept invitation.create bootstrap.accept bootstrap.open "));
        QCOMPARE(entries->front().actor.username, std::string("ada"));
        QCOMPARE(entries->front().actor.address, std::string("192.0.2.1"));
    }
};

QTEST_GUILESS_MAIN(TestIdentity)
#include "tst_identity.moc"
