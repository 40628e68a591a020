// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The real window against the running appliance that CLAWLOOPS_STATE describes (tests/support/appliance.py): signing in past
// the certificate question, the live pages, inviting, stopping and starting a runtime, and the health of every box.
#include "base/json.h"
#include "base/random.h"
#include "client/server_trust.h"
#include "pages/overview/overview_page.h"
#include "pages/people/people_page.h"
#include "pages/runtimes/runtimes_page.h"
#include "shell/certificate_dialog.h"
#include "shell/main_window.h"
#include "widgets/architecture_view.h"
#include "widgets/live_table.h"

#include <QAction>
#include <QApplication>
#include <QDialog>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTemporaryDir>
#include <QtTest>
#include <csignal>
#include <memory>

using namespace clawloops;
using namespace clawloops::gui;

class DesktopAppliance : public QObject {
    Q_OBJECT

    QTemporaryDir m_home;
    json::object m_state;
    QString m_portal;
    QString m_username;
    QString m_password;
    std::unique_ptr<MainWindow> m_window;

    QString text(const char* name) const {
        const json::value* value = m_state.if_contains(name);
        return value && value->is_string() ? QString::fromUtf8(value->get_string().c_str()) : QString();
    }
    void readState() {
        QFile file(qEnvironmentVariable("CLAWLOOPS_STATE"));
        QVERIFY2(file.open(QFile::ReadOnly), "CLAWLOOPS_STATE names no file: start an appliance with tests/support/appliance.py");
        const QByteArray bytes = file.readAll();
        const auto state = parseObject({bytes.constData(), std::size_t(bytes.size())});
        QVERIFY(state.ok());
        m_state = *state;
    }
    QByteArray lanFingerprint() const {
        const auto found = QSslCertificate::fromPath(text("data") + QStringLiteral("/pki/edge/lan.crt"));
        return found.isEmpty() ? QByteArray() : fingerprint(found.first());
    }
    // An appliance that nobody has signed in to yet gets its first admin here, as the printed link would make one.
    void bootstrap() {
        m_username = QStringLiteral("ada");
        m_password = QString::fromStdString(std::string(randomToken().reveal()));
        const QString link = text("link");
        const QString secret = link.mid(link.indexOf(QStringLiteral("#bootstrap=")) + 11);
        ApiClient client;
        client.setConnection({*ServerAddress::parse(m_portal), {lanFingerprint(), {}}, {}});
        std::optional<ApiResult> result;
        client.post(QStringLiteral("/auth/bootstrap"),
                    {{"token", secret.toStdString()}, {"username", m_username.toStdString()}, {"password", m_password.toStdString()}, {"kind", "bearer"}},
                    &client, [&](ApiResult got) { result = std::move(got); });
        QTRY_VERIFY_WITH_TIMEOUT(result.has_value(), 30'000);
        const auto* failure = std::get_if<ApiFailure>(&*result);
        QVERIFY2(!failure, failure ? qPrintable(failure->sentence) : "");
        m_state["admin_username"] = m_username.toStdString();
        m_state["admin_password"] = m_password.toStdString();
        QFile file(qEnvironmentVariable("CLAWLOOPS_STATE"));
        QVERIFY(file.open(QFile::WriteOnly | QFile::Truncate));
        file.write(QByteArray::fromStdString(json::serialize(m_state)));
    }
    template <class T> T* child(const char* name) { return m_window->findChild<T*>(QString::fromLatin1(name)); }
    QDialog* openDialog() {
        for (QDialog* dialog : m_window->findChildren<QDialog*>())
            if (dialog->isVisible())
                return dialog;
        return nullptr;
    }
    void confirm() { // what ends something is asked about first
        QDialog* question = openDialog();
        QVERIFY(question && question->findChild<QPushButton*>(QStringLiteral("confirm")));
        QTest::mouseClick(question->findChild<QPushButton*>(QStringLiteral("confirm")), Qt::LeftButton);
    }
    ArchitectureView& architecture() { return static_cast<OverviewPage*>(m_window->page(MainWindow::OverviewRow))->architecture(); }
    void keep(const QString& name) {
        const QString directory = qEnvironmentVariable("CLAWLOOPS_SCREENSHOTS");
        if (directory.isEmpty())
            return;
        QDir().mkpath(directory);
        QTest::qWait(80);
        QVERIFY(m_window->grab().save(directory + u'/' + name + QStringLiteral(".png")));
    }
    QString wordOf(const QString& runtime) {
        const RuntimeRow* row = m_window->data().runtimes.find(runtime);
        return row ? row->state.word : QString();
    }
    // On the appliance's own machine, or as from another one: without the supervisor's socket.
    void openWindow(bool local) {
        MainWindow::Options options;
        options.files.pins = m_home.filePath(QStringLiteral("pins.json"));
        options.files.tokenDirectory = m_home.path();
        options.settingsFile = m_home.filePath(QStringLiteral("settings.ini"));
        if (local)
            options.rescueSocket = text("data") + QStringLiteral("/run/supervisor/control.sock");
        m_window = std::make_unique<MainWindow>(options);
        m_window->show();
        m_window->start({});
    }
    static QStringList components() {
        return {QStringLiteral("postgres"), QStringLiteral("starter-model"), QStringLiteral("litellm"), QStringLiteral("runtimed"),
                QStringLiteral("relay"),    QStringLiteral("gateway"),       QStringLiteral("clawloopsd"), QStringLiteral("traefik")};
    }
    QString notRunning() {
        QStringList sick;
        for (const QString& one : components())
            if (const StateView state = architecture().stateOf(one); state.kind != StateKind::Running)
                sick += one + u' ' + state.word + u' ' + state.sentence;
        return sick.join(QStringLiteral("; "));
    }

private Q_SLOTS:
    void initTestCase() {
        readState();
        QApplication::setFont(QFont(QStringLiteral("Inter")));
        applyAppearance(*qApp, qEnvironmentVariable("CLAWLOOPS_APPEARANCE") == QLatin1String("dark") ? Appearance::Dark : Appearance::Light);
        m_portal = text("portal");
        m_username = text("admin_username");
        m_password = text("admin_password");
        if (m_password.isEmpty())
            bootstrap();
        openWindow(true);
    }
    void cleanupTestCase() { m_window.reset(); }

    void aWrongPasswordIsRefusedAfterTheCertificateWasAccepted() {
        auto* server = child<QLineEdit>("server");
        auto* name = child<QLineEdit>("username");
        auto* password = child<QLineEdit>("password");
        server->clear();
        QTest::keyClicks(server, m_portal);
        QTest::keyClicks(name, m_username);
        QTest::keyClicks(password, QStringLiteral("this is not the password"));
        QTest::mouseClick(child<QPushButton>("signIn"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(qobject_cast<CertificateDialog*>(openDialog()), 30'000);
        auto* question = static_cast<CertificateDialog*>(openDialog());
        QCOMPARE(question->sha256(), lanFingerprint());
        keep(QStringLiteral("certificate"));
        QTest::mouseClick(question->findChild<QPushButton*>(QStringLiteral("accept")), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(child<QPushButton>("signIn")->isEnabled(), 30'000);
        QVERIFY(!m_window->session().user().has_value());
        QVERIFY(QDir(m_home.path()).entryList({QStringLiteral("token-*")}).isEmpty());
    }

    void signingInShowsWhatThereIs() {
        QTest::keyClicks(child<QLineEdit>("password"), m_password);
        QTest::keyClick(child<QLineEdit>("password"), Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->data().hasSnapshot(), 30'000);
        LiveData& live = m_window->data();
        QVERIFY(live.people.people() >= 1);
        QVERIFY(live.routes.rowCount() >= 2);
        for (const QString& one : components())
            QVERIFY2(live.components.find(one), qPrintable(one));
        QTRY_VERIFY2_WITH_TIMEOUT(notRunning().isEmpty(), qPrintable(notRunning()), 90'000);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->health().isLocal(), 10'000);
        keep(QStringLiteral("overview"));
        for (const int row : {MainWindow::PeopleRow, MainWindow::RuntimesRow, MainWindow::ModelsRow}) {
            m_window->openPage(row);
            keep(QStringLiteral("page-%1").arg(row));
        }
    }

    void anInvitationIsMadeSeenLiveAndWithdrawn() {
        m_window->openPage(MainWindow::PeopleRow);
        auto* people = static_cast<PeoplePage*>(m_window->page(MainWindow::PeopleRow));
        people->invite();
        QDialog* dialog = openDialog();
        QVERIFY(dialog);
        const QString guest = QStringLiteral("guest-") + QString::fromStdString(randomHex(6));
        QTest::keyClicks(dialog->findChild<QLineEdit*>(QStringLiteral("name")), guest);
        QTest::mouseClick(dialog->findChild<QPushButton*>(QStringLiteral("main")), Qt::LeftButton);
        auto* link = dialog->findChild<QLineEdit*>(QStringLiteral("link"));
        QTRY_VERIFY_WITH_TIMEOUT(link->isVisible(), 30'000);
        QVERIFY2(link->text().startsWith(m_portal + QStringLiteral("/#invitation=")), qPrintable(link->text()));
        keep(QStringLiteral("invite"));
        dialog->close();
        const auto rowOf = [&]() -> const PersonRow* {
            for (const PersonRow& one : m_window->data().people.rows())
                if (fromWire(one.username()) == guest)
                    return &one;
            return nullptr;
        };
        QTRY_VERIFY_WITH_TIMEOUT(rowOf(), 10'000); // by the event stream: the dialog put nothing into the table
        people->selectKey(rowKey(*rowOf()));
        for (QAction* action : people->pageActions())
            if (action->text() == QLatin1String("Withdraw invitation"))
                action->trigger();
        confirm();
        QTRY_VERIFY_WITH_TIMEOUT(!rowOf(), 10'000);
    }

    void aRuntimeIsStartedAndStoppedFromItsRow() {
        m_window->openPage(MainWindow::RuntimesRow);
        auto* page = static_cast<RuntimesPage*>(m_window->page(MainWindow::RuntimesRow));
        const auto press = [&](const QString& word) {
            for (QAction* action : page->pageActions())
                if (action->text() == word) {
                    QVERIFY2(action->isEnabled(), qPrintable(word));
                    action->trigger();
                }
        };
        if (m_window->data().runtimes.rowCount() == 0) { // nobody has opened a workspace yet: the admin's own is made
            std::optional<ApiResult> result;
            m_window->session().client().post(QStringLiteral("/users/me/runtime/start"), {}, this, [&](ApiResult got) { result = std::move(got); });
            QTRY_VERIFY_WITH_TIMEOUT(m_window->data().runtimes.rowCount() == 1, 60'000);
        }
        const QString key = rowKey(m_window->data().runtimes.row(0));
        page->selectKey(key);
        if (wordOf(key) == QLatin1String("stopped"))
            press(QStringLiteral("Start"));
        QTRY_VERIFY2_WITH_TIMEOUT(wordOf(key) == QLatin1String("running"), qPrintable(wordOf(key)), 240'000);
        QVERIFY(!page->inspected().steps.isEmpty());
        keep(QStringLiteral("runtime-running"));
        press(QStringLiteral("Stop"));
        confirm();
        QTRY_VERIFY2_WITH_TIMEOUT(wordOf(key) == QLatin1String("stopped"), qPrintable(wordOf(key)), 120'000);
        press(QStringLiteral("Start"));
        QTRY_VERIFY2_WITH_TIMEOUT(wordOf(key) == QLatin1String("starting"), qPrintable(wordOf(key)), 30'000);
        const auto opening = [&] { return page->inspected().steps.value(2).kind == StateKind::Starting; };
        QTRY_VERIFY_WITH_TIMEOUT(opening(), 60'000);
        QTest::qWait(2000);
        keep(QStringLiteral("runtime-starting"));
        QTRY_VERIFY2_WITH_TIMEOUT(wordOf(key) == QLatin1String("running"), qPrintable(wordOf(key)), 240'000);
        QCOMPARE(page->table().selectedKeys(), QStringList{key});
        m_window->openPage(MainWindow::OverviewRow);
        keep(QStringLiteral("overview-live"));
    }

    void aKilledComponentTurnsItsBoxAloneBadWithin3Seconds_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("local");
        for (const QString& one : components())
            QTest::newRow(qPrintable(one)) << one << true;
        for (const QString& one : components())
            QTest::newRow(qPrintable(one + QStringLiteral(" from afar"))) << one << false;
    }
    void aKilledComponentTurnsItsBoxAloneBadWithin3Seconds() {
        QFETCH(QString, name);
        QFETCH(bool, local);
        if (m_window->health().isLocal() != local) {
            openWindow(local); // the kept token and the kept pin sign it in
            QTRY_VERIFY_WITH_TIMEOUT(m_window->data().hasSnapshot() && m_window->health().isLocal() == local, 30'000);
        }
        m_window->openPage(MainWindow::OverviewRow);
        QTRY_VERIFY2_WITH_TIMEOUT(notRunning().isEmpty(), qPrintable(notRunning()), 120'000);
        const wire::Component* victim = m_window->data().components.find(name);
        QVERIFY(victim && victim->pid);
        QElapsedTimer clock;
        QCOMPARE(::kill(static_cast<pid_t>(*victim->pid), SIGKILL), 0);
        clock.start();
        const auto bad = [&] {
            const StateKind kind = architecture().stateOf(name).kind;
            return kind != StateKind::Running && kind != StateKind::Unknown;
        };
        QTRY_VERIFY2_WITH_TIMEOUT(bad(), qPrintable(architecture().stateOf(name).word), 3'000);
        const qint64 seen = clock.elapsed();
        for (const QString& other : components())
            if (other != name)
                QVERIFY2(architecture().stateOf(other).kind == StateKind::Running ||
                             (!local && architecture().stateOf(other).kind == StateKind::Unknown),
                         qPrintable(other + u' ' + architecture().stateOf(other).word));
        if (name == QLatin1String("litellm"))
            keep(QStringLiteral("overview-litellm-killed"));
        QTRY_VERIFY2_WITH_TIMEOUT(notRunning().isEmpty(), qPrintable(notRunning()), 120'000);
        qInfo("%s: seen after %lld ms, well again after %lld ms", QTest::currentDataTag(), seen, clock.elapsed());
    }

    void theWindowIsLiveAgainAfterAllThat() {
        QTRY_VERIFY_WITH_TIMEOUT(m_window->session().events().state() == EventStream::State::Live, 60'000);
        for (int row = 0; row < 4; ++row)
            QVERIFY2(!m_window->page(row)->shownSentence().startsWith(QStringLiteral("No contact")), qPrintable(m_window->page(row)->shownSentence()));
    }
};

QTEST_MAIN(DesktopAppliance)
#include "tst_desktop_appliance.moc"
