// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "supervisor/supervisor.h"

#include "base/log.h"
#include "supervisor/log_files.h"
#include "wire/api_types.h"

#include <QPointer>
#include <QThread>

#include <algorithm>

namespace clawloops::supervisor {

namespace {
constexpr Log logger("supervisor");

// For verbs that take nothing or one name.
Result<std::string> onlyArgument(const json::object& args, std::string_view name) {
    ObjectReader reader(args);
    std::string value = reader.text(name);
    if (Status done = reader.finish(); !done)
        return done.error();
    return value;
}

// Runs, and has inherited the session check's listening socket.
bool hasCheckPort(const Component* component) { return component->spec().checkPort != 0 && component->process().pid > 0; }

Status noArguments(const json::object& args) { return ObjectReader(args).finish(); }
}

Supervisor::Supervisor(SupervisorConfig config, QObject* parent)
    : QObject(parent), m_config(std::move(config)), m_startedAt(std::chrono::system_clock::now()), m_control(this) {
    for (const ComponentSpec& spec : m_config.specs) {
        auto* component = new Component(spec, this);
        m_components.push_back(component);
        connect(component, &Component::changed, this, [this, component] {
            announce(*component);
            startReady();
        });
        connect(component, &Component::aboutToStart, this, &Supervisor::record);
        connect(component, &Component::processChanged, this, &Supervisor::record);
        component->setSocketSource([this] { return checkSocket(); });
    }
    connect(&m_housekeeping, &QTimer::timeout, this, [this] { rotateLogs(m_config.data / "log", m_config.logLimit); });
    addVerbs();
}

Supervisor::~Supervisor() = default;

Status Supervisor::start(const RecordedProcesses& survivors) {
    const std::string socket = (m_config.run / "supervisor" / "control.sock").string();
    if (Status done = m_control.listen(QString::fromStdString(socket), {m_config.controlUid}, 0660, ::geteuid() == 0 ? m_config.controlGid : gid_t(-1)); !done)
        return done;
    m_housekeeping.start(std::chrono::minutes(1));
    for (Component* component : m_components)
        if (const auto found = survivors.find(component->spec().name); found != survivors.end()) {
            m_earlierRestarts[found->first] = found->second.restarts;
            component->adopt(found->second.identity, found->second.digest == component->spec().digest());
        }
    if (const Result<int> held = checkSocket(); !held) {
        // With a survivor it is most likely the one who holds it; otherwise nothing has been started yet, and nothing is.
        if (std::none_of(m_components.begin(), m_components.end(), hasCheckPort))
            return held.error();
        logger.warning("the session check's port cannot be taken back from the running processes", {}, {{"reason", held.error().message}});
    }
    record();
    m_adopted = true;
    startReady();
    return {};
}

// Ours already, or taken back from a process of ours that inherited it, or bound. Where a running one holds it and it cannot be
// taken back (an ordinary account, ptrace restricted), those are restarted: Traefik must not run in front of a port that may
// become somebody else's.
Result<int> Supervisor::checkSocket() {
    std::uint16_t port = 0;
    for (const Component* component : m_components)
        port = std::max(port, component->spec().checkPort);
    if (port == 0 || m_checkPort.isHeld())
        return m_checkPort.descriptor();
    for (const Component* component : m_components)
        if (hasCheckPort(component))
            if (auto taken = CheckPort::takeFrom(component->process().pid, port)) {
                m_checkPort = std::move(*taken);
                return m_checkPort.descriptor();
            }
    auto bound = CheckPort::bind(port);
    if (bound) {
        m_checkPort = std::move(*bound);
        return m_checkPort.descriptor();
    }
    if (m_adopted)
        for (Component* component : m_components)
            if (hasCheckPort(component) && component->wanted())
                component->restart();
    return bound.error();
}

void Supervisor::startReady() {
    if (m_stopping || !m_adopted)
        return; // a survivor that is not adopted yet must not be started a second time
    for (Component* component : m_components) {
        if (component->state() != State::Waiting || !component->wanted())
            continue;
        bool ready = true;
        for (const std::string& name : component->spec().after) {
            const Component* needed = find(name);
            ready = ready && (!needed || needed->state() == State::Running || needed->state() == State::External);
        }
        if (ready)
            component->start();
    }
}

void Supervisor::record() {
    RecordedProcesses processes;
    for (const Component* component : m_components)
        if (!component->process().nonce.empty()) {
            const auto earlier = m_earlierRestarts.find(component->spec().name);
            processes[component->spec().name] = {component->process(), component->spec().digest(),
                                                 component->restarts() + (earlier == m_earlierRestarts.end() ? 0 : earlier->second)};
        }
    if (Status done = saveProcesses(m_config.data / "state" / "supervisor.json", processes); !done)
        logger.error("cannot write down the processes", {}, {{"reason", done.error().message}});
}

json::object Supervisor::describe(const Component& component) const {
    wire::Component value;
    value.name = component.spec().name;
    value.title = component.spec().title;
    value.state = stateName(component.state());
    value.since = toRfc3339(component.since());
    if (component.process().pid > 0) {
        value.pid = component.process().pid;
        value.rssBytes = residentBytesOf(component.process().pid);
    }
    const auto earlier = m_earlierRestarts.find(value.name);
    value.restarts = component.restarts() + (earlier == m_earlierRestarts.end() ? 0 : earlier->second);
    if (!component.sentence().empty())
        value.sentence = component.sentence();
    return wire::toJson(value);
}

void Supervisor::announce(const Component& component) { m_control.broadcast("component", describe(component)); }

Component* Supervisor::find(const std::string& name) const {
    for (Component* component : m_components)
        if (component->spec().name == name)
            return component;
    return nullptr;
}

ControlServer::Handler Supervisor::onComponent(void (Supervisor::*action)(Component&, ControlServer::Answer)) {
    return [this, action](const json::object& args, const std::string&, ControlServer::Answer answer) {
        const auto name = onlyArgument(args, "name");
        if (!name)
            return answer(name.error());
        Component* component = find(*name);
        if (!component)
            return answer(Error{ErrorCode::NotFound, "There is no component \"" + *name + "\".", {}});
        if (component->state() == State::External)
            return answer(Error{ErrorCode::InvalidRequest, component->spec().title + " runs elsewhere: start and stop it there.", {}});
        if (m_stopping)
            return answer(Error{ErrorCode::Unavailable, "The appliance is stopping.", {}});
        (this->*action)(*component, std::move(answer));
    };
}

void Supervisor::restartComponent(Component& component, ControlServer::Answer answer) {
    component.restart();
    answer(describe(component));
}

void Supervisor::stopComponent(Component& component, ControlServer::Answer answer) {
    component.stop([this, &component, answer = std::move(answer)] { answer(describe(component)); });
}

void Supervisor::startComponent(Component& component, ControlServer::Answer answer) {
    component.start();
    answer(describe(component));
}

void Supervisor::addVerbs() {
    m_control.handle("status", [this](const json::object& args, const std::string&, ControlServer::Answer answer) {
        if (Status done = noArguments(args); !done)
            return answer(done.error());
        json::array components;
        for (const Component* component : m_components)
            components.emplace_back(describe(*component));
        answer(json::object{{"instance", m_config.instance}, {"version", m_config.version}, {"startedAt", toRfc3339(m_startedAt)},
                            {"rootless", m_config.rootless}, {"components", std::move(components)}});
    });
    m_control.handle("component.restart", onComponent(&Supervisor::restartComponent));
    m_control.handle("component.stop", onComponent(&Supervisor::stopComponent));
    m_control.handle("component.start", onComponent(&Supervisor::startComponent));
    m_control.handle("stop", [this](const json::object& args, const std::string&, ControlServer::Answer answer) {
        if (Status done = noArguments(args); !done)
            return answer(done.error());
        answer(json::object());
        stopAll();
    });
    m_control.handle("logs.find", [this](const json::object& args, const std::string&, ControlServer::Answer answer) {
        const auto rid = onlyArgument(args, "rid");
        if (!rid)
            return answer(rid.error());
        if (rid->size() < 8 || rid->size() > 128)
            return answer(Error{ErrorCode::InvalidRequest, "A request id has 8 to 128 characters.", {}});
        auto lines = std::make_shared<std::vector<FoundLine>>();
        QThread* thread = QThread::create([lines, directory = m_config.data / "log", rid = *rid] { *lines = findInLogs(directory, rid); });
        connect(thread, &QThread::finished, this, [thread, lines, answer = std::move(answer)] {
            json::array list;
            std::size_t size = 0;
            for (const FoundLine& found : *lines)
                if ((size += found.line.size() * 2 + 64) < (900u << 10)) // a reply is one line of at most 1 MiB
                    list.emplace_back(json::object{{"component", found.component}, {"line", found.line}});
            answer(json::object{{"lines", std::move(list)}});
            thread->deleteLater();
        });
        thread->start();
    });
}

void Supervisor::stopAll() {
    if (std::exchange(m_stopping, true))
        return;
    logger.info("stopping everything");
    m_left = m_components.size();
    stopNext();
}

void Supervisor::stopNext() {
    if (m_left == 0) {
        m_housekeeping.stop();
        m_control.close();
        Q_EMIT stopped();
        return;
    }
    Component* component = m_components[--m_left];
    const auto stopIt = [this, component] {
        component->stop([this] { QMetaObject::invokeMethod(this, &Supervisor::stopNext, Qt::QueuedConnection); });
    };
    if (component->spec().name == "runtimed" && component->state() == State::Running)
        stopCells(stopIt);
    else
        stopIt();
}

// The control plane is gone by now, so nobody starts them again. A cell that does not want to stop must not hold us up: the
// engine has its own limit, and what is left is adopted at the next start.
void Supervisor::stopCells(std::function<void()> done) {
    auto* client = new ControlClient(QString::fromStdString((m_config.run / "runtimed" / "control.sock").string()), "The runtime manager", this);
    auto finished = std::make_shared<std::function<void()>>(std::move(done));
    const auto finish = [client, finished] {
        if (auto once = std::exchange(*finished, nullptr)) {
            client->deleteLater();
            once();
        }
    };
    QTimer::singleShot(std::chrono::seconds(40), client, finish);
    connect(client, &ControlClient::connected, client, [client, finish] {
        client->call("cell.list", {}, client, [client, finish](Result<json::object> listed) {
            auto left = std::make_shared<int>(1);
            const auto oneLess = [left, finish] {
                if (--*left == 0)
                    finish();
            };
            const json::value* cells = listed ? listed->if_contains("cells") : nullptr;
            if (cells && cells->is_array())
                for (const json::value& cell : cells->get_array()) {
                    const json::value* id = cell.is_object() ? cell.get_object().if_contains("cellId") : nullptr;
                    if (!id || !id->is_string())
                        continue;
                    ++*left;
                    client->call("cell.stop", {{"cellId", id->get_string()}}, client, [oneLess](const Result<json::object>&) { oneLess(); }, std::chrono::seconds(30));
                }
            oneLess();
        });
    });
    client->open();
}

} // namespace clawloops::supervisor
