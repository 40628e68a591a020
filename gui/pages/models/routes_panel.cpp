// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/models/routes_panel.h"

#include "models/json_list.h"
#include "widgets/live_table.h"
#include "widgets/message_panel.h"

#include <QVBoxLayout>

namespace clawloops::gui {

RoutesPanel::RoutesPanel(LiveData& live, ApiClient& client, QWidget* parent)
    : QWidget(parent), m_data(live), m_health(client, tr("Health of targets"),
                                              [this](const json::object& answer) -> Status {
                                                  json::object list = answer; // the gateway says "targets", the API's lists "items"
                                                  if (!list.contains("items") && list.contains("targets"))
                                                      list["items"] = list["targets"];
                                                  auto all = readItems<TargetHealth>(list, "list of targets");
                                                  if (!all)
                                                      return all.error();
                                                  m_data.targets.set(std::move(*all));
                                                  return {};
                                              },
                                              this),
      m_problem(new NoticeBar(this)), m_table(nullptr) {
    m_filter.setSourceModel(&live.routes);
    m_table = new LiveTable(m_filter, this);
    m_table->setAccessibleName(tr("Models"));
    m_table->setColumns({140, 112, 170, 150, 76, 70, 80, 66, 126}, RoutesModel::Targets);
    m_table->setOptional({RoutesModel::Title, RoutesModel::Failed, RoutesModel::Requests, RoutesModel::Tokens});
    m_table->setMuted({RoutesModel::Title, RoutesModel::Targets});
    m_table->addCopy(tr("Copy name"), [](const QString& key) { return key; });
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_problem);
    column->addWidget(m_table, 1);
    connect(m_table, &LiveTable::selectionMoved, this, &RoutesPanel::selectionMoved);
    connect(&live.targets, &TargetBoard::changed, this, &RoutesPanel::selectionMoved);
    connect(m_problem, &NoticeBar::actionPressed, &m_health, &Fetch::again);
    connect(&m_health, &Fetch::changed, this, [this] {
        if (m_health.failure() && !m_health.isBusy())
            m_problem->say(NoticeBar::Tone::Warn, healthProblem(), m_health.isOffered() ? tr("Try again") : QString(), m_health.failure()->requestId, true);
        else if (!m_health.failure())
            m_problem->clear();
    });
    connect(&live, &LiveData::told, this, [this](const QByteArray& type) {
        if (type == "route") // another target, of which nothing is known yet
            m_health.soon();
    });
}

QString RoutesPanel::healthProblem() const { return m_health.failure() ? m_health.failure()->sentence : QString(); }

void RoutesPanel::ask() {
    if (m_live && isVisible())
        m_health.ask(QStringLiteral("/admin/targets"));
}

void RoutesPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    ask();
}

void RoutesPanel::setLive(bool live) {
    m_live = live;
    ask();
}

void RoutesPanel::setDimmed(bool dimmed) { m_table->setDimmed(dimmed); }
void RoutesPanel::forget() { m_health.forget(); }

InspectorContent RoutesPanel::inspected() const {
    const QStringList keys = m_table->selectedKeys();
    const wire::Route* route = keys.size() == 1 ? m_data.routes.find(keys.first()) : nullptr;
    if (!route)
        return {};
    const wire::UsageLine usage = m_data.usage.ofRoute(route->modelId);
    InspectorContent out;
    out.kind = tr("Model");
    out.title = fromWire(route->title.empty() ? route->modelId : route->title);
    out.state = m_data.routes.stateOf(*route);
    out.facts = {{tr("Name"), fromWire(route->modelId)},
                 {tr("This month"), tr("%1 requests, %2 failed").arg(countText(usage.requests), countText(usage.failed))},
                 {tr("Tokens"), tr("%1 in, %2 out").arg(countText(usage.promptTokens), countText(usage.completionTokens))}};
    if (!route->targets.empty())
        out.stepsTitle = tr("Targets, in order");
    for (const wire::RouteTarget& target : route->targets) {
        const TargetHealth* health = m_data.targets.find(keys.first(), fromWire(target.name));
        InspectorContent::Step step;
        step.kind = health ? describe(*health).kind : StateKind::Unknown;
        step.title = targetText(target) + u'\n' + fromWire(target.model) + u'\n' + fromWire(target.url);
        if (health) {
            const StateView state = describe(*health);
            step.title.prepend(tr("%1, %2").arg(state.word, state.since.isValid() ? tr("for %1").arg(sinceText(state.since)) : tr("since a while")) + u'\n');
            if (!health->sentence.isEmpty())
                step.title += u'\n' + health->sentence;
            if (health->inFlight > 0 || health->waiting > 0)
                step.title += u'\n' + tr("%1 in flight, %2 waiting").arg(health->places > 0 ? tr("%1 of %2").arg(health->inFlight).arg(health->places) : QString::number(health->inFlight)).arg(health->waiting);
        }
        out.steps.append(step);
    }
    return out;
}

} // namespace clawloops::gui
