// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/secret.h"
#include "client/api_client.h"
#include "client/pin_store.h"
#include "client/token_store.h"

#include <QHash>
#include <QStringList>
#include <memory>
#include <vector>

namespace clawloops::ctl {

// Exit codes, also in --help.
inline constexpr int exitOk = 0;
inline constexpr int exitFailed = 1; // the server said no, or something is not well
inline constexpr int exitUsage = 64;
inline constexpr int exitUnreachable = 69;
inline constexpr int exitRefused = 77; // not signed in, or the certificate is not trusted

struct Context {
    gui::ApiClient& client;
    gui::PinStore& pins;
    gui::TokenStore& tokens;
    QStringList words; // what follows the command's name
    bool json = false;
    bool pinGiven = false;
    QString role; // --role
    QString name; // --name
    QHash<QString, QString> options; // the rest of those given
    QString rescueSocket;
    QObject& guard; // lives as long as the program's loop

    [[nodiscard]] QString option(const char* option, const QString& fallback = {}) const { return options.value(QString::fromLatin1(option), fallback); }
};

// One thing that the program can be told to do. run() starts it; it ends with finish().
class Command {
public:
    virtual ~Command() = default;
    [[nodiscard]] virtual QString words() const = 0; // "user list"
    [[nodiscard]] virtual QString arguments() const { return {}; } // "NAME"
    [[nodiscard]] virtual QString summary() const = 0;
    [[nodiscard]] virtual QStringList options() const { return {}; } // that it takes beside those of every command
    [[nodiscard]] virtual bool needsSignIn() const { return true; }
    virtual void run(Context& context) = 0;
};

[[nodiscard]] std::vector<std::unique_ptr<Command>> makeCommands();
void addStatusCommands(std::vector<std::unique_ptr<Command>>& to);
void addSessionCommands(std::vector<std::unique_ptr<Command>>& to);
void addUserCommands(std::vector<std::unique_ptr<Command>>& to);
void addRuntimeCommands(std::vector<std::unique_ptr<Command>>& to);
void addBudgetCommands(std::vector<std::unique_ptr<Command>>& to);
void addModelCommands(std::vector<std::unique_ptr<Command>>& to);
void addHoldCommands(std::vector<std::unique_ptr<Command>>& to);
void addTraceCommands(std::vector<std::unique_ptr<Command>>& to);

void finish(int code);
void fail(int code, const QString& sentence); // one line on stderr, then finish
void failWith(const gui::ApiFailure& failure);
// From the terminal without echo, or one line of standard input.
[[nodiscard]] Secret readSecret(const char* prompt);
void printJson(const json::object& object);
void printLine(const QString& line);
// Columns as wide as they need to be; the last one is not padded.
void printTable(const QStringList& header, const QList<QStringList>& rows);

// The person with that name, as the server knows them; ends the program where there is none.
void findUser(Context& context, const QString& username, std::function<void(QString userId)> then);

} // namespace clawloops::ctl
