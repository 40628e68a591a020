// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/api_client.h"
#include "models/filter_model.h"
#include "models/live_data.h"
#include "widgets/page.h"

namespace clawloops::gui {

class LiveTable;

// Everybody who may sign in, and who was invited. Invite, freeze, unfreeze, withdraw an invitation.
class PeoplePage : public Page {
    Q_OBJECT
public:
    PeoplePage(LiveData& live, ApiClient& client, QWidget* parent = nullptr);
    [[nodiscard]] InspectorContent inspected() const override;
    void selectKey(const QString& key) override;
    void invite();
    [[nodiscard]] LiveTable& table() { return *m_table; }

protected:
    [[nodiscard]] bool isEmpty() const override;
    void setDimmed(bool dimmed) override;
    void contactChanged() override { followSelection(); }

private:
    void freeze();
    void setFrozen(const QString& userId, bool frozen);
    void askToWithdraw();
    void withdraw(const QString& invitationId);
    void newLink(const QString& invitationId);
    void followSelection();
    [[nodiscard]] const PersonRow* only() const; // the one selected row

    LiveData& m_data;
    ApiClient& m_client;
    FilterModel m_filter;
    LiveTable* m_table;
    QAction* m_invite;
    QAction* m_freeze;
    QAction* m_withdraw;
    QAction* m_newLink;
};

} // namespace clawloops::gui
