// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/json.h"
#include "wire/api_types.h"

#include <QObject>
#include <QString>
#include <memory>
#include <vector>

namespace clawloops {
class ControlClient;
}

namespace clawloops::gui {

// The supervisor's own socket on this machine: what runs, without sign-in, also when the entry or the control plane is
// down. Only accounts that the supervisor lets in get an answer. One thread; nothing here fails aloud: without a socket, or
// without permission, it stays silent.
class LocalRescue : public QObject {
    Q_OBJECT
public:
    explicit LocalRescue(QObject* parent = nullptr);
    ~LocalRescue() override;

    // $CLAWLOOPS_RUN, else the run directory of an installation as root, else of one by this user; empty where none is there.
    [[nodiscard]] static QString findSocket();

    void open(const QString& socket);
    void close();
    [[nodiscard]] bool isConnected() const;

Q_SIGNALS:
    void components(const std::vector<clawloops::wire::Component>& all); // at every connection
    void component(const clawloops::wire::Component& one);
    void lost();

private:
    void ask();
    std::unique_ptr<ControlClient> m_control;
};

} // namespace clawloops::gui
