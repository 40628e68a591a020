// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "command.h"

#include <functional>
#include <optional>

namespace clawloops::ctl {

// A command that is a few words and a function.
class PlainCommand : public Command {
public:
    using Run = std::function<void(Context&)>;
    PlainCommand(const char* words, const char* arguments, const char* summary, QStringList options, Run run)
        : m_words(QString::fromLatin1(words)), m_arguments(QString::fromLatin1(arguments)), m_summary(QString::fromLatin1(summary)),
          m_options(std::move(options)), m_run(std::move(run)) {}
    QString words() const override { return m_words; }
    QString arguments() const override { return m_arguments; }
    QString summary() const override { return m_summary; }
    QStringList options() const override { return m_options; }
    void run(Context& context) override { m_run(context); }

private:
    QString m_words;
    QString m_arguments;
    QString m_summary;
    QStringList m_options;
    Run m_run;
};

// Asks the server; `then` gets its object. With --json that is printed instead, and the program ends.
using Then = std::function<void(const json::object&)>;
void ask(Context& context, const QByteArray& verb, const QString& path, const json::object& body, Then then);
// The same, but `then` is called whatever was asked for on the way to the answer.
void askFirst(Context& context, const QByteArray& verb, const QString& path, const json::object& body, Then then);

[[nodiscard]] QString textOf(const json::object& object, const char* name); // also of a number; empty for null
[[nodiscard]] std::int64_t numberOf(const json::object& object, const char* name);
[[nodiscard]] const json::array& itemsOf(const json::object& object);
// The first item whose `member` is that; none ends the program with a sentence that says what there is none of.
[[nodiscard]] std::optional<json::object> itemWith(const json::object& list, const char* member, const QString& value, const QString& what);
// "$5", "5.25" → nano-units; none where it is no amount.
[[nodiscard]] std::optional<std::int64_t> moneyFrom(QString text);
[[nodiscard]] QString amountText(const json::object& budget, const char* member); // by its unit

} // namespace clawloops::ctl
