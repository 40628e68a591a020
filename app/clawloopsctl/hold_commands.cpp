// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plain_command.h"

#include <QUrl>

// group …, key …, freeze, release, hold list, queue …: who may use models, and who does.
namespace clawloops::ctl {

namespace {

const QString groups = QStringLiteral("/admin/groups");
const QString myKeys = QStringLiteral("/users/me/keys");

QString joined(const json::object& object, const char* name) {
    QStringList texts;
    if (const json::value* list = object.if_contains(name); list && list->is_array())
        for (const json::value& text : list->get_array())
            if (text.is_string())
                texts.append(QString::fromUtf8(text.get_string().data(), qsizetype(text.get_string().size())));
    return texts.join(u' ');
}

QString segment(const QString& text) { return QString::fromLatin1(QUrl::toPercentEncoding(text)); }

void showGroups(const json::array& items) {
    QList<QStringList> rows;
    for (const json::value& item : items)
        rows.append({textOf(item.as_object(), "name"), joined(item.as_object(), "members"), textOf(item.as_object(), "groupId")});
    printTable({QStringLiteral("NAME"), QStringLiteral("MEMBERS"), QStringLiteral("ID")}, rows);
}

// Names become ids: nobody knows an id by heart.
void setGroup(Context& context) {
    askFirst(context, "GET", QStringLiteral("/admin/users"), {}, [&context](const json::object& users) {
        json::array members;
        for (const QString& name : context.option("members").split(u',', Qt::SkipEmptyParts)) {
            const auto user = itemWith(users, "username", name, QStringLiteral("person"));
            if (!user)
                return;
            members.push_back(json::value(textOf(*user, "userId").toStdString()));
        }
        askFirst(context, "GET", groups, {}, [&context, members](const json::object& known) {
            json::object wish{{"name", context.words.first().toStdString()}};
            if (context.options.contains(QStringLiteral("members")))
                wish["members"] = members;
            const auto show = [](const json::object& group) { showGroups({group}); };
            for (const json::value& item : itemsOf(known))
                if (textOf(item.as_object(), "name") == context.words.first())
                    return ask(context, "PUT", groups + u'/' + textOf(item.as_object(), "groupId"), wish, show);
            ask(context, "POST", groups, wish, show);
        });
    });
}

void removeGroup(Context& context) {
    askFirst(context, "GET", groups, {}, [&context](const json::object& known) {
        if (const auto group = itemWith(known, "name", context.words.first(), QStringLiteral("group")))
            ask(context, "DELETE", groups + u'/' + textOf(*group, "groupId"), {},
                [](const json::object& gone) { printLine(QStringLiteral("%1 is removed.").arg(textOf(gone, "name"))); });
    });
}

void showKeys(const json::object& list) {
    QList<QStringList> rows;
    for (const json::value& item : itemsOf(list)) {
        const json::object& key = item.as_object();
        const auto orNever = [&key](const char* name) { return textOf(key, name).isEmpty() ? QStringLiteral("never") : textOf(key, name); };
        rows.append({textOf(key, "name"), textOf(key, "username"), textOf(key, "prefix"), orNever("lastUsedAt"), orNever("expiresAt"), textOf(key, "keyId")});
    }
    printTable({QStringLiteral("NAME"), QStringLiteral("OF"), QStringLiteral("BEGINS"), QStringLiteral("LAST USED"), QStringLiteral("ENDS"), QStringLiteral("ID")}, rows);
}

void createKey(Context& context) {
    json::array routes;
    for (const QString& route : context.option("models").split(u',', Qt::SkipEmptyParts))
        routes.push_back(json::value(route.toStdString()));
    const json::object wish{{"name", context.words.first().toStdString()}, {"expiresAt", context.option("expires").toStdString()},
                            {"routes", std::move(routes)}, {"batch", context.option("batch") == QLatin1String("yes")}};
    ask(context, "POST", myKeys, wish, [](const json::object& made) { printLine(textOf(made, "secret")); }); // alone: a script takes it as it is
}

// One's own; somebody else's for an admin who says so.
void revokeKey(Context& context) {
    const QString where = context.option("of") == QLatin1String("anybody") ? QStringLiteral("/admin/keys") : myKeys;
    ask(context, "DELETE", where + u'/' + segment(context.words.first()), {},
        [](const json::object& gone) { printLine(QStringLiteral("%1 is revoked.").arg(textOf(gone, "name"))); });
}

void showHolds(const json::object& holds) {
    if (!textOf(holds, "all").isEmpty())
        printLine(QStringLiteral("Everybody is frozen: %1").arg(textOf(holds, "all")));
    QList<QStringList> rows;
    for (const json::value& item : itemsOf(holds)) {
        const json::object& hold = item.as_object();
        rows.append({textOf(hold, "username"), textOf(hold, "state"), textOf(hold, "since"), textOf(hold, "sentence")});
    }
    printTable({QStringLiteral("NAME"), QStringLiteral("STATE"), QStringLiteral("SINCE"), QStringLiteral("WHY")}, rows);
}

// EVERYBODY can be no username: these have small letters only.
void freeze(Context& context) {
    const json::object why{{"sentence", context.option("reason", QStringLiteral("An admin has stopped your use of models.")).toStdString()}};
    if (context.words.first() == QLatin1String("EVERYBODY"))
        return ask(context, "POST", QStringLiteral("/admin/freeze"), why, showHolds);
    findUser(context, context.words.first(), [&context, why](const QString& id) {
        ask(context, "POST", QStringLiteral("/admin/users/%1/freeze").arg(id), why, showHolds);
    });
}

void release(Context& context) {
    if (context.words.first() == QLatin1String("EVERYBODY"))
        return ask(context, "POST", QStringLiteral("/admin/release"), {}, showHolds);
    findUser(context, context.words.first(), [&context](const QString& id) {
        ask(context, "POST", QStringLiteral("/admin/users/%1/release").arg(id), {}, showHolds);
    });
}

void showQueue(const json::object& queue) {
    QList<QStringList> rows;
    for (const json::value& item : itemsOf(queue)) {
        const json::object& entry = item.as_object();
        rows.append({textOf(entry, "ticket"), textOf(entry, "username"), textOf(entry, "route"), textOf(entry, "target"), textOf(entry, "kind"),
                     textOf(entry, "position"), QStringLiteral("%1 s").arg((numberOf(entry, "waitMs") + 999) / 1000)});
    }
    printTable({QStringLiteral("TICKET"), QStringLiteral("NAME"), QStringLiteral("MODEL"), QStringLiteral("TARGET"), QStringLiteral("KIND"),
                QStringLiteral("POSITION"), QStringLiteral("WAITS ABOUT")},
               rows);
}

PlainCommand::Run inQueue(const char* what) {
    return [what](Context& context) {
        ask(context, "POST", QStringLiteral("/admin/queue/%1/%2").arg(segment(context.words.first()), QString::fromLatin1(what)), {}, showQueue);
    };
}

QStringList list(const char* words) { return QString::fromLatin1(words).split(u' '); }

} // namespace

void addHoldCommands(std::vector<std::unique_ptr<Command>>& to) {
    const auto add = [&to](auto... parts) { to.push_back(std::make_unique<PlainCommand>(parts...)); };
    add("group list", "", "named sets of people, for budgets", QStringList(),
        [](Context& c) { ask(c, "GET", groups, {}, [](const json::object& all) { showGroups(itemsOf(all)); }); });
    add("group set", "NAME", "make or change a group (--members anna,ben)", list("members"), setGroup);
    add("group remove", "NAME", "take a group away; its people stay", QStringList(), removeGroup);
    add("key list", "", "keys for one's own programs (--of anybody, for an admin)", list("of"), [](Context& c) {
        ask(c, "GET", c.option("of") == QLatin1String("anybody") ? QStringLiteral("/admin/keys") : myKeys, {}, showKeys);
    });
    add("key create", "NAME", "make a key and print it once (--expires 2027-01-01T00:00:00Z --models a,b --batch yes)", list("expires models batch"), createKey);
    add("key revoke", "ID", "end a key at once (--of anybody, for an admin)", list("of"), revokeKey);
    add("freeze", "NAME", "no model answers NAME, or EVERYBODY, any more (--reason SENTENCE)", list("reason"), freeze);
    add("release", "NAME", "end a freeze, a hold and a slowing of NAME, or the freeze of EVERYBODY", QStringList(), release);
    add("hold list", "", "whom no model answers, and why", QStringList(), [](Context& c) { ask(c, "GET", QStringLiteral("/admin/holds"), {}, showHolds); });
    add("queue list", "", "who waits for a place at a model", QStringList(), [](Context& c) { ask(c, "GET", QStringLiteral("/admin/queue"), {}, showQueue); });
    add("queue move", "TICKET", "let it go first", QStringList(), inQueue("move"));
    add("queue drop", "TICKET", "refuse it", QStringList(), inQueue("drop"));
}

} // namespace clawloops::ctl
