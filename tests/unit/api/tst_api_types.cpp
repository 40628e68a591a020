// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/budget_types.h"
#include "wire/model_types.h"
#include "wire/route_types.h"
#include "wire/usage_types.h"

#include <QTest>

using namespace clawloops;
using namespace clawloops::wire;

class TestApiTypes : public QObject {
    Q_OBJECT

    static AdminRuntime runtime() {
        Task task{"tsk_1", "run_1", "start", "running", "2026-01-01T00:00:00.000Z", std::nullopt, TaskError{"X", "y"},
                  {{"reserve", "Reserved", "done", "2026-01-01T00:00:00.000Z", 12, std::nullopt}}};
        return {{{"run_1", "vol_1", "img", "running", "creating", "https://h/w/anna/", "preserve_workspace", std::nullopt}, false, "Starting.",
                 "2026-01-01T00:00:00.000Z", task}, "usr_1", "anna", "c0"};
    }
    template <class T> static void comesBack(const T& value) {
        const json::object written = toJson(value);
        const auto read = fromJson<T>(written);
        QVERIFY2(read.ok(), read.ok() ? "" : read.error().message.c_str());
        QVERIFY(toJson(*read) == written);
    }

private Q_SLOTS:
    void everyTypeComesBackAsItWent() {
        const User user{"usr_1", "usr_1", "anna", "default", "user", "active", false, false, true, "Because.", "t", std::nullopt};
        const Invitation invitation{"inv_1", "ben", "user", "pending", "a", "b"};
        const Component component{"postgres", "PostgreSQL", "running", "t", 7, 1, "It answers.", std::nullopt};
        const Route route{"starter", "Starter", true, {{"t", "openai", "m", 1, "unix:/x"}}};
        Route whole = route;
        whole.targets[0].price = Price{1, 2, 3};
        whole.targets[0].credentialId = "crd_1";
        whole.force = {{"temperature", 0.5}};
        whole.people = {"usr_1"};
        comesBack(whole);
        const UsageSummary usage{"a", "b", {"", "All", 1, 2, 3, 4}, {{"starter", "Starter", 1, 2, 3, 4}}, {}};
        comesBack(ErrorBody{"NOT_FOUND", "m", "req_1"});
        comesBack(user);
        comesBack(Access{true, "granted", user});
        comesBack(Access{false, "signed_out", std::nullopt});
        comesBack(AuthOptions{"clawloops", {"local_password"}, true});
        comesBack(SignedIn{user, "token", "t"});
        comesBack(InvitationLink{invitation, "https://h/#invitation=x"});
        comesBack(runtime());
        comesBack(runtime().status);
        comesBack(runtime().status.binding);
        comesBack(WorkspaceEntry{true, "u", "r"});
        comesBack(Model{"a", "b", true});
        comesBack(route);
        comesBack(component);
        comesBack(usage);
        comesBack(AdminHome{"1", "t", "p", "w", 1, 2, 3, 4, 5, 6, 7, {component}});
        comesBack(Trace{"req_1", {{"t", "relay", "m", "req_2", true, "{}"}}, "Joined."});
        comesBack(Group{"grp_1", "Team", {"usr_1"}});
        comesBack(Credential{"crd_1", "Ours", "anthropic", "t", "t", std::nullopt, "It said no.", {"starter"}});
        comesBack(MasterKeyRotation{2, 3});
        comesBack(Holds{{{"usr_1", "anna", "held", "identicalRequests", "Why.", {{"seen", 20}}, "t"}}, "All of you."});
        const UsageRow row{"usr_1", "anna", 1, 2, 3, 4, 5, 6, 7, 8};
        comesBack(UsageReport{"2026-11-01", "2026-11-30", "person", {row}, row});
        comesBack(UsageKeeping{3});
        const Budget budget{"bud_1", "Each", "person", "", "money", "day", 1, "2026-11-26", 2, 3, 4, "anna", "t"};
        comesBack(Quota{{budget}, {{"person", "", 1, 2, 3}}, "Why."});
        comesBack(NewPersonalKey{{"key_1", "Notebook", "clk_AbCd", "usr_1", "anna", "t", std::nullopt, "t", {"starter"}, true}, "clk_x"});
        comesBack(Snapshot{{user}, {runtime()}, {route}, {component}, {invitation}, usage});
    }

    void aRuntimeIsFlatAndKeepsTheInternalsToItself() {
        const json::object written = toJson(runtime().status);
        QVERIFY(written.contains("observedState") && written.contains("ready"));
        for (const char* internal : {"userId", "cellId", "internalEndpoint", "binding"})
            QVERIFY2(!written.contains(internal), internal);
    }

    void whatIsMissingOrOfAnotherTypeIsNamed() {
        json::object written = toJson(Model{"a", "b", true});
        written["added-later"] = 1;
        QVERIFY(fromJson<Model>(written).ok());
        written["title"] = 5;
        QVERIFY(fromJson<Model>(written).error().message.find("\"title\" has the wrong type") != std::string::npos);
        written.erase("title");
        QVERIFY(fromJson<Model>(written).error().message.find("\"title\" is missing") != std::string::npos);
        QVERIFY(!listFromJson<Model>({{"items", {1}}}).ok());
    }

    void anEventIsOneBlockOfLines() {
        QCOMPARE(toServerSentEvent({3, "user", {{"a", "x\ny"}}}), std::string("event: user\nid: 3\ndata: {\"a\":\"x\\ny\"}\n\n"));
    }
};

QTEST_GUILESS_MAIN(TestApiTypes)
#include "tst_api_types.moc"
