// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plain_command.h"

// budget …, limit …, usage …: how much may be used, and how much is.
namespace clawloops::ctl {

namespace {

const QString budgets = QStringLiteral("/admin/budgets");
const QString limits = QStringLiteral("/admin/limits");

void showBudgets(const json::array& items) {
    QList<QStringList> rows;
    for (const json::value& item : items) {
        const json::object& budget = item.as_object();
        const QString raise = numberOf(budget, "raisedBy") > 0 ? QStringLiteral(" + %1 on %2").arg(amountText(budget, "raisedBy"), textOf(budget, "raisedOn")) : QString();
        const QString whose = textOf(budget, "scope") == QLatin1String("all") ? QStringLiteral("all")
                              : textOf(budget, "subject").isEmpty()            ? QStringLiteral("each %1").arg(textOf(budget, "scope"))
                                                                               : textOf(budget, "spender");
        rows.append({textOf(budget, "name"), whose, textOf(budget, "window"), amountText(budget, "limit") + raise,
                     amountText(budget, "spent"), textOf(budget, "subject").isEmpty() ? textOf(budget, "spender") : QString(), textOf(budget, "resetsAt")});
    }
    printTable({QStringLiteral("NAME"), QStringLiteral("WHOSE"), QStringLiteral("PER"), QStringLiteral("LIMIT"), QStringLiteral("SPENT"),
                QStringLiteral("MOST BY"), QStringLiteral("RESETS")},
               rows);
}

void showBudget(const json::object& budget) { showBudgets({budget}); }

// An amount in the budget's unit; none ends the program.
std::optional<std::int64_t> amountFrom(const QString& text, const QString& unit) {
    bool isNumber = false;
    const qlonglong tokens = text.toLongLong(&isNumber);
    const auto amount = unit == QLatin1String("money") ? moneyFrom(text) : isNumber ? std::optional<std::int64_t>(tokens) : std::nullopt;
    if (!amount)
        fail(exitUsage, QStringLiteral("\"%1\" is no amount of %2: write 5.25 for money, a whole number for tokens.").arg(text, unit));
    return amount;
}

// The id that stands for a subject's name: of a person or a group; a route is its own.
void withSubject(Context& context, const QString& scope, const QString& name, std::function<void(const QString&)> then) {
    if (scope == QLatin1String("person") && !name.isEmpty())
        return findUser(context, name, std::move(then));
    if (scope != QLatin1String("group") || name.isEmpty())
        return then(name);
    askFirst(context, "GET", QStringLiteral("/admin/groups"), {}, [name, then = std::move(then)](const json::object& groups) {
        if (const auto group = itemWith(groups, "name", name, QStringLiteral("group")))
            then(textOf(*group, "groupId"));
    });
}

void setBudget(Context& context) {
    const QString unit = context.option("unit", QStringLiteral("money"));
    const QString scope = context.option("scope", QStringLiteral("all"));
    const auto limit = amountFrom(context.option("limit"), unit);
    if (!limit)
        return;
    withSubject(context, scope, context.option("subject"), [&context, unit, scope, limit](const QString& subject) {
        askFirst(context, "GET", budgets, {}, [&context, unit, scope, limit, subject](const json::object& known) {
            const json::object wish{{"name", context.words.first().toStdString()}, {"scope", scope.toStdString()}, {"subject", subject.toStdString()},
                                    {"unit", unit.toStdString()}, {"window", context.option("window", QStringLiteral("month")).toStdString()}, {"limit", *limit}};
            for (const json::value& item : itemsOf(known))
                if (textOf(item.as_object(), "name") == context.words.first())
                    return ask(context, "PUT", budgets + u'/' + textOf(item.as_object(), "budgetId"), wish, showBudget);
            ask(context, "POST", budgets, wish, showBudget);
        });
    });
}

// Runs `then` with the budget of that name.
void withBudget(Context& context, std::function<void(const json::object&)> then) {
    askFirst(context, "GET", budgets, {}, [&context, then = std::move(then)](const json::object& known) {
        if (const auto budget = itemWith(known, "name", context.words.first(), QStringLiteral("budget")))
            then(*budget);
    });
}

void raiseBudget(Context& context) {
    withBudget(context, [&context](const json::object& budget) {
        if (const auto by = amountFrom(context.option("by"), textOf(budget, "unit")))
            ask(context, "POST", budgets + u'/' + textOf(budget, "budgetId") + QStringLiteral("/raise"), {{"by", *by}}, showBudget);
    });
}

void removeBudget(Context& context) {
    withBudget(context, [&context](const json::object& budget) {
        ask(context, "DELETE", budgets + u'/' + textOf(budget, "budgetId"), {},
            [](const json::object& gone) { printLine(QStringLiteral("%1 is removed.").arg(textOf(gone, "name"))); });
    });
}

void showLimits(const json::object& list) {
    const auto orNone = [](const json::object& limit, const char* name) { return numberOf(limit, name) > 0 ? textOf(limit, name) : QStringLiteral("none"); };
    QList<QStringList> rows;
    for (const json::value& item : itemsOf(list)) {
        const json::object& limit = item.as_object();
        rows.append({textOf(limit, "scope"), textOf(limit, "subject").isEmpty() ? QStringLiteral("each") : textOf(limit, "subject"),
                     orNone(limit, "requestsPerMinute"), orNone(limit, "tokensPerMinute"), orNone(limit, "streams")});
    }
    printTable({QStringLiteral("OF"), QStringLiteral("WHICH"), QStringLiteral("REQUESTS/MIN"), QStringLiteral("TOKENS/MIN"), QStringLiteral("STREAMS")}, rows);
}

void setLimit(Context& context) {
    const QString scope = context.words.first();
    withSubject(context, scope, context.option("subject"), [&context, scope](const QString& subject) {
        askFirst(context, "GET", limits, {}, [&context, scope, subject](const json::object& known) {
            json::array items;
            for (const json::value& item : itemsOf(known))
                if (textOf(item.as_object(), "scope") != scope || textOf(item.as_object(), "subject") != subject)
                    items.push_back(item);
            items.push_back(json::object{{"scope", scope.toStdString()}, {"subject", subject.toStdString()},
                                         {"requestsPerMinute", context.option("requests").toLongLong()},
                                         {"tokensPerMinute", context.option("tokens").toLongLong()}, {"streams", context.option("streams").toLongLong()}});
            ask(context, "PUT", limits, {{"items", std::move(items)}}, showLimits);
        });
    });
}

QString days(const Context& context) {
    QStringList parts;
    for (const char* name : {"from", "to", "by"})
        if (!context.option(name).isEmpty())
            parts.append(QLatin1String(name) + u'=' + context.option(name));
    return parts.isEmpty() ? QString() : u'?' + parts.join(u'&');
}

void showUsage(const json::object& report) {
    QList<QStringList> rows;
    const auto add = [&rows](const json::object& row) {
        QStringList cells{textOf(row, "title")};
        for (const char* name : {"requests", "failed", "promptTokens", "completionTokens"})
            cells.append(textOf(row, name));
        cells.append(amountText({{"unit", "money"}, {"cost", numberOf(row, "costNanos")}}, "cost"));
        rows.append(cells);
    };
    for (const json::value& item : itemsOf(report))
        add(item.as_object());
    if (const json::value* total = report.if_contains("total"); total && total->is_object())
        add(total->get_object());
    printTable({textOf(report, "by").toUpper(), QStringLiteral("REQUESTS"), QStringLiteral("FAILED"), QStringLiteral("TOKENS IN"), QStringLiteral("TOKENS OUT"),
                QStringLiteral("COST")},
               rows);
}

void usageCsv(Context& context) {
    context.client.text(QStringLiteral("/admin/usage.csv") + days(context), &context.guard, [](const std::variant<QByteArray, gui::ApiFailure>& result) {
        if (const auto* failure = std::get_if<gui::ApiFailure>(&result))
            return failWith(*failure);
        std::fwrite(std::get<QByteArray>(result).constData(), 1, std::size_t(std::get<QByteArray>(result).size()), stdout);
        finish(exitOk);
    });
}

QStringList list(const char* words) { return QString::fromLatin1(words).split(u' '); }

} // namespace

void addBudgetCommands(std::vector<std::unique_ptr<Command>>& to) {
    const auto add = [&to](auto... parts) { to.push_back(std::make_unique<PlainCommand>(parts...)); };
    add("budget list", "", "how much may be used over time, and how much is", QStringList(),
        [](Context& c) { ask(c, "GET", budgets, {}, [](const json::object& all) { showBudgets(itemsOf(all)); }); });
    add("budget set", "NAME", "make or change a budget (--limit 5.25 --scope all|person|group|route --subject WHO --unit money|tokens --window day|week|month|run)",
        list("limit scope subject unit window"), setBudget);
    add("budget raise", "NAME", "more for the rest of this day (--by 5.25)", list("by"), raiseBudget);
    add("budget remove", "NAME", "take a budget away", QStringList(), removeBudget);
    add("limit list", "", "how much at once and by the minute", QStringList(), [](Context& c) { ask(c, "GET", limits, {}, showLimits); });
    add("limit set", "SCOPE", "limit each person, key or route, or one (--subject WHO --requests N --tokens N --streams N; 0: none)",
        list("subject requests tokens streams"), setLimit);
    add("usage show", "", "who used what (--by person|route|target|key|day --from DAY --to DAY)", list("by from to"),
        [](Context& c) { ask(c, "GET", QStringLiteral("/admin/usage") + days(c), {}, showUsage); });
    add("usage csv", "", "the same for a spreadsheet (--from DAY --to DAY)", list("from to"), usageCsv);
}

} // namespace clawloops::ctl
