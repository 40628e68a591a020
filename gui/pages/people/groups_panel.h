// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/plain_table.h"
#include "widgets/list_panel.h"
#include "wire/model_types.h"

namespace clawloops::gui {

[[nodiscard]] inline QString rowKey(const wire::Group& row) { return fromWire(row.groupId); }

// Named sets of people.
class GroupsPanel : public ListPanel {
    Q_OBJECT
public:
    GroupsPanel(LiveData& live, ApiClient& client, QWidget* parent);
    [[nodiscard]] InspectorContent inspected() const override;
    [[nodiscard]] QStringList namesOf(const QString& userId) const; // the groups that somebody is in

protected:
    Status take(const json::object& answer) override;
    void clearRows() override { m_rows.merge({}); }
    void follow() override;

private:
    void edit(const wire::Group& group);
    void remove();
    [[nodiscard]] QString membersText(const wire::Group& group) const;

    PlainTable<wire::Group, rowKey> m_rows;
    QAction* m_new;
    QAction* m_edit;
    QAction* m_remove;
};

} // namespace clawloops::gui
