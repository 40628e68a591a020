// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/api_client.h"
#include "models/filter_model.h"
#include "models/live_data.h"
#include "widgets/page.h"

class QMenu;
class QPushButton;

namespace clawloops::gui {

class LiveTable;

// What runs for whom: start and stop, with the steps of a start in the inspector.
class RuntimesPage : public Page {
    Q_OBJECT
public:
    RuntimesPage(LiveData& live, ApiClient& client, QWidget* parent = nullptr);
    [[nodiscard]] InspectorContent inspected() const override;
    void selectKey(const QString& key) override;
    [[nodiscard]] LiveTable& table() { return *m_table; }

protected:
    [[nodiscard]] bool isEmpty() const override;
    void setDimmed(bool dimmed) override;
    void contactChanged() override { followSelection(); }

private:
    void makeStateFilter();
    void setState(const QString& text, std::optional<StateKind> kind);
    void askToStop();
    void order(const QString& verb, const QStringList& keys);
    void followSelection();

    LiveData& m_data;
    ApiClient& m_client;
    FilterModel m_filter;
    LiveTable* m_table;
    QPushButton* m_stateButton;
    QAction* m_anyState = nullptr;
    QAction* m_start;
    QAction* m_stop;
    QTimer m_tick; // seconds of a running step
};

} // namespace clawloops::gui
