// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What request bodies cost: one cell's never keep another cell from being served, and none costs more than its text.
#include "gateway_harness.h"

#include <QTest>
#include <atomic>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>

using namespace clawloops;
using namespace clawloops::test;

namespace {

constexpr std::size_t mebibyte = 1 << 20;

// A model server that reads what it is sent and never answers.
class SilentUpstream {
public:
    explicit SilentUpstream(const QString& path) : m_path(path.toStdString()), m_fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        m_path.copy(address.sun_path, sizeof address.sun_path - 1);
        ::bind(m_fd, reinterpret_cast<sockaddr*>(&address), sizeof address);
        ::listen(m_fd, 8);
        m_thread = std::thread([this] { serve(); });
    }
    ~SilentUpstream() {
        m_stop = true;
        m_thread.join();
        ::close(m_fd);
    }
    [[nodiscard]] std::string url() const { return "unix:" + m_path; }
    [[nodiscard]] std::size_t received() const { return m_received; }

private:
    void serve() {
        std::vector<pollfd> all{{m_fd, POLLIN, 0}};
        std::string buffer(256 * 1024, '\0');
        while (!m_stop) {
            if (::poll(all.data(), all.size(), 50) <= 0)
                continue;
            for (std::size_t i = 1; i < all.size(); ++i) {
                if (!all[i].revents)
                    continue;
                const ssize_t got = ::recv(all[i].fd, buffer.data(), buffer.size(), 0);
                if (got > 0)
                    m_received += static_cast<std::size_t>(got);
                else
                    all[i].fd = -all[i].fd; // poll leaves it alone
            }
            if (all[0].revents)
                all.push_back({::accept4(m_fd, nullptr, nullptr, SOCK_CLOEXEC), POLLIN, 0});
        }
        for (std::size_t i = 1; i < all.size(); ++i)
            ::close(std::abs(all[i].fd));
    }
    std::string m_path;
    int m_fd;
    std::thread m_thread;
    std::atomic<bool> m_stop{false};
    std::atomic<std::size_t> m_received{0};
};

std::string headOf(const char* token, const std::string& framing) {
    return "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + std::string(token) + "\r\n" + framing + "\r\n\r\n";
}

// A request of this many bytes of one long text, or only its beginning.
std::string textBody(std::size_t bytes) {
    const std::string start = R"({"model":"m","messages":[{"role":"user","content":")";
    const std::string end = R"("}]})";
    return start + std::string(bytes - start.size() - end.size(), 'z') + end;
}

} // namespace

class TestBodyMemory : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() {
        m_gateway = std::make_unique<GatewayHarness>();
        m_gateway->start();
        m_gateway->configure({m_gateway->upstream(QStringLiteral("up")).url()});
    }
    void cleanup() { m_gateway.reset(); }
    void slowUploadersOfOneCellLeaveTheOthersTheirs() {
        std::vector<RawClient> slow;
        for (int i = 0; i < 16; ++i) {
            slow.push_back(RawClient::local(m_gateway->socketOf(GatewayHarness::cellA)));
            slow.back().send(headOf(GatewayHarness::tokenA, "Transfer-Encoding: chunked") + "3\r\n{\"a\r\n");
        }
        QVERIFY(waitUntil([&] { return held() == 16 * 4096; })); // what came in, and not what might come
        const Answer other = m_gateway->ask("/v1/chat/completions", textBody(2 * mebibyte), GatewayHarness::cellB, GatewayHarness::tokenB);
        QCOMPARE(other.status, 200);
        QVERIFY(other.whole);
    }
    void oneCellGetsItsShareAndNoMore() {
        const qint64 before = m_gateway->memoryKiB();
        std::vector<RawClient> waiting;
        for (int i = 0; i < 2; ++i) { // 2 x 24 MiB that never become whole
            waiting.push_back(RawClient::local(m_gateway->socketOf(GatewayHarness::cellA)));
            QVERIFY(waiting.back().send(headOf(GatewayHarness::tokenA, "Content-Length: 31457280") + textBody(24 * mebibyte)));
        }
        QVERIFY(waitUntil([&] { return held() >= 47 * mebibyte; }));
        const Answer third = m_gateway->ask("/v1/chat/completions", textBody(24 * mebibyte));
        QCOMPARE(third.status, 429);
        QVERIFY(third.fields.contains("retry-after"));
        QVERIFY(third.body.find("of this workspace") != std::string::npos);
        QVERIFY(m_gateway->memoryKiB("VmHWM:") - before <= 72 * 1024); // the share, and little more
        const Answer other = m_gateway->ask("/v1/chat/completions", textBody(8 * mebibyte), GatewayHarness::cellB, GatewayHarness::tokenB);
        QCOMPARE(other.status, 200);
        waiting.clear();
        QVERIFY(waitUntil([&] { return held() == 0; }));
        QCOMPARE(m_gateway->ask("/v1/chat/completions", textBody(8 * mebibyte)).status, 200);
    }
    // The dearest body there is for a reader that builds a tree: one number every two bytes.
    void aBodyOfNumbersCostsItsTextAndIsForgottenOnceItIsWritten() {
        SilentUpstream silent(m_gateway->path("up/silent.sock"));
        m_gateway->configure({silent.url()});
        std::string body = R"({"model":"m","stream":false,"messages":[{"role":"user","content":"x"}],"x":[0)";
        body.reserve(32 * mebibyte);
        while (body.size() < 32 * mebibyte - 4)
            body += ",0";
        body += "]}";
        const qint64 before = m_gateway->memoryKiB();
        auto client = RawClient::local(m_gateway->socketOf(GatewayHarness::cellA));
        QVERIFY(client.send(GatewayHarness::post("/v1/chat/completions", body)));
        QVERIFY(waitUntil([&] { return silent.received() > body.size() && held() == 0; }, std::chrono::minutes(2)));
        const qint64 most = m_gateway->memoryKiB("VmHWM:") - before;
        QVERIFY2(most <= 40 * 1024, QByteArray::number(most).constData());
        QVERIFY(m_gateway->usage().empty()); // it is still under way
        client.close();
        QVERIFY(m_gateway->waitForUsage(1).front().at("outcome").as_string() == "client_gone");
    }

private:
    std::size_t held() { return m_gateway->control("stats").at("ok").at("heldBytes").to_number<std::size_t>(); }
    std::unique_ptr<GatewayHarness> m_gateway;
};

QTEST_GUILESS_MAIN(TestBodyMemory)
#include "tst_body_memory.moc"
