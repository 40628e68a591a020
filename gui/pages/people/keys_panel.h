// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/personal_key.h"
#include "models/plain_table.h"
#include "widgets/list_panel.h"

namespace clawloops::gui {

// Everybody's personal keys. An admin sees whose they are and ends them; the secrets are seen by nobody.
class KeysPanel : public ListPanel {
    Q_OBJECT
public:
    KeysPanel(LiveData& live, ApiClient& client, QWidget* parent);
    [[nodiscard]] InspectorContent inspected() const override;
    [[nodiscard]] QStringList namesOf(const QString& userId) const;

protected:
    Status take(const json::object& answer) override;
    void clearRows() override { m_rows.merge({}); }
    void follow() override;

private:
    void revoke();
    PlainTable<PersonalKey, rowKey> m_rows;
    QAction* m_revoke;
};

} // namespace clawloops::gui
