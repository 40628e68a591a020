// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/component_watch.h"

#include "base/log.h"

#include <algorithm>

namespace clawloops::api {

namespace {
constexpr Log log("components");
// What the supervisor leaves out when it has nothing to say is null in the API.
Result<wire::Component> read(const json::object& data) { return wire::fromJson<wire::Component>(data); }
}

ComponentWatch::ComponentWatch(ControlClient& supervisor, orchestrator::EventHub& hub, const Clock& clock, QObject* parent)
    : QObject(parent)
    , m_supervisor(supervisor)
    , m_hub(hub)
    , m_clock(clock) {
    connect(&supervisor, &ControlClient::connected, this, &ComponentWatch::connected);
    connect(&supervisor, &ControlClient::disconnected, this, &ComponentWatch::disconnected);
    connect(&supervisor, &ControlClient::event, this, [this](const QString& name, const boost::json::object& data) {
        if (name != QLatin1StringView("component"))
            return;
        if (auto component = read(data))
            put(std::move(*component));
        else
            log.warning("the supervisor's event cannot be read", {}, {{"problem", component.error().message}});
    });
    disconnected(); // until it says otherwise
}

void ComponentWatch::connected() {
    wire::Component self;
    self.name = "supervisor";
    self.title = "Supervisor";
    self.state = "running";
    self.since = toRfc3339(m_clock.now());
    put(self);
    readAll();
}

void ComponentWatch::readAll() {
    m_supervisor.call("status", {}, this, [this](const Result<json::object>& status) {
        if (!status)
            return; // the next connection asks again
        const json::value* list = status->if_contains("components");
        if (!list || !list->is_array())
            return log.warning("the supervisor's status has no components");
        for (const json::value& item : list->get_array())
            if (auto component = item.is_object() ? read(item.get_object()) : Result<wire::Component>(Error{}))
                put(std::move(*component));
            else
                log.warning("a component in the supervisor's status cannot be read", {}, {{"problem", component.error().message}});
    });
}

void ComponentWatch::disconnected() {
    wire::Component self;
    self.name = "supervisor";
    self.title = "Supervisor";
    self.state = "failed";
    self.since = toRfc3339(m_clock.now());
    self.sentence = "The supervisor does not answer; what is shown of the other parts is from before. Start it again.";
    put(self);
}

void ComponentWatch::note(const std::string& name, const std::string& sentence) {
    if (sentence.empty())
        m_notes.erase(name);
    else
        m_notes[name] = sentence;
    const auto said = std::find_if(m_said.begin(), m_said.end(), [&](const wire::Component& each) { return each.name == name; });
    if (said != m_said.end())
        show(*said);
}

void ComponentWatch::put(wire::Component component) {
    const auto said = std::find_if(m_said.begin(), m_said.end(), [&](const wire::Component& each) { return each.name == component.name; });
    if (said == m_said.end())
        m_said.push_back(component);
    else
        *said = component;
    show(std::move(component));
}

void ComponentWatch::show(wire::Component component) {
    if (const auto note = m_notes.find(component.name); note != m_notes.end() && component.state == "running") {
        component.state = "unhealthy";
        component.sentence = note->second;
    }
    const std::string name = component.name;
    const auto known = std::find_if(m_components.begin(), m_components.end(),
                                    [&](const wire::Component& each) { return each.name == name; });
    if (known == m_components.end())
        m_components.push_back(std::move(component));
    else
        *known = std::move(component);
    m_hub.publish({orchestrator::Change::Kind::Component, name, {}, false});
}

} // namespace clawloops::api
