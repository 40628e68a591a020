// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plain_command.h"

#include "wire/route_types.h"

#include <QUrl>

// route …, credential …, master-key …: the models that people can choose, and the keys that providers are asked with.
namespace clawloops::ctl {

namespace {

const QString models = QStringLiteral("/admin/models");
const QString credentials = QStringLiteral("/admin/provider-credentials");

QString modelPath(const QString& name) { return models + u'/' + QString::fromLatin1(QUrl::toPercentEncoding(name)); }

void showRoute(const json::object& route) {
    for (const auto& [name, value] : route)
        printLine(QStringLiteral("%1: %2").arg(QString::fromUtf8(name.data(), qsizetype(name.size())), QString::fromStdString(json::serialize(value))));
}

QStringList listOption(const Context& context, const char* name) { return context.option(name).split(u',', Qt::SkipEmptyParts); }

json::array texts(const QStringList& list) {
    json::array array;
    for (const QString& one : list)
        array.emplace_back(one.toStdString());
    return array;
}

// What is common to "route add" and "route set"; false: something was no number, and the program ends.
bool readOptions(const Context& context, json::object& wish) {
    if (!context.option("title").isEmpty())
        wish["title"] = context.option("title").toStdString();
    for (const char* flag : {"enabled", "everyone"})
        if (const QString said = context.option(flag); !said.isEmpty()) {
            if (said != QLatin1String("yes") && said != QLatin1String("no")) {
                fail(exitUsage, QStringLiteral("--%1 is yes or no.").arg(QLatin1String(flag)));
                return false;
            }
            wish[flag] = said == QLatin1String("yes");
        }
    if (!context.option("roles").isEmpty())
        wish["roles"] = texts(listOption(context, "roles"));
    for (const auto& [option, member] : {std::pair("context", "contextTokens"), std::pair("output", "outputTokens"), std::pair("position", "position")})
        if (const QString said = context.option(option); !said.isEmpty()) {
            bool isNumber = false;
            wish[member] = said.toLongLong(&isNumber);
            if (!isNumber) {
                fail(exitUsage, QStringLiteral("--%1 takes a whole number.").arg(QLatin1String(option)));
                return false;
            }
        }
    return true;
}

void addRoute(Context& context) {
    const QString provider = context.option("provider");
    json::object wish{{"modelId", context.words.first().toStdString()}};
    if (!readOptions(context, wish))
        return;
    if (!wish.contains("title"))
        wish["title"] = context.words.first().toStdString();
    const auto send = [&context, provider, wish](const QString& credentialId) {
        json::object whole = wish;
        const json::object target{{"name", (provider.isEmpty() ? QStringLiteral("server") : provider).toStdString()},
                                  {"kind", provider.isEmpty() ? "openai" : "litellm"},
                                  {"model", context.option("model").toStdString()},
                                  {"url", context.option("url").toStdString()},
                                  {"provider", provider.toStdString()},
                                  {"credentialId", credentialId.toStdString()}};
        whole["targets"] = json::array{target};
        ask(context, "POST", models, whole, showRoute);
    };
    if (context.option("credential").isEmpty())
        return send({});
    askFirst(context, "GET", credentials, {}, [&context, send](const json::object& list) {
        if (const auto one = itemWith(list, "name", context.option("credential"), QStringLiteral("credential")))
            send(textOf(*one, "credentialId"));
    });
}

void setRoute(Context& context) {
    json::object wish;
    if (readOptions(context, wish))
        ask(context, "PUT", modelPath(context.words.first()), wish, showRoute);
}

void showCredentials(const json::object& list) {
    QList<QStringList> rows;
    const auto known = wire::listFromJson<wire::Credential>(list);
    if (!known)
        return printLine(QString::fromStdString(known.error().message));
    for (const wire::Credential& one : *known) {
        QStringList used;
        for (const std::string& route : one.usedBy)
            used.append(QString::fromStdString(route));
        rows.append({QString::fromStdString(one.name), QString::fromStdString(one.provider), QString::fromStdString(one.changedAt), used.join(u' ')});
    }
    printTable({QStringLiteral("NAME"), QStringLiteral("PROVIDER"), QStringLiteral("CHANGED"), QStringLiteral("USED BY")}, rows);
}

void showCredential(const json::object& credential) { showCredentials({{"items", json::array{credential}}}); }

// The secret comes by standard input: what stands in a command line can be read by everybody on the machine.
void addCredential(Context& context) {
    const Secret secret = readSecret("Key");
    ask(context, "POST", credentials,
        {{"name", context.words.first().toStdString()}, {"provider", context.option("provider").toStdString()}, {"secret", secret.reveal()}}, showCredential);
}

// Runs `then` with the path of the credential of that name.
void withCredential(Context& context, std::function<void(const QString&)> then) {
    askFirst(context, "GET", credentials, {}, [&context, then = std::move(then)](const json::object& list) {
        if (const auto one = itemWith(list, "name", context.words.first(), QStringLiteral("credential")))
            then(credentials + u'/' + textOf(*one, "credentialId"));
    });
}

void rotateCredential(Context& context) {
    const Secret secret = readSecret("Key");
    withCredential(context, [&context, secret](const QString& path) { ask(context, "PUT", path, {{"secret", secret.reveal()}}, showCredential); });
}

void removeCredential(Context& context) {
    withCredential(context, [&context](const QString& path) {
        ask(context, "DELETE", path, {}, [](const json::object& gone) { printLine(QStringLiteral("%1 is removed.").arg(textOf(gone, "name"))); });
    });
}

QStringList list(const char* words) { return QString::fromLatin1(words).split(u' '); }

} // namespace

void addModelCommands(std::vector<std::unique_ptr<Command>>& to) {
    const auto add = [&to](auto... parts) { to.push_back(std::make_unique<PlainCommand>(parts...)); };
    add("route show", "MODEL", "everything that is said of a model", QStringList(), [](Context& c) {
        askFirst(c, "GET", models, {}, [&c](const json::object& all) {
            const auto route = itemWith(all, "modelId", c.words.first(), QStringLiteral("model"));
            if (!route)
                return;
            if (c.json)
                printJson(*route);
            else
                showRoute(*route);
            finish(exitOk);
        });
    });
    add("route add", "MODEL", "offer a model (--model NAME with --url URL, or --provider P --credential NAME; --title T --everyone yes --roles admin,user)",
        list("model url provider credential title everyone enabled roles context output position"), addRoute);
    add("route set", "MODEL", "change what is named (--title T --enabled yes|no --everyone yes|no --roles R --context N --output N --position N)",
        list("title everyone enabled roles context output position"), setRoute);
    add("route remove", "MODEL", "offer a model no more", QStringList(), [](Context& c) {
        ask(c, "DELETE", modelPath(c.words.first()), {}, [](const json::object& gone) { printLine(QStringLiteral("%1 is removed.").arg(textOf(gone, "modelId"))); });
    });
    add("credential list", "", "the providers' keys, without their secrets", QStringList(), [](Context& c) { ask(c, "GET", credentials, {}, showCredentials); });
    add("credential add", "NAME", "keep a provider's key (--provider P), read from standard input", list("provider"), addCredential);
    add("credential rotate", "NAME", "put another key, read from standard input, in its place", QStringList(), rotateCredential);
    add("credential remove", "NAME", "forget a key that no model uses", QStringList(), removeCredential);
    add("master-key rotate", "", "seal every provider's key under a new master key", QStringList(), [](Context& c) {
        ask(c, "POST", QStringLiteral("/admin/master-key/rotate"), {}, [](const json::object& done) {
            printLine(QStringLiteral("Master key %1 is in use; %2 credentials were sealed anew.").arg(textOf(done, "keyVersion"), textOf(done, "credentials")));
        });
    });
}

} // namespace clawloops::ctl
