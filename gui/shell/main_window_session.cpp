// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The window's dealings with session, live events and the supervisor's socket.
#include "shell/main_window.h"

#include "shell/certificate_dialog.h"
#include "shell/sign_in_page.h"
#include "widgets/page.h"

#include <QStackedWidget>

namespace clawloops::gui {

void MainWindow::connectSession() {
    connect(&m_session, &Session::signInNeeded, this, &MainWindow::showSignIn);
    connect(&m_session, &Session::failed, this, [this](const ApiFailure& failure) {
        if (m_stack->currentWidget() == m_signIn)
            m_signIn->showFailure(failure.sentence, failure.requestId);
        else
            static_cast<Page*>(m_pages.first())->failureNotice(failure.sentence, failure.requestId);
    });
    connect(&m_session, &Session::certificateQuestion, this, &MainWindow::askAboutCertificate);
    connect(&m_session, &Session::signedIn, this, [this] {
        remember(QStringLiteral("server"), m_session.server().text());
        remember(QStringLiteral("username"), fromWire(m_session.user()->username));
        setWindowTitle(QStringLiteral("ClawLoops, %1").arg(m_session.server().host()));
        m_signIn->setWaiting({});
        if (m_session.user()->mustChangePassword || !m_session.user()->isAdmin) {
            const QString sentence = m_session.user()->isAdmin
                                         ? tr("A new password has to be chosen first: open %1 in a browser and sign in there.").arg(m_session.server().text())
                                         : tr("%1 is not an admin. This program is for admins; your workspace is at %2.")
                                               .arg(fromWire(m_session.user()->username), m_session.server().text());
            m_session.signOut();
            return m_signIn->showFailure(sentence);
        }
        m_rescue.open(m_options.rescueSocket);
        followContact();
        showPages();
    });
    connect(&m_session.events(), &EventStream::stateChanged, this, &MainWindow::followContact);
    connect(&m_session.events(), &EventStream::event, this, [this](const QByteArray& type, const json::object& data) {
        // The supervisor itself knows earlier and better.
        if (type == "component" && m_rescueMatches && m_rescue.isConnected())
            return;
        m_data.apply(type, data);
        if (type == "snapshot") {
            matchRescue();
            followContact();
        }
    });
}

void MainWindow::signIn(const ServerAddress& server, const QString& username, const Secret& password) {
    m_signIn->setWaiting(tr("Signing in at %1,").arg(server.key()));
    if (!(m_session.server() == server)) {
        // A kept token of that server is not asked: somebody is signing in by name.
        const Status pins = m_session.choose(server);
        if (!pins)
            return m_signIn->showFailure(QString::fromStdString(pins.error().message));
    }
    m_session.signIn(username, password);
}

void MainWindow::askAboutCertificate(const ApiFailure& failure) {
    m_signIn->setWaiting({});
    auto* dialog = new CertificateDialog(m_session.server(), failure, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        m_signIn->setWaiting(tr("Connecting to %1,").arg(m_session.server().key()));
        m_session.acceptCertificate(dialog->sha256());
    });
    connect(dialog, &QDialog::rejected, this, [this, failure] {
        m_signIn->showFailure(tr("Not connected: the certificate of %1 was not accepted.").arg(m_session.server().key()));
    });
    dialog->open();
}

void MainWindow::followContact() {
    const EventStream& events = m_session.events();
    Contact contact;
    contact.server = m_session.server().key();
    switch (events.state()) {
    case EventStream::State::Closed: return;
    case EventStream::State::Connecting:
        contact.phase = Contact::Phase::Loading;
        contact.since = m_health.contact().phase == Contact::Phase::Loading && m_health.contact().since.isValid()
                            ? m_health.contact().since
                            : QDateTime::currentDateTime();
        break;
    case EventStream::State::Live:
        contact.phase = Contact::Phase::Live;
        break;
    case EventStream::State::Stale:
        contact.phase = Contact::Phase::Stale;
        contact.since = events.lastContact().isValid() ? events.lastContact() : QDateTime::currentDateTime();
        contact.silent = events.failure().kind == ApiFailure::Kind::Unreachable          ? Contact::Silent::Entry
                         : events.failure().kind == ApiFailure::Kind::ControlPlaneSilent ? Contact::Silent::ControlPlane
                                                                                         : Contact::Silent::Nobody;
        break;
    case EventStream::State::Refused:
        contact.phase = Contact::Phase::Refused;
        if (events.failure().kind == ApiFailure::Kind::CertificateChanged || events.failure().kind == ApiFailure::Kind::CertificateRefused)
            contact.title = tr("Another certificate");
        contact.since = QDateTime::currentDateTime();
        break;
    }
    if (contact.phase == Contact::Phase::Stale || contact.phase == Contact::Phase::Refused) {
        contact.sentence = events.failure().sentence;
        contact.requestId = events.failure().requestId;
    }
    setContact(contact);
}

void MainWindow::connectRescue() {
    connect(&m_rescue, &LocalRescue::components, this, [this](const std::vector<wire::Component>& all) {
        m_rescueList = all;
        matchRescue();
    });
    connect(&m_rescue, &LocalRescue::component, this, [this](const wire::Component& one) {
        if (!m_rescueMatches)
            return;
        for (wire::Component& known : m_rescueList)
            if (known.name == one.name)
                known = one;
        m_data.components.upsert(one);
        Q_EMIT m_data.changed();
    });
    connect(&m_rescue, &LocalRescue::lost, this, [this] {
        m_rescueList.clear();
        m_health.setLocal(false);
    });
}

// The socket found on this machine may belong to another appliance than the one signed in to: the same component with the
// same process id says that it does not. Either of the two lists may come first.
void MainWindow::matchRescue() {
    for (const wire::Component& one : m_rescueList) {
        const wire::Component* seen = m_data.components.find(fromWire(one.name));
        m_rescueMatches = m_rescueMatches || (seen && seen->pid && one.pid && *seen->pid == *one.pid);
    }
    if (!m_rescueMatches || !m_rescue.isConnected())
        return;
    for (const wire::Component& one : m_rescueList) // the supervisor does not list itself: its row is the control plane's
        m_data.components.upsert(one);
    m_health.setLocal(true);
    followData();
}

} // namespace clawloops::gui
