// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/health_board.h"

namespace clawloops::gui {

HealthBoard::HealthBoard(const LiveData& data, QObject* parent) : QObject(parent), m_data(data) {
    connect(&data, &LiveData::changed, this, &HealthBoard::changed);
}

void HealthBoard::setContact(const Contact& contact) {
    if (m_contact == contact)
        return;
    m_contact = contact;
    Q_EMIT changed();
}

void HealthBoard::setLocal(bool local) {
    if (m_local == local)
        return;
    m_local = local;
    Q_EMIT changed();
}

StateView HealthBoard::of(const QString& component) const {
    const wire::Component* known = m_data.components.find(component);
    if (isKnown())
        return known ? describe(*known) : StateView{StateKind::Unknown, tr("not reported"), {}, {}};
    const bool silent = (component == QLatin1String("traefik") && m_contact.silent == Contact::Silent::Entry) ||
                        (component == QLatin1String("clawloopsd") && m_contact.silent == Contact::Silent::ControlPlane);
    if (m_contact.phase == Contact::Phase::Stale && silent)
        return {StateKind::Error, tr("does not answer"), m_contact.sentence, m_contact.since};
    const QString seen = m_contact.since.isValid() ? tr("Last seen %1").arg(m_contact.since.toString(QStringLiteral("HH:mm"))) : QString();
    return {StateKind::Unknown, tr("unknown"), seen, m_contact.since};
}

StateView HealthBoard::overall() const {
    if (m_contact.phase == Contact::Phase::Loading)
        return {StateKind::Starting, tr("connecting"), m_contact.sentence, m_contact.since};
    if (m_contact.phase == Contact::Phase::Refused)
        return {StateKind::Error, m_contact.title.isEmpty() ? tr("signed out") : m_contact.title, m_contact.sentence, m_contact.since};
    if (m_contact.phase == Contact::Phase::Stale)
        return {StateKind::Attention, tr("no contact"), m_contact.sentence, m_contact.since};
    int sick = 0;
    StateView worst{StateKind::Running, tr("all well"), {}, {}};
    for (const wire::Component& one : m_data.components.rows()) {
        const StateView state = describe(one);
        if (state.kind == StateKind::Running)
            continue;
        ++sick;
        if (severity(state.kind) < severity(worst.kind))
            worst = {state.kind, fromWire(one.title) + u' ' + state.word, state.sentence, state.since};
    }
    if (sick > 1)
        worst.word = tr("%1 components not running").arg(sick);
    if (sick == 0 && m_data.runtimes.attention() > 0)
        return {StateKind::Attention,
                m_data.runtimes.attention() == 1 ? tr("1 runtime needs attention")
                                                 : tr("%1 runtimes need attention").arg(m_data.runtimes.attention()),
                {},
                {}};
    return worst;
}

} // namespace clawloops::gui
