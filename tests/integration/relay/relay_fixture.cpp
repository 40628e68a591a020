// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay_fixture.h"

#include "base/files.h"
#include "base/pki.h"
#include "base/random.h"

#include <QDir>
#include <QRegularExpression>
#include <QTest>
#include <unistd.h>

namespace clawloops::test {

RelayFixture::RelayFixture() : m_key(randomBytes(32)) {
    QDir(m_directory.path()).mkpath(QString::fromStdString("cells/" + std::string(cellId) + "/in"));
    QDir(m_directory.path()).mkpath("run/relay");
    writePki();
    if (!writeFileAtomically(path("grant.key"), m_key.reveal(), 0400).ok())
        qFatal("no grant key");
    m_relay.setStandardErrorFile(m_directory.filePath("relay.log"));
    const auto at = [this](const char* name) { return m_directory.filePath(name); };
    m_relay.start(BINARY_DIR "/bin/clawloops-relay",
                  {"--data", m_directory.path(), "--run", at("run"), "--listen", "127.0.0.1:0", "--cert", at("server.crt"), "--key",
                   at("server.key"), "--client-ca", at("client-ca.crt"), "--grant-key", at("grant.key"), "--control-uid",
                   QString::number(::geteuid()), "--portal-port", "8443", "--workspace-port", "8444"});
    const QRegularExpression listening("\"msg\":\"listening\".*\"port\":(\\d+)");
    QRegularExpressionMatch match;
    for (int i = 0; i < 300 && !match.hasMatch() && m_relay.state() != QProcess::NotRunning; ++i) {
        QTest::qWait(50);
        match = listening.match(QString::fromStdString(log()));
    }
    if (!match.hasMatch())
        qFatal("the relay does not start: %s", log().c_str());
    m_port = match.captured(1).toInt();
}

RelayFixture::~RelayFixture() {
    m_relay.terminate();
    if (!m_relay.waitForFinished(10'000)) {
        m_relay.kill();
        m_relay.waitForFinished(5'000);
        QTest::qFail("the relay does not stop at SIGTERM", __FILE__, __LINE__);
    } else if (m_relay.exitStatus() != QProcess::NormalExit || m_relay.exitCode() != 0) {
        QTest::qFail("the relay ended badly", __FILE__, __LINE__);
    }
}

void RelayFixture::writePki() {
    const WallTime now = SystemClock().now();
    const auto write = [this](const std::string& name, std::string_view text) {
        if (!writeFileAtomically(path(name), text, 0600).ok())
            qFatal("cannot write %s", name.c_str());
    };
    const auto authority = [&](const std::string& name) {
        auto made = pki::makeAuthority(name, pki::authorityLife, now);
        write(name + ".crt", made->certificate);
        return std::move(*made);
    };
    const auto leaf = [&](const pki::Identity& from, const std::string& name, pki::Use use) {
        pki::LeafRequest wanted;
        wanted.commonName = name;
        wanted.names = {"clawloops.internal"};
        wanted.use = use;
        const auto made = pki::issue(from, wanted, now);
        write(name + ".crt", made->certificate);
        write(name + ".key", made->key.reveal());
    };
    const auto clientCa = authority("client-ca");
    const auto serverCa = authority("server-ca");
    const auto otherCa = authority("other-ca");
    leaf(clientCa, "client", pki::Use::Client);
    leaf(serverCa, "server", pki::Use::Server);
    leaf(otherCa, "stranger", pki::Use::Client);
}

Grant RelayFixture::grant() const {
    const WallTime now = fromUnixSeconds(toUnixSeconds(SystemClock().now()));
    Grant grant;
    grant.cell = cellId;
    grant.user = "anna";
    grant.scopes = "operator.read";
    grant.session = std::string(64, 'a');
    grant.host = host;
    grant.prefix = "/w/anna/";
    grant.expires = now + std::chrono::seconds(29);
    grant.sessionExpires = now + std::chrono::hours(1);
    grant.rid = "req_aaaaaaaaaaaaaaaaaaaa";
    return grant;
}

std::string RelayFixture::signedGrant(const Grant& one) const {
    return signGrant(one, m_key);
}

std::string RelayFixture::requestWith(const Grant& one, const std::string& target, const std::string& more) const {
    return "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\nX-Clawloops-Grant: " + signedGrant(one)
        + "\r\nX-Forwarded-For: 10.0.0.7\r\n" + more + "\r\n";
}

std::string RelayFixture::request(const std::string& target, const std::string& more, const std::string& method) const {
    return method + requestWith(grant(), target, more).substr(3);
}

std::string RelayFixture::webSocket(const std::string& target) const {
    return request(target, "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: k\r\nSec-WebSocket-Version: 13\r\n");
}

std::unique_ptr<TlsClient> RelayFixture::traefik() const {
    return std::make_unique<TlsClient>(m_port, path("server-ca.crt"), path("client.crt"), path("client.key"));
}

std::string RelayFixture::ask(const std::string& raw) const {
    const auto client = traefik();
    client->send(raw);
    const std::string head = client->receive("\r\n\r\n");
    const auto length = head.find("Content-Length: ");
    const auto body = head.find("\r\n\r\n");
    if (length == std::string::npos || body == std::string::npos)
        return head;
    std::string all = head;
    const std::size_t whole = body + 4 + std::stoul(head.substr(length + 16));
    while (all.size() < whole && !client->sawEnd())
        all += client->receive({}, std::chrono::milliseconds(200));
    return all;
}

std::unique_ptr<CellDouble> RelayFixture::cell(CellDouble::Serve serve) const {
    return std::make_unique<CellDouble>(inDirectory() + "/in.sock", std::move(serve));
}

std::string RelayFixture::control(const std::string& verb, const std::string& args) const {
    auto client = RawClient::local(path("run/relay/control.sock"));
    client.send("{\"id\":1,\"verb\":\"" + verb + "\",\"args\":" + args + "}\n");
    std::string answer;
    while (!client.sawEnd() && answer.find("{\"id\":1") == std::string::npos) // events may come first
        answer += client.receive("\n");
    answer.erase(0, answer.find("{\"id\":1"));
    return answer.substr(0, answer.find('\n') + 1);
}

qint64 RelayFixture::residentKiB() const {
    QFile status(QStringLiteral("/proc/%1/status").arg(m_relay.processId()));
    if (!status.open(QIODevice::ReadOnly))
        return -1;
    const QRegularExpression resident("VmRSS:\\s+(\\d+)");
    return resident.match(QString::fromUtf8(status.readAll())).captured(1).toLongLong();
}

qsizetype RelayFixture::openFiles() const {
    return QDir(QStringLiteral("/proc/%1/fd").arg(m_relay.processId())).entryList(QDir::AllEntries | QDir::System | QDir::NoDotAndDotDot).size();
}

std::string RelayFixture::log() const {
    auto text = readFile(path("relay.log"));
    return text.ok() ? *text : std::string();
}

} // namespace clawloops::test
