// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The real OpenClaw image in a cell: its own judgement of the rendered configuration, its readiness, its Control UI.
#include "cell_bench.h"

#include <QLocalSocket>
#include <QTest>

#include <unistd.h>

using namespace bench;

namespace {
const std::string one = "c0123456789ab";
}

class TestRealCell : public QObject {
    Q_OBJECT
private:
    std::unique_ptr<CellBench> m_bench;

    QByteArray ask(const QByteArray& verbAndTarget, const QByteArray& user) {
        QLocalSocket socket;
        socket.connectToServer(QString::fromStdString(m_bench->layout(one).in() + "/in.sock"));
        if (!socket.waitForConnected(5000))
            return "no connection";
        socket.write(verbAndTarget + " HTTP/1.1\r\nHost: 127.0.0.1:8444\r\nX-Forwarded-For: 192.0.2.1\r\n" +
                     "X-Forwarded-Proto: https\r\nX-Openclaw-Scopes: operator.read\r\n" +
                     (user.isEmpty() ? QByteArray() : "X-Clawloops-User: " + user + "\r\n") + "Content-Length: 0\r\nConnection: close\r\n\r\n");
        QByteArray answer;
        while (socket.waitForReadyRead(10000))
            answer += socket.readAll();
        return answer + socket.readAll();
    }

private Q_SLOTS:
    void initTestCase() {
        QVERIFY2(::geteuid() == 0, "this test needs root: it makes user namespaces for cells");
        m_bench = std::make_unique<CellBench>();
        const Ran image = command(QStringLiteral(SOURCE_DIR "/installer/image-ref"), {});
        QVERIFY2(image.code == 0, image.out.constData());
        m_bench->setImage(image.out.trimmed().toStdString());
        QVERIFY(m_bench->startRuntimed());
        const auto there = m_bench->call("image.ensure", {{"image", m_bench->image()}});
        QVERIFY2(there.ok(), there.ok() ? "" : there.error().message.c_str());
        auto args = m_bench->args(one, 1);
        args.limits = {2560ll << 20, 2, 512};
        args.smallPrompt = true;
        QVERIFY(m_bench->start(args).ok());
    }
    void cleanupTestCase() { m_bench.reset(); }

    void becomesReady() { QVERIFY(m_bench->waitReady(one, 150000)); }

    void findsItsConfigurationValid() {
        const Ran ran = m_bench->inside(one, "openclaw config validate");
        QVERIFY2(ran.code == 0, ran.out.constData());
    }

    void servesItsControlUiToItsOwner() {
        const QByteArray page = ask("GET /w/alice/", "alice");
        QVERIFY2(page.startsWith("HTTP/1.1 200"), page.left(300).constData());
        QVERIFY(page.contains("data-openclaw-control-ui-base-path=\"/w/alice\""));
    }

    void knowsNobodyElse() {
        const QByteArray owner = ask("POST /tools/invoke", "alice");
        QVERIFY2(!owner.startsWith("HTTP/1.1 401"), owner.left(300).constData());
        for (const char* other : {"bob", ""}) {
            const QByteArray answer = ask("POST /tools/invoke", other);
            QVERIFY2(answer.startsWith("HTTP/1.1 401"), answer.left(300).constData());
        }
    }

    void theUsualConfigurationIsValidToo() {
        auto args = m_bench->args(one, 1);
        args.limits = {2560ll << 20, 2, 512};
        QVERIFY(m_bench->start(args).ok());
        const Ran ran = m_bench->inside(one, "openclaw config validate");
        QVERIFY2(ran.code == 0, ran.out.constData());
    }
};

QTEST_GUILESS_MAIN(TestRealCell)
#include "tst_real_cell.moc"
