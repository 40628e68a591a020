// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "identity/password_policy.h"

#include <QByteArray>
#include <QFile>
#include <QSet>
#include <QString>

static void loadResource() { Q_INIT_RESOURCE(identity); }

namespace clawloops::identity {

namespace {

// One password a line, lower case. Read once, on first use.
const QSet<QByteArray>& commonPasswords() {
    static const QSet<QByteArray> list = [] {
        loadResource();
        QSet<QByteArray> words;
        QFile file(QStringLiteral(":/clawloops/identity/common_passwords.txt"));
        if (file.open(QIODevice::ReadOnly))
            while (!file.atEnd())
                words.insert(file.readLine().trimmed());
        return words;
    }();
    return list;
}

// The shortest text that, repeated, makes the whole: "abcabcab" → "abc".
QString period(const QString& text) {
    for (qsizetype length = 1; length <= text.size() / 2; ++length) {
        bool repeats = true;
        for (qsizetype i = length; i < text.size() && repeats; ++i)
            repeats = text[i] == text[i - length];
        if (repeats)
            return text.left(length);
    }
    return text;
}

bool isOneStep(const QString& text) { // "abcdefgh…", "987654…"
    for (const int step : {-1, 1}) {
        bool all = true;
        for (qsizetype i = 1; i < text.size() && all; ++i)
            all = text[i].unicode() == text[i - 1].unicode() + step;
        if (all)
            return true;
    }
    return false;
}

// Less what people put around a word to make it pass.
QString core(const QString& text) {
    qsizetype first = 0;
    qsizetype last = text.size();
    while (first < last && !text[first].isLetter())
        ++first;
    while (last > first && !text[last - 1].isLetter())
        --last;
    return text.mid(first, last - first);
}

bool isCommon(const QString& lower) {
    const QString unit = period(lower);
    if (unit.size() < lower.size() || isOneStep(lower) || QSet<QChar>(lower.begin(), lower.end()).size() < 5)
        return true;
    const auto& words = commonPasswords();
    return words.contains(lower.toUtf8()) || words.contains(core(lower).toUtf8());
}

bool isMadeOf(const QString& lower, const QString& username) {
    if (username.size() < 2)
        return false;
    QString rest = lower;
    rest.remove(username);
    // Little is left but digits and punctuation once the name is gone.
    return rest.size() < lower.size() && core(rest).size() < 6;
}

} // namespace

Secret normalisedPassword(const Secret& password) {
    const std::string_view text = password.reveal();
    QString read = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
    QByteArray utf8 = read.normalized(QString::NormalizationForm_KC).toUtf8();
    Secret result(utf8.toStdString());
    utf8.fill('\0');
    read.fill(QChar(u'\0'));
    return result;
}

Status checkPassword(const Secret& password, std::string_view username, ErrorCode code) {
    const Secret normal = normalisedPassword(password);
    const QString text = QString::fromUtf8(normal.reveal().data(), static_cast<qsizetype>(normal.reveal().size()));
    const auto length = text.toUcs4().size();
    if (length < shortestPassword)
        return Error{code, "The password needs at least " + std::to_string(shortestPassword) + " characters. A few words in a row are a good one.", {}};
    if (length > longestPassword)
        return Error{code, "The password can have at most " + std::to_string(longestPassword) + " characters.", {}};
    const QString lower = text.toLower();
    if (isMadeOf(lower, QString::fromUtf8(username.data(), static_cast<qsizetype>(username.size()))))
        return Error{code, "The password is little more than the username. Choose words that have nothing to do with it.", {}};
    if (isCommon(lower))
        return Error{code, "The password is a common or a repeated one, which are tried first. Choose a few unrelated words.", {}};
    return {};
}

} // namespace clawloops::identity
