// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/models/models_page.h"

#include "pages/models/queue_panel.h"
#include "pages/models/routes_panel.h"
#include "widgets/live_table.h"
#include "widgets/sections.h"

#include <QLineEdit>

namespace clawloops::gui {

ModelsPage::ModelsPage(LiveData& live, ApiClient& client, QWidget* parent)
    : Page(tr("Models"), parent), m_data(live), m_sections(new Sections(this)), m_routes(new RoutesPanel(live, client, m_sections)),
      m_queue(new QueuePanel(live, client, m_sections)) {
    m_sections->add(tr("Models"), m_routes);
    m_sections->add(tr("Queue"), m_queue);
    connect(addFilter(tr("Filter models")), &QLineEdit::textChanged, this, [this](const QString& words) {
        m_routes->setWords(words);
        m_queue->setWords(words);
    });
    setEmpty(tr("No model route yet"),
             tr("A route gives a model a public name and says where its requests go. The appliance makes two for its starter model when it starts for the first time."),
             {}, {});
    setContent(m_sections);
    connect(m_sections, &Sections::currentChanged, this, &ModelsPage::inspectedChanged);
    connect(m_routes, &RoutesPanel::selectionMoved, this, &ModelsPage::inspectedChanged);
    for (ListPanel* panel : {static_cast<ListPanel*>(m_queue)}) {
        connect(panel, &ListPanel::selectionMoved, this, &ModelsPage::inspectedChanged);
        connect(panel, &ListPanel::done, this, [this](const QString& sentence) { notice(sentence); });
        connect(panel, &ListPanel::failed, this, &ModelsPage::failureNotice);
    }
    connect(m_queue, &ListPanel::countChanged, this, [this] { m_sections->setCount(m_queue, m_queue->count()); });
    connect(&live, &LiveData::changed, this, [this] {
        refresh();
        Q_EMIT inspectedChanged();
    });
}

LiveTable& ModelsPage::table() { return m_routes->table(); }
bool ModelsPage::isEmpty() const { return m_data.routes.rowCount() == 0; }

void ModelsPage::setDimmed(bool dimmed) {
    m_routes->setDimmed(dimmed);
    m_queue->setDimmed(dimmed);
}

void ModelsPage::contactChanged() {
    m_routes->setLive(isLive());
    m_queue->setLive(isLive());
    if (isRefused()) {
        m_routes->forget();
        m_queue->forget();
    }
}

void ModelsPage::selectKey(const QString& key) {
    m_sections->show(m_routes);
    m_routes->table().selectKey(key);
}

InspectorContent ModelsPage::inspected() const { return m_sections->current() == m_queue ? m_queue->inspected() : m_routes->inspected(); }

} // namespace clawloops::gui
