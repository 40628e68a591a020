// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/fetch.h"
#include "models/filter_model.h"
#include "models/live_data.h"
#include "widgets/inspector.h"

#include <QWidget>

namespace clawloops::gui {

class LiveTable;
class NoticeBar;

// The models people can choose, where each one's requests go and how those targets do. The routes come with the live events,
// the health of their targets is fetched once and follows by events.
class RoutesPanel : public QWidget {
    Q_OBJECT
public:
    RoutesPanel(LiveData& live, ApiClient& client, QWidget* parent);
    void setLive(bool live);
    void setDimmed(bool dimmed);
    void forget();
    [[nodiscard]] InspectorContent inspected() const;
    [[nodiscard]] LiveTable& table() { return *m_table; }
    [[nodiscard]] const FilterModel& rows() const { return m_filter; }
    void setWords(const QString& words) { m_filter.setWords(words); }
    [[nodiscard]] QString healthProblem() const; // why the targets' health is not known

Q_SIGNALS:
    void selectionMoved();

protected:
    void showEvent(QShowEvent* event) override;

private:
    void ask();
    LiveData& m_data;
    FilterModel m_filter;
    Fetch m_health;
    NoticeBar* m_problem;
    LiveTable* m_table;
    bool m_live = false;
};

} // namespace clawloops::gui
