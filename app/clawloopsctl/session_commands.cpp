// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"

#include "models/state_view.h"
#include "wire/api_types.h"

#include <cstdio>
#include <iostream>
#include <string>
#include <unistd.h>

namespace clawloops::ctl {

namespace {

QString readLine(const char* question) {
    if (::isatty(STDIN_FILENO))
        std::fprintf(stderr, "%s", question);
    std::string line;
    std::getline(std::cin, line);
    return QString::fromStdString(line);
}

class Login : public Command {
public:
    QString words() const override { return QStringLiteral("login"); }
    QString summary() const override { return QStringLiteral("sign in; the password is asked for, or read from standard input"); }
    bool needsSignIn() const override { return false; }
    void run(Context& context) override {
        m_username = context.name.isEmpty() ? readLine("Name: ").trimmed() : context.name;
        if (m_username.isEmpty())
            return fail(exitUsage, QStringLiteral("Give a name with --name, or when asked."));
        m_password = readSecret("Password");
        if (m_password.empty())
            return fail(exitUsage, QStringLiteral("Give a password, when asked or as one line on standard input."));
        send(context);
    }

private:
    void send(Context& context) {
        gui::Connection connection = context.client.connection();
        connection.token = {}; // whoever was signed in: this asks as nobody
        context.client.setConnection(connection);
        context.client.post(QStringLiteral("/auth/login"),
                            {{"username", m_username.toStdString()}, {"password", m_password.reveal()}, {"kind", "bearer"}}, &context.guard,
                            [this, &context](gui::ApiResult result) { answered(context, result); });
    }

    void answered(Context& context, const gui::ApiResult& result) {
        if (const auto* failure = std::get_if<gui::ApiFailure>(&result)) {
            if (failure->kind == gui::ApiFailure::Kind::CertificateUnknown && ::isatty(STDIN_FILENO))
                return askAboutCertificate(context, *failure);
            return failWith(*failure);
        }
        auto answer = wire::fromJson<wire::SignedIn>(std::get<json::object>(result));
        if (!answer || !answer->token)
            return fail(exitUnreachable, QStringLiteral("The server opened a session but gave no token for this program."));
        const Secret token(*std::exchange(answer->token, std::nullopt));
        const Status kept = context.tokens.write(token);
        if (!kept)
            return fail(exitFailed, QString::fromStdString(kept.error().message));
        if (context.json)
            printJson({{"user", wire::toJson(answer->user)}, {"expiresAt", answer->expiresAt}, {"tokenFile", context.tokens.path().toStdString()}});
        else
            printLine(QStringLiteral("Signed in at %1 as %2; the token is in %3.")
                          .arg(context.client.connection().server.text(), gui::fromWire(answer->user.username), context.tokens.path()));
        finish(exitOk);
    }

    void askAboutCertificate(Context& context, const gui::ApiFailure& failure) {
        const QByteArray sha256 = gui::fingerprint(failure.certificate);
        std::fprintf(stderr, "%s\n  SHA-256 %s\n", qPrintable(failure.sentence), qPrintable(gui::fingerprintText(sha256)));
        if (readLine("Accept it (yes/no)? ").trimmed() != QLatin1String("yes"))
            return fail(exitRefused, QStringLiteral("Not signed in: the certificate was not accepted."));
        const Status kept = context.pins.remember(context.client.connection().server.key(), sha256);
        if (!kept)
            return fail(exitFailed, QString::fromStdString(kept.error().message));
        gui::Connection connection = context.client.connection();
        connection.trust.pin = sha256;
        context.client.setConnection(connection);
        send(context);
    }

    QString m_username;
    Secret m_password;
};

class Logout : public Command {
public:
    QString words() const override { return QStringLiteral("logout"); }
    QString summary() const override { return QStringLiteral("end the session and remove its token"); }
    void run(Context& context) override {
        context.client.post(QStringLiteral("/auth/logout"), {}, &context.guard, [&context](gui::ApiResult result) {
            const Status removed = context.tokens.remove();
            if (!removed)
                return fail(exitFailed, QString::fromStdString(removed.error().message));
            if (const auto* failure = std::get_if<gui::ApiFailure>(&result); failure && failure->kind != gui::ApiFailure::Kind::SignedOut)
                return failWith(*failure);
            finish(exitOk);
        });
    }
};

} // namespace

void addSessionCommands(std::vector<std::unique_ptr<Command>>& to) {
    to.push_back(std::make_unique<Login>());
    to.push_back(std::make_unique<Logout>());
}

} // namespace clawloops::ctl
