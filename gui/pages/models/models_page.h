// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/api_client.h"
#include "models/live_data.h"
#include "widgets/page.h"

namespace clawloops::gui {

class LiveTable;
class QueuePanel;
class RoutesPanel;
class Sections;

// The models people can choose, and who waits for them.
class ModelsPage : public Page {
    Q_OBJECT
public:
    ModelsPage(LiveData& live, ApiClient& client, QWidget* parent = nullptr);
    [[nodiscard]] InspectorContent inspected() const override;
    void selectKey(const QString& key) override;
    [[nodiscard]] LiveTable& table();
    [[nodiscard]] RoutesPanel& routes() { return *m_routes; }
    [[nodiscard]] QueuePanel& queue() { return *m_queue; }
    [[nodiscard]] Sections& sections() { return *m_sections; }

protected:
    [[nodiscard]] bool isEmpty() const override;
    void setDimmed(bool dimmed) override;
    void contactChanged() override;

private:
    LiveData& m_data;
    Sections* m_sections;
    RoutesPanel* m_routes;
    QueuePanel* m_queue;
};

} // namespace clawloops::gui
