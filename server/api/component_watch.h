// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "link/control_client.h"
#include "orchestrator/event_hub.h"
#include "wire/api_types.h"

#include <QObject>

#include <map>
#include <string>
#include <vector>

namespace clawloops::api {

// The health of every part, as the supervisor last said it, in its order; the supervisor itself is the first. While it is away
// the others keep what was last known and say since when nobody has looked. One thread.
class ComponentWatch : public QObject {
    Q_OBJECT
public:
    ComponentWatch(ControlClient& supervisor, orchestrator::EventHub& hub, const Clock& clock, QObject* parent = nullptr);
    // What somebody else knows of a component that runs: it is shown unhealthy with this sentence until it is taken back (empty).
    void note(const std::string& name, const std::string& sentence);
    [[nodiscard]] const std::vector<wire::Component>& components() const { return m_components; }

private:
    void connected();
    void disconnected();
    void readAll();
    void put(wire::Component component);
    void show(wire::Component component);
    ControlClient& m_supervisor;
    orchestrator::EventHub& m_hub;
    const Clock& m_clock;
    std::vector<wire::Component> m_components;
    std::vector<wire::Component> m_said; // the same without notes
    std::map<std::string, std::string> m_notes;
};

} // namespace clawloops::api
