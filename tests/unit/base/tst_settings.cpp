// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/files.h"
#include "base/settings.h"

#include <QtTest>

using namespace clawloops;

class TestSettings : public QObject {
    Q_OBJECT
    static std::string problem(std::string_view text, const std::vector<std::string>& overrides = {}) {
        const auto settings = Settings::parse(text, "clawloops.conf", overrides);
        return settings ? std::string() : settings.error().message;
    }

private Q_SLOTS:
    void everyDefaultIsAValueOfItsType() {
        for (const Setting& setting : settingsTable()) {
            const std::string name = std::string(setting.section) + "." + std::string(setting.key);
            if (!setting.fallback.empty())
                QCOMPARE(problem({}, {name + "=" + std::string(setting.fallback)}), std::string());
        }
    }

    void thePageIsTheTable() {
        const auto page = readFile(SOURCE_DIR "/resources/docs/settings.md");
        QVERIFY(page.ok());
        QCOMPARE(*page, settingsPage());
    }

    void fileBeatsDefaultAndFlagBeatsFile() {
        const auto settings = Settings::parse("# ours\n[ports]\nportal = 9443\nworkspace=9444 \n[model]\nstarter = false\n", "f", {"ports.portal=7443"});
        QVERIFY(settings.ok());
        QCOMPARE(settings->integer("ports.portal"), 7443);
        QCOMPARE(settings->integer("ports.workspace"), 9444);
        QCOMPARE(settings->integer("ports.api"), 18443);
        QVERIFY(!settings->flag("model.starter"));
        QVERIFY(!settings->isSet("host.name"));
    }

    void anUnknownKeyNamesItsLineAndTheNearestKnownOne_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("nearest");
        QTest::newRow("misspelt key") << QByteArray("[ports]\n\nportl = 1\n") << QByteArray("line 3") << QByteArray("ports.portal");
        QTest::newRow("misspelt section") << QByteArray("[port]\ngateway = 1\n") << QByteArray("line 2") << QByteArray("ports.gateway");
        QTest::newRow("wrong section") << QByteArray("[ports]\noci_runtime = runc\n") << QByteArray("line 2") << QByteArray("engine.oci_runtime");
        QTest::newRow("no section") << QByteArray("portal = 1\n") << QByteArray("line 1") << QByteArray("ports.portal");
    }
    void anUnknownKeyNamesItsLineAndTheNearestKnownOne() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, line);
        QFETCH(QByteArray, nearest);
        const auto message = QByteArray::fromStdString(problem(text.toStdString()));
        QVERIFY2(message.contains(line), message.constData());
        QVERIFY2(message.contains("did you mean \"" + nearest + "\""), message.constData());
    }

    void anUnknownOverrideNamesTheNearestKnownOne() {
        const std::string message = problem({}, {"runtime.memroy=1"});
        QVERIFY(message.find("runtime.memory") != std::string::npos);
        QVERIFY(problem({}, {"runtime.memory"}).find("section.key=value") != std::string::npos);
    }

    void wrongValuesAreRefused_data() {
        QTest::addColumn<QString>("entry");
        for (const char* entry : {"ports.portal=0", "ports.portal=65536", "ports.portal=https", "ports.portal=", "model.starter=yes", "engine.oci_runtime=docker",
                                  "paths.data=relative/place", "runtime.cpus=many", "runtime.cpus=-1", "runtime.memory=12", "host.name=a`b", "host.name=a\"b"})
            QTest::newRow(entry) << QString::fromLatin1(entry);
    }
    void wrongValuesAreRefused() {
        QFETCH(QString, entry);
        QVERIFY(!problem({}, {entry.toStdString()}).empty());
    }

    void aListIsCutAtCommas() {
        const auto settings = Settings::parse({}, "f", {"host.aliases=claw.lan , 10.0.0.7,,"});
        QVERIFY(settings.ok());
        QCOMPARE(settings->list("host.aliases"), (std::vector<std::string>{"claw.lan", "10.0.0.7"}));
    }

    void brokenSyntaxNamesItsLine() { QVERIFY(problem("[ports]\nportal\n").find("line 2") != std::string::npos); }
    void aKeyGivenTwiceIsRefused() { QVERIFY(!problem("[ports]\nportal=1\nportal=2\n").empty()); }
    void aFileThatIsNotThereIsEmpty() { QVERIFY(Settings::load("/nonexistent/clawloops.conf", {}).ok()); }
};

QTEST_GUILESS_MAIN(TestSettings)
#include "tst_settings.moc"
