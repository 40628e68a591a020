// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/pin_store.h"
#include "client/token_store.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>
#include <sys/stat.h>
#include <unistd.h>

using namespace clawloops;
using namespace clawloops::gui;

class PrivateFiles : public QObject {
    Q_OBJECT

    static mode_t modeOf(const QString& path) {
        struct stat info {};
        return ::lstat(QFile::encodeName(path).constData(), &info) == 0 ? info.st_mode & 0777 : 0;
    }

private Q_SLOTS:
    void aTokenIsForItsOwnerAlone() {
        QTemporaryDir home;
        const QString path = home.filePath(QStringLiteral("clawloops/token"));
        TokenStore store(path);
        QVERIFY(store.read().ok() && !store.read()->has_value());
        const mode_t before = ::umask(0); // the mode is the program's doing, not the umask's
        QVERIFY(store.write(Secret("a-token")).ok());
        ::umask(before);
        QCOMPARE(modeOf(path), mode_t(0600));
        QCOMPARE(modeOf(home.filePath(QStringLiteral("clawloops"))), mode_t(0700));
        QVERIFY(store.read()->value().equals(Secret("a-token")));
        QVERIFY(store.remove().ok());
        QVERIFY(store.remove().ok());
        QVERIFY(!store.read()->has_value());
    }

    void aTokenThatOthersCanReadIsRefused() {
        QTemporaryDir home;
        const QString path = home.filePath(QStringLiteral("token"));
        TokenStore store(path);
        QVERIFY(store.write(Secret("a-token")).ok());
        for (const mode_t mode : {0640, 0604, 0660, 0644}) {
            QCOMPARE(::chmod(QFile::encodeName(path).constData(), mode), 0);
            const auto read = store.read();
            QVERIFY(!read.ok());
            QVERIFY(read.error().message.find("other accounts") != std::string::npos);
            QVERIFY(read.error().message.find("a-token") == std::string::npos);
        }
    }

    void aLinkInItsPlaceIsRefused() {
        QTemporaryDir home;
        const QString real = home.filePath(QStringLiteral("real"));
        QVERIFY(TokenStore(real).write(Secret("a-token")).ok());
        const QString link = home.filePath(QStringLiteral("link"));
        QVERIFY(QFile::link(real, link));
        QVERIFY(!TokenStore(link).read().ok());
    }

    void textThatIsNoTokenIsRefused() {
        QTemporaryDir home;
        const QString path = home.filePath(QStringLiteral("token"));
        QVERIFY(TokenStore(path).write(Secret("two\nlines")).ok());
        QVERIFY(!TokenStore(path).read().ok());
    }

    void pinsSurviveAndAreKeptPerServer() {
        QTemporaryDir home;
        const QString path = home.filePath(QStringLiteral("pins.json"));
        PinStore pins(path);
        QVERIFY(pins.load().ok());
        QVERIFY(pins.remember(QStringLiteral("a:8443"), QByteArray(32, 'a')).ok());
        QVERIFY(pins.remember(QStringLiteral("b:8443"), QByteArray(32, 'b')).ok());
        QCOMPARE(modeOf(path), mode_t(0600));
        PinStore again(path);
        QVERIFY(again.load().ok());
        QCOMPARE(again.pin(QStringLiteral("a:8443")), std::optional(QByteArray(32, 'a')));
        QCOMPARE(again.pin(QStringLiteral("b:8443")), std::optional(QByteArray(32, 'b')));
        QVERIFY(!again.pin(QStringLiteral("a:8444")).has_value());
        QVERIFY(again.forget(QStringLiteral("a:8443")).ok());
        QVERIFY(again.load().ok());
        QVERIFY(!again.pin(QStringLiteral("a:8443")).has_value());
    }

    void damagedPinsAreAnErrorAndNotAFirstUse() {
        QTemporaryDir home;
        const QString path = home.filePath(QStringLiteral("pins.json"));
        QVERIFY(TokenStore(path).write(Secret("{\"a:8443\":")).ok());
        PinStore pins(path);
        QVERIFY(!pins.load().ok());
    }
};

QTEST_APPLESS_MAIN(PrivateFiles)
#include "tst_private_files.moc"
