// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_harness.h"

#include "base/clock.h"
#include "base/digest.h"

#include <QDir>
#include <QFile>
#include <QTest>
#include <algorithm>
#include <unistd.h>

namespace clawloops::test {

json::object Answer::json() const {
    auto object = parseObject(body);
    return object.ok() ? std::move(*object) : json::object();
}

Answer parseAnswer(const std::string& text) {
    Answer answer;
    const std::size_t headEnd = text.find("\r\n\r\n");
    if (headEnd == std::string::npos || text.size() < 12)
        return answer;
    answer.status = std::atoi(text.c_str() + 9);
    const QByteArray head = QByteArray::fromStdString(text.substr(0, headEnd));
    for (const QByteArray& line : head.split('\n').mid(1)) {
        const qsizetype colon = line.indexOf(':');
        answer.fields[line.left(colon).toLower().toStdString()] = line.mid(colon + 1).trimmed().toStdString();
    }
    std::string rest = text.substr(headEnd + 4);
    if (answer.fields["transfer-encoding"] != "chunked") {
        answer.body = rest;
        answer.whole = std::to_string(rest.size()) == answer.fields["content-length"];
        return answer;
    }
    std::size_t at = 0;
    while (at < rest.size()) {
        const std::size_t size = std::strtoul(rest.c_str() + at, nullptr, 16);
        const std::size_t lineEnd = rest.find("\r\n", at);
        if (lineEnd == std::string::npos)
            break;
        if (size == 0) {
            answer.whole = rest.compare(lineEnd, 4, "\r\n\r\n") == 0;
            break;
        }
        answer.body += rest.substr(lineEnd + 2, size);
        at = lineEnd + 2 + size + 2;
    }
    return answer;
}

Upstream::Upstream(const QString& directory, const QString& name, const std::string& script)
    : m_socket(directory + u'/' + name + QStringLiteral(".sock")), m_journal(directory + u'/' + name + QStringLiteral(".journal")) {
    const QString scriptFile = directory + u'/' + name + QStringLiteral(".json");
    QFile file(scriptFile);
    if (file.open(QIODevice::WriteOnly))
        file.write(QByteArray::fromStdString(script));
    file.close();
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_process.start(QStringLiteral("python3"), {QStringLiteral(SOURCE_DIR "/tests/support/scripted_upstream.py"), QStringLiteral("--socket"),
                                                m_socket, QStringLiteral("--script"), scriptFile, QStringLiteral("--journal"), m_journal});
    while (m_process.waitForReadyRead(30'000) && !m_process.canReadLine()) {
    }
}

Upstream::~Upstream() { stop(); }

void Upstream::stop() {
    m_process.kill();
    m_process.waitForFinished();
}

std::vector<json::object> Upstream::journal(std::string_view event) const {
    std::vector<json::object> entries;
    QFile file(m_journal);
    if (!file.open(QIODevice::ReadOnly))
        return entries;
    while (!file.atEnd()) {
        auto entry = parseObject(file.readLine().trimmed().toStdString());
        if (entry.ok() && entry->at("event").as_string() == event)
            entries.push_back(std::move(*entry));
    }
    return entries;
}

GatewayHarness::GatewayHarness() : m_dir(QStringLiteral("/tmp/gwt-XXXXXX")) {
    for (const char* below : {"cells/caaaaaaaaaaaa/out", "cells/cbbbbbbbbbbbb/out", "spool", "run/gateway", "run/model", "up"})
        QDir().mkpath(path(below));
    const auto now = SystemClock().now();
    const auto write = [this](const char* below, std::string_view text) {
        QFile file(path(below));
        if (file.open(QIODevice::WriteOnly))
            file.write(text.data(), static_cast<qint64>(text.size()));
    };
    const auto servers = pki::makeAuthority("servers", pki::authorityLife, now).value();
    const auto clients = pki::makeAuthority("clients", pki::authorityLife, now).value();
    const auto leaf = pki::issue(servers, {"clawloops.internal", {"clawloops.internal"}, pki::Use::Server, std::chrono::days(30)}, now).value();
    const auto client = pki::issue(clients, {"traefik", {}, pki::Use::Client, std::chrono::days(30)}, now).value();
    write("server.crt", leaf.certificate);
    write("server.key", leaf.key.reveal());
    write("client-ca.crt", clients.certificate);
    write("client.crt", client.certificate);
    write("client.key", client.key.reveal());
    write("server-ca.crt", servers.certificate);
    write("litellm.key", std::string(liteLlmKey) + "\n");
}

GatewayHarness::~GatewayHarness() {
    if (m_process)
        kill();
    if (QTest::currentTestFailed())
        qWarning().noquote() << log();
}

void GatewayHarness::start() {
    m_process = std::make_unique<QProcess>();
    m_process->setStandardErrorFile(path("gateway.log"), QIODevice::Append);
    m_process->start(QStringLiteral(BINARY_DIR "/bin/clawloops-gateway"),
                     {QStringLiteral("--data"), m_dir.path(), QStringLiteral("--run"), path("run"), QStringLiteral("--listen"),
                      QStringLiteral("127.0.0.1:0"), QStringLiteral("--cert"), path("server.crt"), QStringLiteral("--key"),
                      path("server.key"), QStringLiteral("--client-ca"), path("client-ca.crt"), QStringLiteral("--litellm-key"),
                      path("litellm.key"), QStringLiteral("--control-uid"), QString::number(::getuid())});
    const std::string socket = path("run/gateway/control.sock").toStdString();
    QVERIFY2(waitUntil([&] { return RawClient::local(socket).connected(); }), log().constData());
}

void GatewayHarness::kill() {
    m_process->kill();
    m_process->waitForFinished();
}

void GatewayHarness::terminate() {
    m_process->terminate();
    m_process->waitForFinished();
}

qint64 GatewayHarness::memoryKiB(const char* which) const {
    QFile file(QStringLiteral("/proc/%1/status").arg(pid()));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray& line : file.readAll().split('\n')) {
        if (line.startsWith(which))
            return line.mid(static_cast<qsizetype>(qstrlen(which))).trimmed().split(' ').front().toLongLong();
    }
    return 0;
}

Upstream& GatewayHarness::upstream(const QString& name, const std::string& script) {
    auto& upstream = m_upstreams[name];
    if (!upstream)
        upstream = std::make_unique<Upstream>(path("up"), name, script);
    return *upstream;
}

json::object GatewayHarness::configurationFor(const std::vector<std::string>& urls, const std::string& model) const {
    json::array targets;
    for (const std::string& url : urls) {
        const bool liteLlm = url.starts_with("litellm:");
        json::object target;
        target["name"] = "t" + std::to_string(targets.size() + 1);
        target["kind"] = liteLlm ? "litellm" : "openai";
        target["url"] = liteLlm ? url.substr(8) : url;
        target["model"] = model;
        target["weight"] = 1;
        targets.push_back(std::move(target));
    }
    const json::object route{{"name", "m"}, {"title", "M"}, {"enabled", true}, {"targets", std::move(targets)}};
    const auto cell = [](const char* id, const char* user, const char* token) {
        return json::object{{"cellId", id}, {"user", user}, {"tokenHash", toHex(sha256(token))}, {"routes", json::array{"m"}}};
    };
    json::object configuration;
    configuration["revision"] = 1;
    configuration["routes"] = json::array{route};
    // Tests say the same over and over; the one of the brake sets it.
    configuration["brake"] = json::object{{"identicalRequests", 0}, {"identicalToolCalls", 0}, {"requestsPerTenMinutes", 0}, {"spendTimesUsual", 0}};
    configuration["people"] = json::array{json::object{{"user", "usr_a"}, {"name", "anna"}}, json::object{{"user", "usr_b"}, {"name", "ben"}}};
    configuration["cells"] = json::array{cell(cellA, "usr_a", tokenA), cell(cellB, "usr_b", tokenB)};
    return configuration;
}

json::object GatewayHarness::configure(const std::vector<std::string>& urls, const std::string& model) {
    return configure(configurationFor(urls, model));
}

json::object GatewayHarness::configure(json::object configuration) {
    return control("configure", std::move(configuration));
}

json::object GatewayHarness::control(const std::string& verb, json::object args) {
    auto client = RawClient::local(path("run/gateway/control.sock").toStdString());
    client.send(json::serialize(json::object{{"id", 1}, {"verb", verb}, {"args", std::move(args)}}) + "\n");
    std::string text;
    do {
        text += client.receive("\n");
        while (text.starts_with("{\"event\"") && text.find('\n') != std::string::npos)
            text.erase(0, text.find('\n') + 1);
    } while (text.find('\n') == std::string::npos && !client.sawEnd());
    auto reply = parseObject(text.substr(0, text.find('\n')));
    return reply.ok() ? std::move(*reply) : json::object();
}

std::vector<json::object> GatewayHarness::usage(std::int64_t after) {
    std::vector<json::object> events;
    const json::object reply = control("usage.read", {{"after", after}, {"limit", 1000}});
    if (const auto* ok = reply.if_contains("ok")) {
        for (const json::value& event : ok->at("events").as_array())
            events.push_back(event.as_object());
    }
    return events;
}

std::vector<json::object> GatewayHarness::waitForUsage(std::size_t count) {
    std::vector<json::object> events;
    static_cast<void>(waitUntil([&] { return (events = usage()).size() >= count; }));
    return events;
}

std::string GatewayHarness::socketOf(const char* cell) const {
    return path("cells").toStdString() + "/" + cell + "/out/model.sock";
}

std::string GatewayHarness::post(std::string_view path, std::string_view body, std::string_view token, std::string_view moreFields) {
    std::string text = "POST " + std::string(path) + " HTTP/1.1\r\nHost: models\r\nContent-Type: application/json\r\n";
    if (!token.empty())
        text += "Authorization: Bearer " + std::string(token) + "\r\n";
    text += std::string(moreFields) + "Content-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n";
    return text + std::string(body);
}

Answer GatewayHarness::ask(std::string_view path, std::string_view body, const char* cell, std::string_view token,
                           std::string_view moreFields) {
    auto client = RawClient::local(socketOf(cell));
    client.send(post(path, body, token, moreFields));
    return parseAnswer(client.receive({}));
}

QByteArray GatewayHarness::log() const {
    QFile file(path("gateway.log"));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

int GatewayHarness::port() const {
    const QByteArray text = log();
    const qsizetype at = text.lastIndexOf("\"port\":");
    return at < 0 ? 0 : std::atoi(text.constData() + at + 7);
}

std::string chatBody(bool stream, std::string_view text) {
    json::object message{{"role", "user"}, {"content", text}};
    return json::serialize(json::object{{"model", "m"}, {"messages", json::array{message}}, {"stream", stream}});
}

bool waitUntil(const std::function<bool()>& condition, std::chrono::milliseconds span) {
    const auto limit = std::chrono::steady_clock::now() + span;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > limit)
            return false;
        QTest::qSleep(20);
    }
    return true;
}

} // namespace clawloops::test
