// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "link/control_client.h"
#include "orchestrator/event_hub.h"
#include "wire/api_types.h"

#include <QObject>

#include <vector>

namespace clawloops::api {

// The health of every part, as the supervisor last said it, in its order; the supervisor itself is the first. While it is away
// the others keep what was last known and say since when nobody has looked. One thread.
class ComponentWatch : public QObject {
    Q_OBJECT
public:
    ComponentWatch(ControlClient& supervisor, orchestrator::EventHub& hub, const Clock& clock, QObject* parent = nullptr);
    [[nodiscard]] const std::vector<wire::Component>& components() const { return m_components; }

private:
    void connected();
    void disconnected();
    void readAll();
    void put(wire::Component component);
    ControlClient& m_supervisor;
    orchestrator::EventHub& m_hub;
    const Clock& m_clock;
    std::vector<wire::Component> m_components;
};

} // namespace clawloops::api
