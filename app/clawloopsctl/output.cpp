// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"

#include "models/state_view.h"
#include "wire/api_types.h"

#include <QCoreApplication>
#include <QTimer>
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <string>
#include <termios.h>
#include <unistd.h>

namespace clawloops::ctl {

void finish(int code) {
    // Also from before the loop runs: exit() would then be forgotten.
    QTimer::singleShot(0, qApp, [code] { QCoreApplication::exit(code); });
}

void fail(int code, const QString& sentence) {
    std::fprintf(stderr, "clawloopsctl: %s\n", qPrintable(sentence));
    finish(code);
}

Secret readSecret(const char* prompt) {
    termios before{};
    const bool terminal = ::isatty(STDIN_FILENO) && ::tcgetattr(STDIN_FILENO, &before) == 0;
    if (terminal) {
        termios silent = before;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
        std::fprintf(stderr, "%s: ", prompt);
    }
    std::string line;
    std::getline(std::cin, line);
    if (terminal) {
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
        std::fprintf(stderr, "\n");
    }
    return Secret(std::move(line));
}

void failWith(const gui::ApiFailure& failure) {
    using Kind = gui::ApiFailure::Kind;
    QString sentence = failure.sentence;
    int code = exitFailed;
    switch (failure.kind) {
    case Kind::Unreachable:
    case Kind::Interrupted:
    case Kind::ControlPlaneSilent:
    case Kind::Unreadable: code = exitUnreachable; break;
    case Kind::CertificateUnknown:
        sentence += QStringLiteral(" Its SHA-256 is %1: give it as --pin, or accept it with clawloopsctl login.")
                        .arg(gui::fingerprintText(gui::fingerprint(failure.certificate)));
        code = exitRefused;
        break;
    case Kind::CertificateChanged:
    case Kind::CertificateRefused: code = exitRefused; break;
    case Kind::SignedOut:
        sentence += QStringLiteral(" Sign in with clawloopsctl login.");
        code = exitRefused;
        break;
    case Kind::Refused: code = failure.code == ErrorCode::AccessDenied || failure.code == ErrorCode::UserDisabled ||
                                       failure.code == ErrorCode::PasswordChangeRequired || failure.code == ErrorCode::InvalidCredentials
                                   ? exitRefused
                                   : exitFailed; break;
    }
    if (!failure.requestId.isEmpty())
        sentence += QStringLiteral(" [%1]").arg(failure.requestId);
    fail(code, sentence);
}

void printJson(const json::object& object) { std::printf("%s\n", json::serialize(object).c_str()); }

void printLine(const QString& line) { std::printf("%s\n", qUtf8Printable(line)); }

void printTable(const QStringList& header, const QList<QStringList>& rows) {
    QList<qsizetype> widths;
    for (qsizetype i = 0; i < header.size(); ++i) {
        qsizetype width = header[i].size();
        for (const QStringList& row : rows)
            width = std::max(width, row.value(i).size());
        widths.append(width);
    }
    const auto print = [&](const QStringList& row) {
        QString line;
        for (qsizetype i = 0; i < widths.size(); ++i)
            line += i + 1 == widths.size() ? row.value(i) : row.value(i).leftJustified(widths[i] + 2);
        while (line.endsWith(u' '))
            line.chop(1);
        printLine(line);
    };
    print(header);
    for (const QStringList& row : rows)
        print(row);
}

void findUser(Context& context, const QString& username, std::function<void(QString)> then) {
    context.client.get(QStringLiteral("/admin/users"), &context.guard, [username, then = std::move(then)](gui::ApiResult result) {
        if (const auto* failure = std::get_if<gui::ApiFailure>(&result))
            return failWith(*failure);
        const auto users = wire::listFromJson<wire::User>(std::get<json::object>(result));
        if (!users)
            return fail(exitUnreachable, QString::fromStdString(users.error().message));
        for (const wire::User& user : *users)
            if (gui::fromWire(user.username) == username)
                return then(gui::fromWire(user.userId));
        fail(exitFailed, QStringLiteral("There is no person named %1. See clawloopsctl user list.").arg(username));
    });
}

} // namespace clawloops::ctl
