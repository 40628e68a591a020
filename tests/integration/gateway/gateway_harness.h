// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/json.h"
#include "base/pki.h"
#include "raw_client.h"

#include <QProcess>
#include <QString>
#include <QTemporaryDir>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace clawloops::test {

constexpr std::chrono::milliseconds patience{30'000}; // for what must happen; a slow machine is no failure

struct Answer {
    int status = 0;
    std::map<std::string, std::string> fields; // lower-case names
    std::string body; // chunks joined
    bool whole = false; // it ended as its head said
    [[nodiscard]] json::object json() const;
};
[[nodiscard]] Answer parseAnswer(const std::string& text);

class Upstream {
public:
    Upstream(const QString& directory, const QString& name, const std::string& script);
    ~Upstream();
    [[nodiscard]] std::string url() const { return "unix:" + m_socket.toStdString(); }
    [[nodiscard]] std::vector<json::object> journal(std::string_view event) const; // the entries of that kind
    void stop();

private:
    QString m_socket;
    QString m_journal;
    QProcess m_process;
};

// The real clawloops-gateway in a directory of its own, with two cells, and scripted model servers.
class GatewayHarness {
public:
    GatewayHarness();
    ~GatewayHarness();

    static constexpr const char* cellA = "caaaaaaaaaaaa";
    static constexpr const char* cellB = "cbbbbbbbbbbbb";
    static constexpr const char* tokenA = "token-of-cell-a-0123456789";
    static constexpr const char* tokenB = "token-of-cell-b-0123456789";

    void start();
    void kill(); // as kill -9 does
    void terminate(); // SIGTERM, and waits for the end
    [[nodiscard]] int exitCode() const { return m_process->exitCode(); }
    [[nodiscard]] qint64 pid() const { return m_process->processId(); }
    [[nodiscard]] qint64 memoryKiB(const char* which = "VmRSS:") const; // VmHWM: the most there ever was
    Upstream& upstream(const QString& name, const std::string& script = "[]"); // starts it on its first mention
    // One route "m" with these targets, given as URL or "litellm:URL", open to both cells.
    json::object configure(const std::vector<std::string>& urls, const std::string& model = "scripted");
    json::object configure(json::object configuration);
    [[nodiscard]] json::object configurationFor(const std::vector<std::string>& urls, const std::string& model) const;

    json::object control(const std::string& verb, json::object args = {}); // {"ok":…} or {"error":…}
    std::vector<json::object> usage(std::int64_t after = 0); // what usage.read says
    std::vector<json::object> waitForUsage(std::size_t count); // until there are so many

    [[nodiscard]] std::string socketOf(const char* cell) const;
    [[nodiscard]] static std::string post(std::string_view path, std::string_view body, std::string_view token = tokenA,
                                          std::string_view moreFields = {});
    Answer ask(std::string_view path, std::string_view body, const char* cell = cellA, std::string_view token = tokenA,
               std::string_view moreFields = {});
    [[nodiscard]] QString path(const char* below) const { return m_dir.filePath(QString::fromUtf8(below)); }
    [[nodiscard]] QByteArray log() const;
    [[nodiscard]] int port() const; // of the listener for personal keys

    static constexpr const char* liteLlmKey = "sk-canary-of-the-master-key";

private:
    QTemporaryDir m_dir;
    std::unique_ptr<QProcess> m_process;
    std::map<QString, std::unique_ptr<Upstream>> m_upstreams;
};

// {"model":"m","messages":[…],"stream":…}
[[nodiscard]] std::string chatBody(bool stream, std::string_view text = "hello");
[[nodiscard]] bool waitUntil(const std::function<bool()>& condition, std::chrono::milliseconds span = patience);

} // namespace clawloops::test
