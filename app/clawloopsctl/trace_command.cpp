// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"

#include "models/state_view.h"
#include "wire/api_types.h"

#include <QRegularExpression>

namespace clawloops::ctl {

namespace {

class TraceRequest : public Command {
public:
    QString words() const override { return QStringLiteral("trace"); }
    QString arguments() const override { return QStringLiteral("REQUEST-ID"); }
    QString summary() const override { return QStringLiteral("where one request went, hop by hop"); }
    void run(Context& context) override {
        static const QRegularExpression shape(QStringLiteral("^req_[a-z2-7]{20}$"));
        const QString id = context.words.first();
        if (!shape.match(id).hasMatch())
            return fail(exitUsage, QStringLiteral("%1 is not a request id: they look like req_ and 20 letters and digits.").arg(id));
        context.client.get(QStringLiteral("/admin/trace/%1").arg(id), &context.guard, [&context](gui::ApiResult result) {
            if (const auto* failure = std::get_if<gui::ApiFailure>(&result))
                return failWith(*failure);
            const json::object& object = std::get<json::object>(result);
            const auto trace = wire::fromJson<wire::Trace>(object);
            if (!trace)
                return fail(exitUnreachable, QString::fromStdString(trace.error().message));
            if (context.json) {
                printJson(object);
                return finish(exitOk);
            }
            QDateTime first;
            QList<QStringList> rows;
            for (const wire::TraceHop& hop : trace->hops) {
                const QDateTime at = gui::timeFromWire(hop.at);
                if (!first.isValid())
                    first = at;
                rows.append({at.isValid() ? at.toString(QStringLiteral("HH:mm:ss.zzz")) : QString(),
                             at.isValid() ? QStringLiteral("+%1 ms").arg(first.msecsTo(at)) : QString(), gui::fromWire(hop.component),
                             hop.joined ? QStringLiteral("~ ") + gui::fromWire(hop.requestId) : gui::fromWire(hop.requestId),
                             gui::fromWire(hop.message)});
            }
            printTable({QStringLiteral("TIME"), QStringLiteral("AFTER"), QStringLiteral("HOP"), QStringLiteral("REQUEST"), QStringLiteral("WHAT")}, rows);
            if (trace->note)
                printLine(QStringLiteral("\n~ ") + gui::fromWire(*trace->note));
            finish(exitOk);
        });
    }
};

} // namespace

void addTraceCommands(std::vector<std::unique_ptr<Command>>& to) { to.push_back(std::make_unique<TraceRequest>()); }

std::vector<std::unique_ptr<Command>> makeCommands() {
    std::vector<std::unique_ptr<Command>> all;
    addStatusCommands(all);
    addSessionCommands(all);
    addUserCommands(all);
    addRuntimeCommands(all);
    addBudgetCommands(all);
    addModelCommands(all);
    addHoldCommands(all);
    addTraceCommands(all);
    return all;
}

} // namespace clawloops::ctl
