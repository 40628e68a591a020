// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"

#include "models/state_view.h"
#include "wire/api_types.h"

namespace clawloops::ctl {

namespace {

class RuntimeList : public Command {
public:
    QString words() const override { return QStringLiteral("runtime list"); }
    QString summary() const override { return QStringLiteral("what runs for whom"); }
    void run(Context& context) override {
        context.client.get(QStringLiteral("/admin/runtimes"), &context.guard, [&context](gui::ApiResult result) {
            if (const auto* failure = std::get_if<gui::ApiFailure>(&result))
                return failWith(*failure);
            const json::object& object = std::get<json::object>(result);
            const auto runtimes = wire::listFromJson<wire::AdminRuntime>(object);
            if (!runtimes)
                return fail(exitUnreachable, QString::fromStdString(runtimes.error().message));
            if (context.json) {
                printJson(object);
                return finish(exitOk);
            }
            QList<QStringList> rows;
            for (const wire::AdminRuntime& one : *runtimes) {
                const gui::StateView state = gui::describe(one);
                rows.append({gui::fromWire(one.username), state.word, gui::sinceText(state.since), gui::fromWire(one.cellId), state.sentence});
            }
            printTable({QStringLiteral("PERSON"), QStringLiteral("STATE"), QStringLiteral("SINCE"), QStringLiteral("CELL"), QString()}, rows);
            finish(exitOk);
        });
    }
};

class RuntimeOrder : public Command {
public:
    explicit RuntimeOrder(QString verb) : m_verb(std::move(verb)) {}
    QString words() const override { return QStringLiteral("runtime ") + m_verb; }
    QString arguments() const override { return QStringLiteral("NAME"); }
    QString summary() const override {
        return m_verb == QLatin1String("start") ? QStringLiteral("start NAME's runtime; returns when it is accepted")
                                                : QStringLiteral("stop NAME's runtime; the workspace is kept");
    }
    void run(Context& context) override {
        findUser(context, context.words.first(), [this, &context](const QString& userId) {
            context.client.post(QStringLiteral("/admin/users/%1/runtime/%2").arg(userId, m_verb), {}, &context.guard,
                                [&context](gui::ApiResult result) {
                                    if (const auto* failure = std::get_if<gui::ApiFailure>(&result))
                                        return failWith(*failure);
                                    const json::object& object = std::get<json::object>(result);
                                    const auto one = wire::fromJson<wire::AdminRuntime>(object);
                                    if (!one)
                                        return fail(exitUnreachable, QString::fromStdString(one.error().message));
                                    if (context.json)
                                        printJson(object);
                                    else
                                        printLine(QStringLiteral("%1: %2").arg(gui::fromWire(one->username), gui::describe(*one).word));
                                    finish(exitOk);
                                });
        });
    }

private:
    QString m_verb;
};

class RouteList : public Command {
public:
    QString words() const override { return QStringLiteral("route list"); }
    QString summary() const override { return QStringLiteral("the models people can choose, and where their requests go"); }
    void run(Context& context) override {
        context.client.get(QStringLiteral("/admin/routes"), &context.guard, [&context](gui::ApiResult result) {
            if (const auto* failure = std::get_if<gui::ApiFailure>(&result))
                return failWith(*failure);
            const json::object& object = std::get<json::object>(result);
            const auto routes = wire::listFromJson<wire::Route>(object);
            if (!routes)
                return fail(exitUnreachable, QString::fromStdString(routes.error().message));
            if (context.json) {
                printJson(object);
                return finish(exitOk);
            }
            QList<QStringList> rows;
            for (const wire::Route& route : *routes)
                for (std::size_t i = 0; i == 0 || i < route.targets.size(); ++i)
                    rows.append({i == 0 ? gui::fromWire(route.modelId) : QString(), i == 0 ? gui::describe(route).word : QString(),
                                 route.targets.empty() ? QString() : gui::fromWire(route.targets[i].name),
                                 route.targets.empty() ? QString() : gui::fromWire(route.targets[i].kind),
                                 route.targets.empty() ? QString() : gui::fromWire(route.targets[i].model),
                                 route.targets.empty() ? QString() : gui::fromWire(route.targets[i].url)});
            printTable({QStringLiteral("MODEL"), QStringLiteral("STATE"), QStringLiteral("TARGET"), QStringLiteral("KIND"),
                        QStringLiteral("UPSTREAM MODEL"), QStringLiteral("URL")},
                       rows);
            finish(exitOk);
        });
    }
};

} // namespace

void addRuntimeCommands(std::vector<std::unique_ptr<Command>>& to) {
    to.push_back(std::make_unique<RuntimeList>());
    to.push_back(std::make_unique<RuntimeOrder>(QStringLiteral("start")));
    to.push_back(std::make_unique<RuntimeOrder>(QStringLiteral("stop")));
    to.push_back(std::make_unique<RouteList>());
}

} // namespace clawloops::ctl
