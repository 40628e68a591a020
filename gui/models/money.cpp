// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/money.h"

#include <QRegularExpression>

namespace clawloops::gui {

namespace {

constexpr qint64 unit = 1'000'000'000;
constexpr qint64 cent = unit / 100;

// "1.5" with nine decimals: 1500000000; nothing where it does not fit.
std::optional<qint64> scaled(const QString& whole, const QString& decimals, int digits) {
    bool good = false;
    const qint64 value = (whole + decimals.leftJustified(digits, u'0')).toLongLong(&good);
    return good ? std::optional(value) : std::nullopt;
}

} // namespace

QString exactCountText(qint64 count) {
    QString text = QString::number(count);
    const qsizetype first = count < 0 ? 1 : 0;
    for (qsizetype at = text.size() - 3; at > first; at -= 3)
        text.insert(at, QChar(0x202F));
    return text;
}

QString moneyText(qint64 nanos) {
    if (nanos < 0)
        return u'-' + moneyText(-nanos);
    if (nanos > 0 && nanos < cent)
        return QStringLiteral("< $0.01");
    const qint64 cents = nanos / cent + (nanos % cent >= cent / 2 ? 1 : 0);
    return QStringLiteral("$%1.%2").arg(exactCountText(cents / 100)).arg(cents % 100, 2, 10, QLatin1Char('0'));
}

QString exactMoneyText(qint64 nanos) {
    if (nanos < 0)
        return u'-' + exactMoneyText(-nanos);
    QString decimals = QStringLiteral("%1").arg(nanos % unit, 9, 10, QLatin1Char('0'));
    while (decimals.size() > 2 && decimals.endsWith(u'0'))
        decimals.chop(1);
    return QStringLiteral("$%1.%2").arg(exactCountText(nanos / unit), decimals);
}

std::optional<qint64> nanosFromText(const QString& text) {
    static const QRegularExpression form(QStringLiteral("^\\s*\\$?\\s*(\\d{1,9})(?:\\.(\\d{1,9}))?\\s*$"));
    const auto found = form.match(text);
    return found.hasMatch() ? scaled(found.captured(1), found.captured(2), 9) : std::nullopt;
}

std::optional<qint64> countFromText(const QString& text) {
    static const QRegularExpression form(QStringLiteral("^(\\d{1,15})(?:\\.(\\d{1,3}))?([kM]?)$"));
    QString packed = text;
    packed.remove(QRegularExpression(QStringLiteral("\\s")));
    const auto found = form.match(packed);
    if (!found.hasMatch())
        return std::nullopt;
    const int digits = found.captured(3) == u'M' ? 6 : found.captured(3) == u'k' ? 3 : 0;
    if (found.captured(2).size() > digits)
        return std::nullopt; // half a token
    return scaled(found.captured(1), found.captured(2), digits);
}

} // namespace clawloops::gui
