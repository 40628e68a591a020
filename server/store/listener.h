// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>

#include <atomic>
#include <string>
#include <thread>

namespace clawloops::store {

// LISTEN on one channel, on a thread and a connection of its own; signals arrive on the creator's thread. It asks the server
// something every 5 s, so that a silent loss shows within 10 s, and connects again with a back-off of 100 ms doubling to 2 s.
// What was notified while it was away is lost: listening() means "read everything again".
class Listener : public QObject {
    Q_OBJECT
public:
    Listener(std::string url, std::string channel, QObject* parent = nullptr);
    ~Listener() override;

    void start(); // once

Q_SIGNALS:
    void listening(); // from now on nothing is missed; emitted again after each loss
    void lost();
    void notified(const QString& payload);

private:
    void serve();
    bool listenOnce(); // false: stopping
    [[nodiscard]] bool waitFor(int socket, int milliseconds) const; // false: stopping

    std::string m_url;
    std::string m_channel;
    int m_stop = -1; // eventfd
    std::atomic<bool> m_stopping{false};
    std::thread m_thread;
};

} // namespace clawloops::store
