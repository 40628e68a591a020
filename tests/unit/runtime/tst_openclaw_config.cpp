// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// OpenClaw itself validates both files in tst_real_cell (label cells).
#undef QT_NO_CAST_FROM_ASCII // a rule for the product
#include "runtime/openclaw_config.h"
#include "sample.h"

#include <QFile>
#include <QJsonDocument>
#include <QTest>

class TestOpenclawConfig : public QObject {
    Q_OBJECT
private:
    static QByteArray pretty(const sample::StartArgs& args) {
        const auto text = clawloops::runtime::renderOpenclawConfig(args);
        return QJsonDocument::fromJson(QByteArray::fromStdString(text)).toJson();
    }
    static void compareWithGolden(const QByteArray& text, const QString& name) {
        QFile golden(QStringLiteral(SOURCE_DIR "/tests/unit/runtime/golden/") + name);
        QVERIFY2(golden.open(QIODevice::ReadOnly), qPrintable(golden.fileName()));
        const QByteArray wanted = golden.readAll();
        if (text != wanted)
            qInfo().noquote() << "rendered:\n" << text;
        QCOMPARE(text, wanted);
    }

private Q_SLOTS:
    void theUsualConfigurationIsTheGoldenOne() { compareWithGolden(pretty(sample::args()), "openclaw.json"); }

    void theSmallPromptConfigurationIsTheGoldenOne() {
        auto args = sample::args();
        args.smallPrompt = true;
        compareWithGolden(pretty(args), "openclaw_small_prompt.json");
    }

    // A changed byte costs OpenClaw seconds at its start: it then goes through its migrations again.
    void aNewTokenChangesNoByteAndStandsNowhere() {
        auto args = sample::args();
        args.token = clawloops::Secret("tok_another_0123456789");
        const std::string text = clawloops::runtime::renderOpenclawConfig(args);
        QCOMPARE(text, clawloops::runtime::renderOpenclawConfig(sample::args()));
        QVERIFY(text.find("tok_") == std::string::npos);
    }

    void aTitleCannotBreakOutOfItsText() {
        auto args = sample::args();
        args.models[0].title = "a\",\"x\":{\"b\\";
        const QJsonDocument read = QJsonDocument::fromJson(pretty(args));
        QCOMPARE(read["models"]["providers"]["clawloops"]["models"][0]["name"].toString(),
                 QString::fromStdString(args.models[0].title));
    }

    void withoutModelsThereIsNoDefaultOne() {
        auto args = sample::args();
        args.models.clear();
        args.defaultModel.clear();
        const QJsonDocument read = QJsonDocument::fromJson(pretty(args));
        QVERIFY(read["agents"]["defaults"]["model"].isUndefined());
    }
};

QTEST_APPLESS_MAIN(TestOpenclawConfig)
#include "tst_openclaw_config.moc"
