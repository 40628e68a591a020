// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"

#include "models/state_view.h"
#include "wire/api_types.h"

namespace clawloops::ctl {

namespace {

class UserList : public Command {
public:
    QString words() const override { return QStringLiteral("user list"); }
    QString summary() const override { return QStringLiteral("everybody who may sign in"); }
    void run(Context& context) override {
        context.client.get(QStringLiteral("/admin/users"), &context.guard, [&context](gui::ApiResult result) {
            if (const auto* failure = std::get_if<gui::ApiFailure>(&result))
                return failWith(*failure);
            const json::object& object = std::get<json::object>(result);
            const auto users = wire::listFromJson<wire::User>(object);
            if (!users)
                return fail(exitUnreachable, QString::fromStdString(users.error().message));
            if (context.json) {
                printJson(object);
                return finish(exitOk);
            }
            QList<QStringList> rows;
            for (const wire::User& user : *users)
                rows.append({gui::fromWire(user.username), gui::fromWire(user.role), gui::describe(user).word,
                             user.lastSignInAt ? QStringLiteral("%1 ago").arg(gui::sinceText(gui::timeFromWire(*user.lastSignInAt)))
                                               : QStringLiteral("never"),
                             gui::fromWire(user.userId)});
            printTable({QStringLiteral("NAME"), QStringLiteral("ROLE"), QStringLiteral("STATE"), QStringLiteral("LAST SIGN-IN"), QStringLiteral("ID")},
                       rows);
            finish(exitOk);
        });
    }
};

class UserInvite : public Command {
public:
    QString words() const override { return QStringLiteral("user invite"); }
    QString arguments() const override { return QStringLiteral("NAME"); }
    QString summary() const override { return QStringLiteral("make a link with which NAME joins (--role admin|user)"); }
    void run(Context& context) override {
        const QString role = context.role.isEmpty() ? QStringLiteral("user") : context.role;
        context.client.post(QStringLiteral("/admin/invitations"),
                            {{"username", context.words.first().toStdString()}, {"role", role.toStdString()}}, &context.guard,
                            [&context](gui::ApiResult result) {
                                if (const auto* failure = std::get_if<gui::ApiFailure>(&result))
                                    return failWith(*failure);
                                const json::object& object = std::get<json::object>(result);
                                const auto made = wire::fromJson<wire::InvitationLink>(object);
                                if (!made)
                                    return fail(exitUnreachable, QString::fromStdString(made.error().message));
                                if (context.json)
                                    printJson(object);
                                else
                                    printLine(gui::fromWire(made->link));
                                finish(exitOk);
                            });
    }
};

class UserSetStatus : public Command {
public:
    explicit UserSetStatus(bool disable) : m_disable(disable) {}
    QString words() const override { return m_disable ? QStringLiteral("user disable") : QStringLiteral("user enable"); }
    QString arguments() const override { return QStringLiteral("NAME"); }
    QString summary() const override {
        return m_disable ? QStringLiteral("shut NAME out: ends what they have open, keeps their workspace")
                         : QStringLiteral("let NAME in again");
    }
    void run(Context& context) override {
        findUser(context, context.words.first(), [this, &context](const QString& userId) {
            context.client.patch(QStringLiteral("/admin/users/%1/status").arg(userId), {{"status", m_disable ? "disabled" : "active"}},
                                 &context.guard, [&context](gui::ApiResult result) {
                                     if (const auto* failure = std::get_if<gui::ApiFailure>(&result))
                                         return failWith(*failure);
                                     const json::object& object = std::get<json::object>(result);
                                     const auto user = wire::fromJson<wire::User>(object);
                                     if (!user)
                                         return fail(exitUnreachable, QString::fromStdString(user.error().message));
                                     if (context.json)
                                         printJson(object);
                                     else
                                         printLine(QStringLiteral("%1 is %2.").arg(gui::fromWire(user->username), gui::describe(*user).word));
                                     finish(exitOk);
                                 });
        });
    }

private:
    bool m_disable;
};

} // namespace

void addUserCommands(std::vector<std::unique_ptr<Command>>& to) {
    to.push_back(std::make_unique<UserList>());
    to.push_back(std::make_unique<UserInvite>());
    to.push_back(std::make_unique<UserSetStatus>(true));
    to.push_back(std::make_unique<UserSetStatus>(false));
}

} // namespace clawloops::ctl
