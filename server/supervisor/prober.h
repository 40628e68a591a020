// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "supervisor/component_spec.h"

#include <QByteArray>
#include <QObject>
#include <QPointer>
#include <QTimer>

#include <memory>

class QIODevice;

namespace clawloops::supervisor {

// Asks one component, one question at a time, on the event loop of its thread. Never blocks but for reading PostgreSQL's pid
// file (some bytes).
class Prober : public QObject {
    Q_OBJECT
public:
    enum class Outcome { Good, Refused, TimedOut };

    Prober(const Probe& probe, QObject* parent);
    ~Prober() override;
    void ask(); // ignored while a question is open; answered() follows, at the latest after two seconds
    void forget(); // drops an open question without an answer

Q_SIGNALS:
    void answered(clawloops::supervisor::Prober::Outcome outcome, const QString& detail);

private:
    void open();
    void write(const QByteArray& question);
    void read();
    void finish(Outcome outcome, const QString& detail);

    Probe m_probe;
    QPointer<QIODevice> m_device;
    QByteArray m_reply;
    QTimer m_limit;
    bool m_open = false;
};

} // namespace clawloops::supervisor
