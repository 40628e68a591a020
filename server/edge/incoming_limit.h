// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <cstdint>
#include <memory>
#include <set>

class QTcpSocket;

namespace clawloops {

class IncomingLimit;

// All connections of one listener together.
struct IncomingTotal {
    std::int64_t bytes = 0;
    std::set<IncomingLimit*> connections;
};

// QtHttpServer buffers a request whole, twice, before a handler sees it: here what one request may be, head and body, is counted
// as it arrives, on every route and before anybody is asked who they are. Who sends more gets a 413 (where no earlier answer
// is outstanding) and loses the connection; and when all connections together hold too much, the largest does. Owned by its
// socket, whose event loop it lives on. Made before Qt connects to the socket, so that it is asked first.
class IncomingLimit final : public QObject {
public:
    static constexpr std::int64_t longestRequest = 256 * 1024; // four times the API's longest body
    static constexpr std::int64_t longestTogether = 32 * 1024 * 1024;

    IncomingLimit(QTcpSocket* socket, std::shared_ptr<IncomingTotal> total);
    ~IncomingLimit() override;
    [[nodiscard]] static IncomingLimit* of(const QTcpSocket* socket); // null: it has none

    void requestHandedOver(); // the next one is counted from here

private:
    void arrived();
    [[nodiscard]] bool mayAnswer() const;
    void forget();
    void refuse();

    QTcpSocket* m_socket;
    const std::shared_ptr<IncomingTotal> m_total;
    bool m_first = true; // nothing was handed over yet
    std::int64_t m_bytes = 0; // of the request that is arriving
};

} // namespace clawloops
