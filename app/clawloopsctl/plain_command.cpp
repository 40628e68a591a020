// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plain_command.h"

#include "models/money.h"

#include <QRegularExpression>

namespace clawloops::ctl {

void askFirst(Context& context, const QByteArray& verb, const QString& path, const json::object& body, Then then) {
    const auto answer = [then = std::move(then)](gui::ApiResult result) {
        if (const auto* failure = std::get_if<gui::ApiFailure>(&result))
            return failWith(*failure);
        then(std::get<json::object>(result));
    };
    if (verb == "GET")
        context.client.get(path, &context.guard, answer);
    else if (verb == "POST")
        context.client.post(path, body, &context.guard, answer);
    else if (verb == "PUT")
        context.client.put(path, body, &context.guard, answer);
    else
        context.client.remove(path, &context.guard, answer);
}

void ask(Context& context, const QByteArray& verb, const QString& path, const json::object& body, Then then) {
    askFirst(context, verb, path, body, [&context, then = std::move(then)](const json::object& object) {
        if (context.json)
            printJson(object);
        else
            then(object);
        finish(exitOk);
    });
}

QString textOf(const json::object& object, const char* name) {
    const json::value* value = object.if_contains(name);
    if (value && value->is_string())
        return QString::fromUtf8(value->get_string().data(), qsizetype(value->get_string().size()));
    return value && value->is_int64() ? QString::number(value->get_int64()) : QString();
}

std::int64_t numberOf(const json::object& object, const char* name) {
    const json::value* value = object.if_contains(name);
    return value && value->is_int64() ? value->get_int64() : 0;
}

const json::array& itemsOf(const json::object& object) {
    static const json::array none;
    const json::value* items = object.if_contains("items");
    return items && items->is_array() ? items->get_array() : none;
}

std::optional<json::object> itemWith(const json::object& list, const char* member, const QString& value, const QString& what) {
    for (const json::value& item : itemsOf(list))
        if (item.is_object() && textOf(item.get_object(), member) == value)
            return item.get_object();
    fail(exitFailed, QStringLiteral("There is no %1 %2.").arg(what, value));
    return std::nullopt;
}

std::optional<std::int64_t> moneyFrom(QString text) {
    static const QRegularExpression amount(QStringLiteral("^\\$?([0-9]{1,7})(?:\\.([0-9]{1,9}))?$"));
    const auto found = amount.match(text);
    if (!found.hasMatch())
        return std::nullopt;
    return found.captured(1).toLongLong() * 1'000'000'000 + found.captured(2).leftJustified(9, u'0').toLongLong();
}

QString amountText(const json::object& budget, const char* member) {
    const std::int64_t amount = numberOf(budget, member);
    return textOf(budget, "unit") == QLatin1String("money") ? gui::moneyText(amount) : QStringLiteral("%1 tokens").arg(amount);
}

} // namespace clawloops::ctl
