// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// clawloopsctl: the appliance from a terminal and from scripts.
#include "base/edit_distance.h"
#include "base/log.h"
#include "client/local_rescue.h"
#include "client/server_trust.h"
#include "command.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QSet>
#include <cstdio>

using namespace clawloops;
using namespace clawloops::ctl;

namespace {

QString help(const std::vector<std::unique_ptr<Command>>& commands) {
    QString text = QStringLiteral("Usage: clawloopsctl [options] COMMAND\n\nCommands:\n");
    for (const auto& one : commands) {
        const QString call = one->words() + (one->arguments().isEmpty() ? QString() : u' ' + one->arguments());
        text += QStringLiteral("  %1%2\n").arg(call.leftJustified(22), one->summary());
    }
    text += QStringLiteral("\nOptions:\n"
                           "  --server URL          the appliance (else $CLAWLOOPS_SERVER, else https://localhost:8443)\n"
                           "  --token-file FILE     where the session token is kept (mode 0600)\n"
                           "  --pin SHA256          the server certificate's fingerprint, and no other\n"
                           "  --ca FILE             the authority the server's certificate must be from (PEM)\n"
                           "  --run DIR             run directory of an appliance on this machine, for status without sign-in\n"
                           "  --name NAME           who signs in (login)\n"
                           "  --role admin|user     of an invited person\n"
                           "  --json                the server's own objects, one a line\n"
                           "\nExit codes: 0 done, 1 refused or not well, 64 wrong usage, 69 no answer, 77 not signed in or not trusted\n");
    return text;
}

Command* match(const std::vector<std::unique_ptr<Command>>& commands, QStringList& words) {
    for (const auto& one : commands) {
        const QStringList name = one->words().split(u' ');
        if (words.mid(0, name.size()) == name) {
            words = words.mid(name.size());
            return one.get();
        }
    }
    return nullptr;
}

// The command whose words are nearest to what was typed; empty where none is near.
QString nearest(const std::vector<std::unique_ptr<Command>>& commands, const QStringList& typed) {
    QString best;
    std::size_t bestDistance = 4; // more letters wrong than this is another word
    for (const auto& one : commands) {
        const QString name = one->words();
        const QString begin = typed.mid(0, name.count(u' ') + 1).join(u' ').toLower();
        const std::size_t distance = editDistance(begin.toStdString(), name.toStdString());
        if (distance < bestDistance) {
            bestDistance = distance;
            best = name;
        }
    }
    // "user" alone is the beginning of several: the first of them shows how it goes on.
    for (auto one = commands.begin(); best.isEmpty() && one != commands.end(); ++one)
        if ((*one)->words().startsWith(typed.first().toLower() + u' '))
            best = (*one)->words();
    return best;
}

int usage(const QString& sentence) {
    std::fprintf(stderr, "clawloopsctl: %s See clawloopsctl --help.\n", qPrintable(sentence));
    return exitUsage;
}

} // namespace

int main(int argc, char** argv) {
    setLogProgram("clawloopsctl");
    setLogSink([](std::string_view) {}); // a person reads this program's stderr: sentences only
    QCoreApplication application(argc, argv);
    QCommandLineParser parser;
    for (const char* name : {"server", "token-file", "pin", "ca", "run", "name", "role"})
        parser.addOption({QString::fromLatin1(name), QString(), QStringLiteral("value")});
    const auto commands = makeCommands();
    QSet<QString> own; // of single commands
    for (const auto& one : commands)
        for (const QString& name : one->options())
            own.insert(name);
    for (const QString& name : own)
        parser.addOption({name, QString(), QStringLiteral("value")});
    parser.addOption({QStringLiteral("json"), QString()});
    parser.addOption({{QStringLiteral("h"), QStringLiteral("help")}, QString()});
    parser.addOption({QStringLiteral("version"), QString()});
    if (!parser.parse(QCoreApplication::arguments()))
        return usage(parser.errorText() + u'.');
    const auto option = [&](const char* name) { return parser.value(QString::fromLatin1(name)); };

    if (parser.isSet(QStringLiteral("version"))) {
        std::printf("clawloopsctl %s\n", CLAWLOOPS_VERSION);
        return exitOk;
    }
    QStringList words = parser.positionalArguments();
    if (parser.isSet(QStringLiteral("help")) || words.isEmpty()) {
        std::fputs(qPrintable(help(commands)), parser.isSet(QStringLiteral("help")) ? stdout : stderr);
        return parser.isSet(QStringLiteral("help")) ? exitOk : exitUsage;
    }
    Command* command = match(commands, words);
    if (!command) {
        const QString meant = nearest(commands, words);
        const QString typed = QStringLiteral("There is no command \"%1\"").arg(words.join(u' '));
        return usage(meant.isEmpty() ? typed + u'.' : typed + QStringLiteral("; did you mean \"%1\"?").arg(meant));
    }
    const qsizetype wanted = command->arguments().isEmpty() ? 0 : 1;
    if (words.size() != wanted)
        return usage(wanted == 0 ? QStringLiteral("\"%1\" takes no argument.").arg(command->words())
                                 : QStringLiteral("\"%1\" takes one argument, %2.").arg(command->words(), command->arguments()));

    QHash<QString, QString> options;
    for (const QString& name : own)
        if (parser.isSet(name))
            options[name] = parser.value(name);
    for (auto one = options.cbegin(); one != options.cend(); ++one)
        if (!command->options().contains(one.key()))
            return usage(QStringLiteral("\"%1\" takes no --%2.").arg(command->words(), one.key()));

    const QString chosen = option("server").isEmpty() ? qEnvironmentVariable("CLAWLOOPS_SERVER", QStringLiteral("https://localhost:8443")) : option("server");
    const auto server = gui::ServerAddress::parse(chosen);
    if (!server)
        return usage(QString::fromStdString(server.error().message));
    gui::Connection connection;
    connection.server = *server;
    gui::PinStore pins(gui::PinStore::defaultPath());
    const Status loaded = pins.load();
    if (!loaded && option("pin").isEmpty() && option("ca").isEmpty()) {
        std::fprintf(stderr, "clawloopsctl: %s\n", loaded.error().message.c_str());
        return exitRefused;
    }
    if (!option("ca").isEmpty()) {
        const auto authorities = gui::readAuthorities(option("ca"));
        if (!authorities)
            return usage(QString::fromStdString(authorities.error().message));
        connection.trust.authorities = *authorities;
    } else {
        connection.trust.pin = pins.pin(server->key());
    }
    if (!option("pin").isEmpty()) {
        connection.trust.pin = gui::fingerprintFromText(option("pin"));
        if (!connection.trust.pin)
            return usage(QStringLiteral("--pin takes a SHA-256 fingerprint: 64 hexadecimal digits, with or without colons."));
    }
    gui::TokenStore tokens(option("token-file").isEmpty() ? gui::TokenStore::defaultPath(server->key()) : option("token-file"));
    const auto token = tokens.read();
    if (!token) {
        std::fprintf(stderr, "clawloopsctl: %s\n", token.error().message.c_str());
        return exitRefused;
    }
    if (token->has_value())
        connection.token = **token;
    else if (command->needsSignIn()) {
        std::fprintf(stderr, "clawloopsctl: Not signed in at %s. Sign in with clawloopsctl login.\n", qPrintable(server->text()));
        return exitRefused;
    }
    gui::ApiClient client;
    client.setConnection(std::move(connection));
    QObject guard;
    Context context{client,
                    pins,
                    tokens,
                    words,
                    parser.isSet(QStringLiteral("json")),
                    !option("pin").isEmpty(),
                    option("role"),
                    option("name"),
                    options,
                    option("run").isEmpty() ? gui::LocalRescue::findSocket() : option("run") + QStringLiteral("/supervisor/control.sock"),
                    guard};
    command->run(context);
    return QCoreApplication::exec();
}
