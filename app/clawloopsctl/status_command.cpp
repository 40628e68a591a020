// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"

#include "link/control_client.h"
#include "models/state_view.h"
#include "wire/api_types.h"

#include <QTimer>

namespace clawloops::ctl {

namespace {

int printComponents(const std::vector<wire::Component>& all) {
    QList<QStringList> rows;
    int sick = 0;
    for (const wire::Component& one : all) {
        const gui::StateView state = gui::describe(one);
        sick += state.kind == gui::StateKind::Running ? 0 : 1;
        rows.append({gui::fromWire(one.title), state.word, gui::sinceText(state.since), one.pid ? QString::number(*one.pid) : QString(),
                     one.rssBytes ? gui::bytesText(*one.rssBytes) : QString(), QString::number(one.restarts), state.sentence});
    }
    printTable({QStringLiteral("COMPONENT"), QStringLiteral("STATE"), QStringLiteral("SINCE"), QStringLiteral("PID"),
                QStringLiteral("MEMORY"), QStringLiteral("RESTARTS"), QString()},
               rows);
    return sick == 0 ? exitOk : exitFailed;
}

int sickIn(const std::vector<wire::Component>& all) {
    for (const wire::Component& one : all)
        if (gui::describe(one).kind != gui::StateKind::Running)
            return exitFailed;
    return exitOk;
}

// Signed in: what the control plane says. Otherwise, or when it does not answer: what this machine's supervisor says on its
// rescue socket, to the accounts that it lets in.
class Status : public Command {
public:
    QString words() const override { return QStringLiteral("status"); }
    QString summary() const override { return QStringLiteral("what runs, and whether it is well (0 all well, 1 something is not)"); }
    bool needsSignIn() const override { return false; }
    void run(Context& context) override {
        if (context.client.connection().token.empty())
            return askSupervisor(context, QStringLiteral("Not signed in, and there is no supervisor to ask on this machine: sign in "
                                                         "with clawloopsctl login, or run this as an account of the appliance."),
                                 exitRefused);
        context.client.get(QStringLiteral("/admin/home"), &context.guard, [this, &context](gui::ApiResult result) {
            if (const auto* failure = std::get_if<gui::ApiFailure>(&result)) {
                using Kind = gui::ApiFailure::Kind;
                if ((failure->kind == Kind::Unreachable || failure->kind == Kind::ControlPlaneSilent) && !context.rescueSocket.isEmpty())
                    return askSupervisor(context, failure->sentence, exitUnreachable);
                return failWith(*failure);
            }
            json::object object = std::get<json::object>(result);
            const auto home = wire::fromJson<wire::AdminHome>(object);
            if (!home)
                return fail(exitUnreachable, QString::fromStdString(home.error().message));
            if (context.json) {
                object["source"] = "control plane";
                printJson(object);
                return finish(sickIn(home->components));
            }
            const int code = printComponents(home->components);
            printLine({});
            printLine(QStringLiteral("%1: %2 people (%3 frozen, %4 invited), %5 runtimes (%6 running, %7 in error), %8 models")
                          .arg(gui::fromWire(home->portalUrl))
                          .arg(home->users)
                          .arg(home->disabledUsers)
                          .arg(home->pendingInvitations)
                          .arg(home->runtimes)
                          .arg(home->runningRuntimes)
                          .arg(home->failedRuntimes)
                          .arg(home->routes));
            finish(code);
        });
    }

private:
    void askSupervisor(Context& context, const QString& otherwise, int code) {
        if (context.rescueSocket.isEmpty())
            return fail(code, otherwise);
        auto* control = new ControlClient(context.rescueSocket, "The supervisor", &context.guard);
        auto* limit = new QTimer(&context.guard);
        limit->setSingleShot(true);
        QObject::connect(limit, &QTimer::timeout, &context.guard, [otherwise, code] {
            fail(code, otherwise + QStringLiteral(" The supervisor of this machine does not answer either."));
        });
        QObject::connect(control, &ControlClient::connected, &context.guard, [control, limit, &context] {
            limit->stop();
            control->call("status", {}, &context.guard, [&context](Result<json::object> status) {
                if (!status)
                    return fail(exitUnreachable, QString::fromStdString(status.error().message));
                const json::value* list = status->if_contains("components");
                const auto all = wire::listFromJson<wire::Component>({{"items", list ? *list : json::value(nullptr)}});
                if (!all)
                    return fail(exitUnreachable, QString::fromStdString(all.error().message));
                if (!context.json)
                    return finish(printComponents(*all));
                (*status)["source"] = "supervisor";
                printJson(*status);
                finish(sickIn(*all));
            });
        });
        limit->start(3000);
        control->open();
    }
};

} // namespace

void addStatusCommands(std::vector<std::unique_ptr<Command>>& to) { to.push_back(std::make_unique<Status>()); }

} // namespace clawloops::ctl
