// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The Models page against a scripted server: the health of each target, the queue and what an admin does with it.
#include "models/filter_model.h"
#include "page_fixture.h"
#include "pages/models/models_page.h"
#include "pages/models/queue_panel.h"
#include "pages/models/routes_panel.h"
#include "widgets/confirm_dialog.h"
#include "widgets/fetched_view.h"
#include "widgets/live_table.h"
#include "widgets/sections.h"

#include <QLineEdit>
#include <QPushButton>
#include <QScrollBar>

using namespace clawloops;
using namespace clawloops::gui;

class ModelsPageTest : public PageFixture {
    Q_OBJECT

    static ModelsPage& page(MainWindow& window) { return *static_cast<ModelsPage*>(window.page(MainWindow::ModelsRow)); }
    static json::object health(const char* route, const char* target, const char* state, const char* sentence = "", std::int64_t inFlight = 0,
                               std::int64_t places = 0, std::int64_t waiting = 0) {
        return {{"route", route},      {"target", target},  {"state", state},     {"since", sample::minutesAgo(7)}, {"sentence", sentence},
                {"inFlight", inFlight}, {"slots", places}, {"waiting", waiting}, {"lastUsedAt", nullptr},         {"lastError", nullptr}};
    }
    static json::object waits(const char* ticket, const char* name, std::int64_t position, const char* kind = "interactive") {
        return {{"ticket", ticket}, {"target", "starter"}, {"route", "starter"}, {"user", std::string("usr_") + name}, {"username", name},
                {"kind", kind},     {"since", sample::minutesAgo(0.2)}, {"position", position}, {"waitMs", 4200 * position}};
    }
    void answerAll() {
        answer(QStringLiteral("/admin/targets"), {{"items", json::array{health("starter", "starter", "busy", "", 2, 2, 2),
                                                                        health("starter-litellm", "litellm", "wrong_key", "Anthropic refused the key: invalid x-api-key (401).")}}});
        answer(QStringLiteral("/admin/queue"), {{"items", json::array{waits("tkt_1", "anna", 1), waits("tkt_2", "ben", 2), waits("tkt_3", "elif", 3, "batch")}}});
    }
    void openModels(MainWindow& window, const QString& key = {}) {
        connectTo(window);
        window.openPage(MainWindow::ModelsRow, key);
    }
    static QString cell(ModelsPage& models, const char* route, int column) {
        return models.routes().rows().indexOfKey(QString::fromLatin1(route)).siblingAtColumn(column).data().toString();
    }

private Q_SLOTS:
    void eachModelSaysHowItsTargetsDo() {
        answerAll();
        MainWindow window(options());
        openModels(window, QStringLiteral("starter-litellm"));
        ModelsPage& models = page(window);
        QCOMPARE(cell(models, "starter", RoutesModel::State), QStringLiteral("on")); // not known yet, and not said to be up
        QTRY_COMPARE(cell(models, "starter", RoutesModel::State), QStringLiteral("busy"));
        QCOMPARE(cell(models, "starter", RoutesModel::InFlight), QStringLiteral("2 of 2"));
        QCOMPARE(cell(models, "starter", RoutesModel::Waiting), QStringLiteral("2"));
        QCOMPARE(cell(models, "starter-litellm", RoutesModel::State), QStringLiteral("wrong key"));
        QCOMPARE(models.inspected().state.sentence, QStringLiteral("Anthropic refused the key: invalid x-api-key (401)."));
        keep(window, QStringLiteral("models-health-light"));
        window.data().apply("target", health("starter-litellm", "litellm", "up"));
        QCOMPARE(cell(models, "starter-litellm", RoutesModel::State), QStringLiteral("up"));
        window.data().apply("target", health("starter", "starter", "down", "Nothing answers at its socket."));
        QCOMPARE(cell(models, "starter", RoutesModel::State), QStringLiteral("down"));
    }

    void aRouteIsAsIllAsItsTargets() {
        TargetBoard board;
        wire::Route route = sample::route("r", "R", "openai");
        route.targets.push_back(route.targets[0]);
        route.targets[1].name = "second";
        const auto set = [&](const char* first, const char* second) {
            board.set({*TargetHealth::read(health("r", "starter", first)), *TargetHealth::read(health("r", "second", second)),
                       *TargetHealth::read(health("r", "gone", "down"))}); // no longer a target of it
            return board.stateOf(route);
        };
        QCOMPARE(set("up", "up").word, QStringLiteral("up"));
        QCOMPARE(set("up", "busy").word, QStringLiteral("up"));
        QCOMPARE(set("busy", "busy").kind, StateKind::Waiting);
        QCOMPARE(set("up", "down").kind, StateKind::Attention);
        QCOMPARE(set("up", "down").word, QStringLiteral("1 of 2 down"));
        QCOMPARE(set("wrong_key", "wrong_key").word, QStringLiteral("wrong key"));
        QCOMPARE(set("down", "down").kind, StateKind::Error);
        QCOMPARE(set("unknown", "unknown").word, QStringLiteral("on"));
        route.enabled = false;
        QCOMPARE(set("up", "up").word, QStringLiteral("off"));
    }

    void whatTheServerDoesNotOfferIsSaid() {
        notThere(QStringLiteral("/admin/targets"));
        notThere(QStringLiteral("/admin/queue"));
        MainWindow window(options());
        openModels(window);
        QTRY_VERIFY2(page(window).routes().healthProblem().contains(QStringLiteral("this server does not offer it")), qPrintable(page(window).routes().healthProblem()));
        QCOMPARE(cell(page(window), "starter", RoutesModel::State), QStringLiteral("on"));
        keep(window, QStringLiteral("models-not-offered"));
        page(window).sections().show(&page(window).queue());
        QTRY_VERIFY(page(window).queue().view().shownSentence().startsWith(QStringLiteral("Queue: this server does not offer it")));
    }

    void theQueueIsMovedAndDropped() {
        answerAll();
        m_server->answer(path(QStringLiteral("/admin/queue/tkt_3/move")), "200 OK", "{}");
        m_server->answer(path(QStringLiteral("/admin/queue/tkt_1/drop")), "200 OK", "{}");
        MainWindow window(options());
        openModels(window);
        QueuePanel& queue = page(window).queue();
        page(window).sections().show(&queue);
        QTRY_COMPARE(queue.count(), 3);
        QAction* move = action(queue.actions(), QStringLiteral("Move to the front"));
        QAction* drop = action(queue.actions(), QStringLiteral("Drop"));
        queue.table().selectKey(QStringLiteral("tkt_1"));
        QVERIFY(!move->isEnabled()); // it is the next one
        queue.table().selectKey(QStringLiteral("tkt_3"));
        keep(window, QStringLiteral("models-queue-light"));
        QCOMPARE(page(window).inspected().title, QStringLiteral("elif"));
        move->trigger();
        QTRY_COMPARE(askedFor("POST /api/v1/admin/queue/tkt_3/move"), 1);
        QTRY_COMPARE(page(window).shownSentence(), QStringLiteral("elif is next at starter."));
        queue.table().selectKey(QStringLiteral("tkt_1"));
        drop->trigger();
        QCOMPARE(askedFor("POST /api/v1/admin/queue/tkt_1/drop"), 0); // asked first: somebody waits for it
        auto* dialog = dialogOf<ConfirmDialog>(window);
        QVERIFY(dialog);
        keep(*dialog, QStringLiteral("models-queue-drop"));
        dialog->findChild<QPushButton*>(QStringLiteral("confirm"))->click();
        QTRY_COMPARE(askedFor("POST /api/v1/admin/queue/tkt_1/drop"), 1);
        window.setContact(contact(Contact::Phase::Stale));
        QVERIFY(!drop->isEnabled());
    }

    void aFailedOrderIsToldWithItsRequest() {
        answerAll();
        refuse(QStringLiteral("/admin/queue/tkt_2/move"), "409 Conflict", "CONFLICT", "It has its place already.");
        MainWindow window(options());
        openModels(window);
        QueuePanel& queue = page(window).queue();
        page(window).sections().show(&queue);
        QTRY_COMPARE(queue.count(), 3);
        queue.table().selectKey(QStringLiteral("tkt_2"));
        action(queue.actions(), QStringLiteral("Move to the front"))->trigger();
        QTRY_COMPARE(page(window).shownSentence(), QStringLiteral("It has its place already."));
        QTRY_VERIFY(askedFor("GET /api/v1/admin/queue") >= 2); // what is there now
    }

    void nobodyWaitingIsSaid() {
        answerAll();
        answer(QStringLiteral("/admin/queue"), {{"items", json::array{}}});
        MainWindow window(options());
        openModels(window);
        page(window).sections().show(&page(window).queue());
        QTRY_VERIFY(page(window).queue().view().shownSentence().startsWith(QStringLiteral("Every request finds a place")));
    }

    void itLooksWellInTheDarkAndOnASmallScreen() {
        answerAll();
        applyAppearance(*qApp, Appearance::Dark);
        {
            MainWindow window(options());
            openModels(window, QStringLiteral("starter"));
            QTRY_COMPARE(cell(page(window), "starter", RoutesModel::State), QStringLiteral("busy"));
            keep(window, QStringLiteral("models-health-dark"));
            page(window).sections().show(&page(window).queue());
            QTRY_COMPARE(page(window).queue().count(), 3);
            keep(window, QStringLiteral("models-queue-dark"));
        }
        for (const double scale : {1.0, 1.25}) {
            Theme::setTextScale(scale);
            applyAppearance(*qApp, Appearance::Light);
            MainWindow window(options());
            window.resize(1280, 800);
            openModels(window);
            page(window).sections().show(&page(window).queue());
            QTRY_COMPARE(page(window).queue().count(), 3);
            keep(window, QStringLiteral("models-queue-small-%1").arg(scale));
            for (const auto* table : page(window).findChildren<LiveTable*>())
                QCOMPARE(!table->isVisible() ? 0 : table->horizontalScrollBar()->maximum(), 0);
        }
    }
};

QTEST_MAIN(ModelsPageTest)
#include "tst_models_page.moc"
