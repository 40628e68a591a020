// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFile>
#include <QHash>
#include <QProcess>
#include <QSet>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslServer>
#include <QSslSocket>
#include <QTemporaryDir>
#include <QTest>

// A TLS server that fails in the ways a real appliance cannot be made to: it answers what it is told to, shows whatever
// certificate it is given, cuts, and falls silent. It remembers every byte of every request.
class ScriptedTlsServer : public QSslServer {
    Q_OBJECT
public:
    struct Identity {
        QSslCertificate certificate;
        QSslKey key;
    };
    static Identity makeIdentity(const QString& name) {
        QTemporaryDir directory;
        QProcess openssl;
        openssl.start(QStringLiteral("openssl"),
                      {QStringLiteral("req"), QStringLiteral("-x509"), QStringLiteral("-newkey"), QStringLiteral("ec"), QStringLiteral("-pkeyopt"),
                       QStringLiteral("ec_paramgen_curve:prime256v1"), QStringLiteral("-nodes"), QStringLiteral("-days"), QStringLiteral("2"),
                       QStringLiteral("-subj"), QStringLiteral("/CN=") + name, QStringLiteral("-addext"),
                       QStringLiteral("subjectAltName=DNS:localhost,IP:127.0.0.1"), QStringLiteral("-keyout"),
                       directory.filePath(QStringLiteral("key")), QStringLiteral("-out"), directory.filePath(QStringLiteral("crt"))});
        openssl.waitForFinished(30'000);
        QFile key(directory.filePath(QStringLiteral("key")));
        QFile crt(directory.filePath(QStringLiteral("crt")));
        if (!key.open(QFile::ReadOnly) || !crt.open(QFile::ReadOnly))
            qFatal("openssl made no certificate: %s", openssl.readAllStandardError().constData());
        return {QSslCertificate(crt.readAll()), QSslKey(key.readAll(), QSsl::Ec)};
    }

    void show(const Identity& identity) {
        QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
        tls.setLocalCertificate(identity.certificate);
        tls.setPrivateKey(identity.key);
        tls.setPeerVerifyMode(QSslSocket::VerifyNone);
        setSslConfiguration(tls);
    }
    bool start(quint16 port = 0) {
        connect(this, &QTcpServer::pendingConnectionAvailable, this, &ScriptedTlsServer::take, Qt::UniqueConnection);
        return listen(QHostAddress::LocalHost, port);
    }
    // path, or verb and path → whole answer; an answer that begins as an event stream leaves the connection open
    void answer(const QByteArray& path, const QByteArray& status, const QByteArray& body, const QByteArray& type = "application/json") {
        const bool stream = type == "text/event-stream";
        m_answers[path] = "HTTP/1.1 " + status + "\r\nContent-Type: " + type + "\r\nX-Request-Id: req_aaaaaaaaaaaaaaaaaaaa\r\n" +
                          (stream ? QByteArray("Connection: close\r\n\r\n") : "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n") + body;
    }
    void hold(const QByteArray& path) { m_held.insert(path); } // asked, and not answered
    void letGo(const QByteArray& path) {
        m_held.remove(path);
        for (QSslSocket* socket : m_waiting.take(path)) {
            socket->write(m_answers.value(path, notFound()));
            socket->flush();
        }
    }
    void refuse(const QByteArray& path, const QByteArray& status, const QByteArray& code, const QByteArray& sentence) {
        answer(path, status, R"({"code":")" + code + R"(","message":")" + sentence + R"(","requestId":"req_aaaaaaaaaaaaaaaaaaaa"})");
    }
    void sendToAll(const QByteArray& bytes) {
        for (QSslSocket* socket : std::as_const(m_open)) {
            socket->write(bytes);
            socket->flush();
        }
    }
    void cutAll() {
        const auto all = m_open;
        for (QSslSocket* socket : all)
            socket->abort();
    }
    QByteArray received;
    QByteArrayList asked; // "PUT /api/v1/admin/limits {…}"
    int requests = 0;

private:
    void take() {
        while (auto* socket = qobject_cast<QSslSocket*>(nextPendingConnection())) {
            m_open.append(socket);
            connect(socket, &QSslSocket::disconnected, this, [this, socket] {
                m_open.removeAll(socket);
                socket->deleteLater();
            });
            connect(socket, &QSslSocket::readyRead, this, [this, socket] { read(socket); });
            read(socket);
        }
    }
    void read(QSslSocket* socket) {
        const QByteArray got = socket->readAll();
        received += got;
        QByteArray& pending = m_pending[socket];
        pending += got;
        const qsizetype end = pending.indexOf("\r\n\r\n");
        if (end < 0)
            return;
        qsizetype length = 0;
        for (const QByteArray& line : pending.left(end).split('\n'))
            if (line.toLower().startsWith("content-length:"))
                length = line.mid(15).trimmed().toLongLong();
        if (pending.size() < end + 4 + length)
            return;
        const QByteArray verb = pending.split(' ').value(0);
        const QByteArray path = pending.split(' ').value(1);
        asked += verb + ' ' + path + (length > 0 ? ' ' + pending.mid(end + 4, length) : QByteArray());
        pending.clear();
        ++requests;
        if (m_held.contains(path))
            return m_waiting[path].append(socket);
        socket->write(m_answers.contains(verb + ' ' + path) ? m_answers.value(verb + ' ' + path) : m_answers.value(path, notFound()));
        socket->flush();
    }
    static QByteArray notFound() { return "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"; }
    QList<QSslSocket*> m_open;
    QHash<QSslSocket*, QByteArray> m_pending;
    QHash<QByteArray, QByteArray> m_answers;
    QSet<QByteArray> m_held;
    QHash<QByteArray, QList<QSslSocket*>> m_waiting;
};
