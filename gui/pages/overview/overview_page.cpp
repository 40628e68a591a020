// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/overview/overview_page.h"

#include "widgets/architecture_view.h"
#include "widgets/live_table.h"
#include "widgets/theme.h"

#include <QHeaderView>
#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>

namespace clawloops::gui {

OverviewPage::OverviewPage(LiveData& live, const HealthBoard& health, QWidget* parent)
    : Page(tr("Overview"), parent), m_data(live), m_health(health) {
    m_filter.setSourceModel(&live.components);
    auto* scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    auto* body = new QWidget;
    body->setBackgroundRole(QPalette::Base);
    body->setAutoFillBackground(true);
    auto* column = new QVBoxLayout(body);
    column->setContentsMargins(0, 8, 0, 16);
    column->setSpacing(8);
    m_view = new ArchitectureView(live, health, body);
    auto* around = new QVBoxLayout;
    around->setContentsMargins(16, 0, 16, 0);
    around->addWidget(m_view);
    column->addLayout(around);
    auto* heading = new QLabel(tr("Components"), body);
    QFont font = heading->font();
    font.setWeight(QFont::DemiBold);
    heading->setFont(font);
    heading->setContentsMargins(16, 4, 0, 0);
    column->addWidget(heading);
    m_table = new LiveTable(m_filter, body);
    m_table->setAccessibleName(tr("Components"));
    m_table->setColumns({150, 150, 70, 90, 76, 80, 160}, ComponentsModel::Sentence);
    m_table->setOptional({ComponentsModel::Process, ComponentsModel::Restarts, ComponentsModel::Memory});
    m_table->addCopy(tr("Copy name"), [](const QString& key) { return key; });
    m_table->setMuted({ComponentsModel::Since, ComponentsModel::Memory, ComponentsModel::Restarts, ComponentsModel::Process});
    m_table->setMinimumHeight(Theme::px(30) + 9 * Theme::rowHeight() + 4);
    column->addWidget(m_table, 1);
    scroll->setWidget(body);
    setContent(scroll);
    connect(m_view, &ArchitectureView::selectedChanged, this, [this](const QString& id) {
        if (m_filter.indexOfKey(id).isValid())
            m_table->selectKey(id);
        else
            m_table->clearSelection();
        Q_EMIT inspectedChanged();
    });
    connect(m_table, &LiveTable::selectionMoved, this, [this] {
        const QStringList keys = m_table->selectedKeys();
        if (keys.size() == 1)
            m_view->select(keys.first());
    });
    connect(&health, &HealthBoard::changed, this, &OverviewPage::inspectedChanged);
}

void OverviewPage::setDimmed(bool dimmed) { m_table->setDimmed(dimmed && !m_health.isKnown()); }

void OverviewPage::selectKey(const QString& key) { m_view->select(key); }

InspectorContent OverviewPage::inspected() const {
    const QString id = m_view->selected();
    if (id.isEmpty())
        return {};
    InspectorContent out;
    out.state = m_view->stateOf(id);
    out.kind = tr("Component");
    if (const wire::Component* one = m_data.components.find(id)) {
        out.title = fromWire(one->title);
        out.facts = {{tr("Since"), momentText(out.state.since)},
                     {tr("Process"), one->pid ? QString::number(*one->pid) : tr("none")},
                     {tr("Memory"), one->rssBytes ? bytesText(*one->rssBytes) : tr("unknown")},
                     {tr("Restarts"), QString::number(one->restarts)},
                     {tr("Name"), id}};
        return out;
    }
    if (id == QLatin1String("cells")) {
        out.title = tr("Cells");
        out.kind = tr("Runtimes");
        out.facts = {{tr("What it is"), tr("One container without a network for each person, with their own OpenClaw inside.")}};
    } else if (id == QLatin1String("orchestrator")) {
        out.title = tr("Orchestrator");
        out.facts = {{tr("What it is"), tr("Makes what runs agree with what is wanted. It lives in the control plane's process.")}};
    } else if (id == QLatin1String("browsers")) {
        out.title = tr("Browsers");
        out.kind = tr("People");
        out.facts = {{tr("What it is"), tr("Everybody signs in at the portal; workspaces open on an origin of their own.")}};
    } else {
        out.title = id;
    }
    return out;
}

} // namespace clawloops::gui
