// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// In the rootless form, which any user can run; tst_cells asserts the owners of the rootful one.
#undef QT_NO_CAST_FROM_ASCII // a rule for the product
#include "base/secret.h"
#include "runtime/cell_directories.h"
#include "runtime/descriptor.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <memory>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

using namespace clawloops;
using namespace clawloops::runtime;

namespace {
const std::string cellId = "c0123456789ab";
}

class TestCellDirectories : public QObject {
    Q_OBJECT
private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<CellDirectories> m_directories;

    std::string cells() const { return m_folder->path().toStdString() + "/cells"; }
    std::string cell(const std::string& name) const { return cells() + "/" + cellId + "/" + name; }
    static bool exists(const std::string& path) {
        struct stat info {};
        return ::lstat(path.c_str(), &info) == 0;
    }
    static mode_t mode(const std::string& path) {
        struct stat info {};
        return ::lstat(path.c_str(), &info) == 0 ? info.st_mode & 07777 : 0;
    }

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>("/tmp/cl-dirs-XXXXXX");
        QVERIFY(::mkdir(cells().c_str(), 0700) == 0);
        m_directories = std::make_unique<CellDirectories>(cells(), Accounts(), true);
        QVERIFY(m_directories->prepare(cellId, 3).ok());
    }

    void preparesEachFolderClosedToOthersAndTwiceIsOnce() {
        for (const char* name : {"in", "out", "config", "home"})
            QCOMPARE(mode(cell(name)), mode_t(0700));
        QFile kept(QString::fromStdString(cell("home/kept")));
        QVERIFY(kept.open(QIODevice::WriteOnly));
        QVERIFY(m_directories->prepare(cellId, 3).ok());
        QVERIFY(kept.exists());
    }

    void doesNotFollowALinkWhereAFolderBelongs() {
        QVERIFY(::rmdir(cell("home").c_str()) == 0);
        QVERIFY(::symlink("/etc", cell("home").c_str()) == 0);
        QVERIFY(!m_directories->prepare(cellId, 3).ok());
        struct stat info {};
        QVERIFY(::stat("/etc", &info) == 0);
        QVERIFY((info.st_mode & 0777) != 0700);
    }

    void writesTheConfigurationClosedAndWhole() {
        for (const char* text : {"{\"a\":1}", "{}"}) {
            QVERIFY(m_directories->writeConfig(cellId, 3, text, Secret("tok_" + std::string(text))).ok());
            QFile file(QString::fromStdString(cell("config/openclaw.json")));
            QVERIFY(file.open(QIODevice::ReadOnly));
            QCOMPARE(file.readAll(), QByteArray(text));
            QCOMPARE(mode(cell("config/openclaw.json")), mode_t(0600));
            QFile token(QString::fromStdString(cell("config/token")));
            QVERIFY(token.open(QIODevice::ReadOnly));
            QCOMPARE(token.readAll(), "tok_" + QByteArray(text));
            QCOMPARE(mode(cell("config/token")), mode_t(0400));
        }
        QVERIFY(!exists(cell("config/.openclaw.json.new")));
        QVERIFY(!exists(cell("config/.token.new")));
    }

    void wipeLeavesWhatLinksPointAt() {
        const std::string outside = m_folder->path().toStdString() + "/outside";
        QVERIFY(::mkdir(outside.c_str(), 0700) == 0);
        QFile precious(QString::fromStdString(outside + "/precious"));
        QVERIFY(precious.open(QIODevice::WriteOnly));
        precious.close();
        QVERIFY(::symlink(outside.c_str(), cell("home/folder").c_str()) == 0);
        QVERIFY(::symlink((outside + "/precious").c_str(), cell("home/file").c_str()) == 0);
        QVERIFY(::symlink("../../../../..", cell("home/up").c_str()) == 0);
        QVERIFY(m_directories->wipe(cellId).ok());
        QVERIFY(!exists(cells() + "/" + cellId));
        QVERIFY(precious.exists());
        QVERIFY(m_directories->wipe(cellId).ok()); // nothing there: done already
    }

    void wipeDoesNotFollowALinkInPlaceOfTheCell() {
        const std::string outside = m_folder->path().toStdString() + "/outside";
        QVERIFY(::mkdir(outside.c_str(), 0700) == 0);
        QFile precious(QString::fromStdString(outside + "/precious"));
        QVERIFY(precious.open(QIODevice::WriteOnly));
        QVERIFY(::symlink(outside.c_str(), (cells() + "/caaaaaaaaaaaa").c_str()) == 0);
        QVERIFY(!m_directories->wipe("caaaaaaaaaaaa").ok());
        QVERIFY(precious.exists());
    }

    void wipeTakesATreeDeeperThanDescriptorsReach() {
        Descriptor at(::open(cell("home").c_str(), O_RDONLY | O_DIRECTORY));
        for (int depth = 0; depth < 1200; ++depth) {
            QVERIFY(::mkdirat(at.get(), "d", 0700) == 0);
            QVERIFY(::mkdirat(at.get(), ".wipe-1", 0500) == 0);
            at = Descriptor(::openat(at.get(), "d", O_RDONLY | O_DIRECTORY));
        }
        const auto status = m_directories->wipe(cellId);
        QVERIFY2(status.ok(), status.ok() ? "" : status.error().message.c_str());
        QVERIFY(!exists(cells() + "/" + cellId));
    }

    void wipeTakesFoldersClosedToTheirOwner() {
        QVERIFY(::mkdir(cell("home/closed").c_str(), 0700) == 0);
        QVERIFY(::mkdir(cell("home/closed/inner").c_str(), 0000) == 0);
        QVERIFY(::chmod(cell("home/closed").c_str(), 0500) == 0);
        QVERIFY(m_directories->wipe(cellId).ok());
    }

    void theDoorIsOpenedOnlyWhereItBelongs() {
        QVERIFY(!m_directories->openInSocket(cellId).ok()); // not there yet
        const std::string elsewhere = m_folder->path().toStdString() + "/other.sock";
        const Descriptor listener(::socket(AF_UNIX, SOCK_STREAM, 0));
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        elsewhere.copy(address.sun_path, sizeof address.sun_path - 1);
        QVERIFY(::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
        QVERIFY(::symlink(elsewhere.c_str(), cell("in/in.sock").c_str()) == 0);
        QVERIFY(!m_directories->openInSocket(cellId).ok()); // a link to another's socket
        QVERIFY(::unlink(cell("in/in.sock").c_str()) == 0);
        QFile plain(QString::fromStdString(cell("in/in.sock")));
        QVERIFY(plain.open(QIODevice::WriteOnly));
        QVERIFY(!m_directories->openInSocket(cellId).ok()); // no socket at all
        QVERIFY(plain.remove());
        QVERIFY(::rename(elsewhere.c_str(), cell("in/in.sock").c_str()) == 0);
        const auto opened = m_directories->openInSocket(cellId);
        QVERIFY(opened.ok());
        ::close(*opened);
    }
};

QTEST_APPLESS_MAIN(TestCellDirectories)
#include "tst_cell_directories.moc"
