// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/contact.h"
#include "models/live_data.h"

#include <QObject>

namespace clawloops::gui {

// The health of each component, as far as it can be known from here.
//
// | contact                | supervisor reached locally | component                | shown                            |
// | live                   | any                        | any                      | what the supervisor said         |
// | any                    | yes                        | any                      | what the supervisor said         |
// | stale, entry silent    | no                         | traefik                  | error: does not answer           |
// | stale, control plane … | no                         | clawloopsd               | error: does not answer           |
// | not live               | no                         | any other                | unknown, last seen …             |
class HealthBoard : public QObject {
    Q_OBJECT
public:
    explicit HealthBoard(const LiveData& data, QObject* parent = nullptr);

    void setContact(const Contact& contact);
    void setLocal(bool local); // the supervisor's own socket feeds the components
    [[nodiscard]] const Contact& contact() const { return m_contact; }
    [[nodiscard]] bool isLocal() const { return m_local; }
    [[nodiscard]] bool isKnown() const { return m_local || m_contact.phase == Contact::Phase::Live; }
    [[nodiscard]] StateView of(const QString& component) const;
    [[nodiscard]] StateView overall() const; // "all well", or the worst there is

Q_SIGNALS:
    void changed();

private:
    const LiveData& m_data;
    Contact m_contact;
    bool m_local = false;
};

} // namespace clawloops::gui
