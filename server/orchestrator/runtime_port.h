// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "wire/runtime_verbs.h"

#include <QObject>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace clawloops::orchestrator {

template <class T> using PortDone = std::function<void(Result<T>)>;

// The runtime manager, as the orchestrator needs it. Every call answers exactly once, later, on the caller's thread, with a
// time limit of the implementation's own (Unavailable); every verb is idempotent. list() is the truth, changed() only wakes.
class RuntimePort : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;
    [[nodiscard]] virtual bool isConnected() const = 0;
    virtual void prepare(const std::string& cellId, std::int64_t slot, PortDone<void> done) = 0; // makes the directories
    virtual void start(const runtime::StartArgs& args, PortDone<runtime::Started> done) = 0;
    virtual void stop(const std::string& cellId, PortDone<void> done) = 0;
    virtual void remove(const std::string& cellId, bool wipe, PortDone<void> done) = 0;
    virtual void list(PortDone<std::vector<runtime::Cell>> done) = 0;
    virtual void probe(const std::string& cellId, PortDone<runtime::Probe> done) = 0;
    virtual void logs(const std::string& cellId, int lines, PortDone<std::vector<std::string>> done) = 0;

Q_SIGNALS:
    void connected();
    void disconnected();
    void changed(const QString& cellId);
};

} // namespace clawloops::orchestrator
