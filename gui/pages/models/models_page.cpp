// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/models/models_page.h"

#include "widgets/live_table.h"

#include <QLineEdit>

namespace clawloops::gui {

ModelsPage::ModelsPage(LiveData& live, QWidget* parent) : Page(tr("Models"), parent), m_data(live), m_table(nullptr) {
    m_filter.setSourceModel(&live.routes);
    m_table = new LiveTable(m_filter, this);
    m_table->setAccessibleName(tr("Models"));
    m_table->setColumns({150, 80, 216, 150, 84, 70, 132}, RoutesModel::Targets);
    m_table->setOptional({RoutesModel::Title, RoutesModel::Failed, RoutesModel::Requests});
    m_table->setMuted({RoutesModel::Title, RoutesModel::Targets});
    connect(addFilter(tr("Filter models")), &QLineEdit::textChanged, this, [this](const QString& words) { m_filter.setWords(words); });
    setEmpty(tr("No model route yet"),
             tr("A route gives a model a public name and says where its requests go. The appliance makes two for its starter model when it starts for the first time."),
             {}, {});
    watch(m_filter);
    setContent(m_table);
    m_table->addCopy(tr("Copy name"), [](const QString& key) { return key; });
    connect(m_table, &LiveTable::selectionMoved, this, &ModelsPage::inspectedChanged);
    connect(&live, &LiveData::changed, this, [this] {
        refresh();
        Q_EMIT inspectedChanged();
    });
}

bool ModelsPage::isEmpty() const { return m_data.routes.rowCount() == 0; }
void ModelsPage::setDimmed(bool dimmed) { m_table->setDimmed(dimmed); }
void ModelsPage::selectKey(const QString& key) { m_table->selectKey(key); }

InspectorContent ModelsPage::inspected() const {
    const QStringList keys = m_table->selectedKeys();
    const wire::Route* route = keys.size() == 1 ? m_data.routes.find(keys.first()) : nullptr;
    if (!route)
        return {};
    const wire::UsageLine usage = m_data.usage.ofRoute(route->modelId);
    InspectorContent out;
    out.kind = tr("Model");
    out.title = fromWire(route->title.empty() ? route->modelId : route->title);
    out.state = describe(*route);
    out.facts = {{tr("Name"), fromWire(route->modelId)},
                 {tr("This month"), tr("%1 requests, %2 failed").arg(countText(usage.requests), countText(usage.failed))},
                 {tr("Tokens"), tr("%1 in, %2 out").arg(countText(usage.promptTokens), countText(usage.completionTokens))}};
    int number = 0;
    for (const wire::RouteTarget& target : route->targets)
        out.facts.append({tr("Target %1").arg(++number), targetText(target) + u'\n' + fromWire(target.model) + u'\n' + fromWire(target.url)});
    return out;
}

} // namespace clawloops::gui
