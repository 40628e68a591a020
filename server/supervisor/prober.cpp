// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "supervisor/prober.h"

#include "base/files.h"

#include <QLocalSocket>
#include <QSslSocket>
#include <QTcpSocket>

namespace clawloops::supervisor {

namespace {
// The request for TLS that a PostgreSQL client may begin with: answered by one byte, needs no account, leaves no log line.
const QByteArray sslRequest = QByteArray::fromHex("0000000804d2162f");

bool postmasterReady(const std::filesystem::path& pidFile) {
    const auto text = readFile(pidFile);
    return text && text->find("\nready") != std::string::npos;
}

QByteArray httpQuestion(const Probe& probe) {
    return QByteArrayLiteral("GET ") + QByteArray::fromStdString(probe.path) + " HTTP/1.1\r\nHost: " + QByteArray::fromStdString(probe.host) +
           "\r\nUser-Agent: clawloops-supervisor\r\nConnection: close\r\n\r\n";
}
}

Prober::Prober(const Probe& probe, QObject* parent) : QObject(parent), m_probe(probe) {
    m_limit.setSingleShot(true);
    m_limit.setInterval(2000);
    connect(&m_limit, &QTimer::timeout, this, [this] { finish(Outcome::TimedOut, QStringLiteral("it does not answer within 2 s")); });
}

Prober::~Prober() { forget(); }

void Prober::ask() {
    if (m_open)
        return;
    m_open = true;
    m_reply.clear();
    m_limit.start();
    open();
}

void Prober::forget() {
    m_open = false;
    m_limit.stop();
    if (QIODevice* device = m_device) {
        m_device = nullptr;
        device->disconnect(this);
        device->deleteLater();
    }
}

void Prober::finish(Outcome outcome, const QString& detail) {
    if (!m_open)
        return;
    forget();
    Q_EMIT answered(outcome, detail);
}

void Prober::open() {
    using Kind = Probe::Kind;
    const auto refused = [this] {
        if (m_device)
            finish(Outcome::Refused, m_device->errorString());
    };
    // Local sockets can fail inside connectToServer(): answer from the event loop in every case.
    const auto openLocal = [&](const QByteArray& question) {
        auto* socket = new QLocalSocket(this);
        m_device = socket;
        connect(socket, &QLocalSocket::connected, this, [this, question] { write(question); });
        connect(socket, &QLocalSocket::errorOccurred, this, refused, Qt::QueuedConnection);
        connect(socket, &QLocalSocket::readyRead, this, [this] { read(); });
        socket->connectToServer(QString::fromStdString(m_probe.socket.string()));
    };
    switch (m_probe.kind) {
    case Kind::Alive:
        QMetaObject::invokeMethod(this, [this] { finish(Outcome::Good, {}); }, Qt::QueuedConnection);
        return;
    case Kind::Control:
        openLocal(QByteArrayLiteral("{\"id\":1,\"verb\":\"ping\",\"args\":{}}\n"));
        return;
    case Kind::UnixHttp:
        openLocal(httpQuestion(m_probe));
        return;
    case Kind::Postgres:
        if (!postmasterReady(m_probe.pidFile)) {
            QMetaObject::invokeMethod(this, [this] { finish(Outcome::Refused, QStringLiteral("it is not ready yet")); }, Qt::QueuedConnection);
            return;
        }
        openLocal(sslRequest);
        return;
    case Kind::Http:
    case Kind::Tls: {
        const bool tls = m_probe.kind == Kind::Tls;
        auto* socket = tls ? new QSslSocket(this) : new QTcpSocket(this);
        m_device = socket;
        const QByteArray question = httpQuestion(m_probe);
        connect(socket, &QAbstractSocket::errorOccurred, this, refused, Qt::QueuedConnection);
        connect(socket, &QIODevice::readyRead, this, [this] { read(); });
        const QString address = QString::fromStdString(m_probe.address);
        if (tls) {
            auto* secure = static_cast<QSslSocket*>(socket);
            // Asks whether it works, not who it is: the port is one only our Traefik can hold.
            secure->setPeerVerifyMode(QSslSocket::VerifyNone);
            connect(secure, &QSslSocket::encrypted, this, [this, question] { write(question); });
            secure->connectToHostEncrypted(address, m_probe.port, QString::fromStdString(m_probe.host));
        } else {
            connect(socket, &QAbstractSocket::connected, this, [this, question] { write(question); });
            socket->connectToHost(address, m_probe.port);
        }
    }
    }
}

void Prober::write(const QByteArray& question) {
    if (m_device)
        m_device->write(question);
}

void Prober::read() {
    using Kind = Probe::Kind;
    if (!m_device)
        return;
    m_reply += m_device->read(8192);
    if (m_probe.kind == Kind::Postgres || m_probe.kind == Kind::Control) {
        if (m_probe.kind == Kind::Postgres || m_reply.contains('\n'))
            finish(Outcome::Good, {});
        return;
    }
    if (m_reply.size() < 12)
        return;
    const int status = m_reply.startsWith("HTTP/1.") ? m_reply.mid(9, 3).toInt() : 0;
    const bool good = m_probe.kind == Kind::Tls ? status >= 200 && status != 404 : status >= 200 && status < 500;
    finish(good ? Outcome::Good : Outcome::Refused, QStringLiteral("it answers with HTTP status %1").arg(status));
}

} // namespace clawloops::supervisor
