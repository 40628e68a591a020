// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/api_client.h"
#include "models/filter_model.h"
#include "models/live_data.h"
#include "widgets/page.h"

namespace clawloops::gui {

class GroupsPanel;
class HoldsPanel;
class KeysPanel;
class LimitsPanel;
class ListPanel;
class LiveTable;
class NoticeBar;
class Sections;

// Everybody who may sign in, and who was invited; whom models answer; groups, keys and limits.
class PeoplePage : public Page {
    Q_OBJECT
public:
    PeoplePage(LiveData& live, ApiClient& client, QWidget* parent = nullptr);
    [[nodiscard]] InspectorContent inspected() const override;
    void selectKey(const QString& key) override;
    void invite();
    [[nodiscard]] LiveTable& table() { return *m_table; }
    [[nodiscard]] Sections& sections() { return *m_sections; }
    [[nodiscard]] HoldsPanel& holds() { return *m_holds; }
    [[nodiscard]] GroupsPanel& groups() { return *m_groups; }
    [[nodiscard]] KeysPanel& keys() { return *m_keys; }
    [[nodiscard]] LimitsPanel& limits() { return *m_limits; }
    [[nodiscard]] QString frozenSentence() const; // the strip while everybody is frozen

protected:
    [[nodiscard]] bool isEmpty() const override;
    void setDimmed(bool dimmed) override;
    void contactChanged() override;

private:
    QWidget* makeTable();
    void makeActions();
    void askToDisable();
    void setDisabled(const QString& userId, bool disabled);
    void freezeOrRelease();
    void freezeOrReleaseAll();
    void takeHolds(const ApiResult& result, const QString& sentence);
    void askToWithdraw();
    void withdraw(const QString& invitationId);
    void newLink(const QString& invitationId);
    void followSelection();
    void followHolds();
    [[nodiscard]] const PersonRow* only() const; // the one selected row, while people are shown
    [[nodiscard]] InspectorContent inspectedPerson(const PersonRow& row) const;

    LiveData& m_data;
    ApiClient& m_client;
    FilterModel m_filter;
    Sections* m_sections;
    QWidget* m_people = nullptr;
    NoticeBar* m_allFrozen = nullptr;
    LiveTable* m_table = nullptr;
    HoldsPanel* m_holds;
    GroupsPanel* m_groups;
    KeysPanel* m_keys;
    LimitsPanel* m_limits;
    QList<ListPanel*> m_panels;
    QAction* m_invite;
    QAction* m_freeze;
    QAction* m_freezeAll;
    QAction* m_disable;
    QAction* m_withdraw;
    QAction* m_newLink;
};

} // namespace clawloops::gui
