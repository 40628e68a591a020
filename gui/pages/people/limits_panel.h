// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/plain_table.h"
#include "widgets/list_panel.h"
#include "wire/gateway_configuration.h"

namespace clawloops::gui {

[[nodiscard]] inline QString rowKey(const gateway_verbs::Limit& row) { return fromWire(row.scope) + u' ' + fromWire(row.subject); }

// How much a minute a person, a model or a key may ask for. The API takes the whole list at once.
class LimitsPanel : public ListPanel {
    Q_OBJECT
public:
    LimitsPanel(LiveData& live, ApiClient& client, QWidget* parent);

protected:
    Status take(const json::object& answer) override;
    void clearRows() override { m_rows.merge({}); }
    void follow() override;

private:
    void edit(const gateway_verbs::Limit& limit, bool isNew);
    void put(const QString& instead, const std::optional<gateway_verbs::Limit>& limit, const QString& sentence);
    [[nodiscard]] QString whose(const gateway_verbs::Limit& limit) const;

    PlainTable<gateway_verbs::Limit, rowKey> m_rows;
    QAction* m_new;
    QAction* m_edit;
    QAction* m_remove;
};

} // namespace clawloops::gui
