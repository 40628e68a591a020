// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/usage/refusals_panel.h"

#include "models/holds_table.h"
#include "models/json_list.h"
#include "models/state_view.h"
#include "pages/usage/trace_dialog.h"
#include "widgets/live_table.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>

namespace clawloops::gui {

namespace {

QDateTime moment(const Refusal& refusal) { return timeFromWire(refusal.at.toStdString()); }

} // namespace

RefusalsPanel::RefusalsPanel(LiveData& live, ApiClient& client, QWidget* parent)
    : ListPanel(live, client, tr("Refusals"), QStringLiteral("/admin/refusals?limit=1000"), parent),
      m_rows({{tr("Ago"), [](const Refusal& r) { return sinceText(moment(r)); }, [](const Refusal& r) { return QVariant(-moment(r).toMSecsSinceEpoch()); },
               [](const Refusal& r) { return momentText(moment(r)); }},
              {tr("Person"), [this](const Refusal& r) { return nameOf(r); }},
              {tr("Model"), [](const Refusal& r) { return r.route; }},
              {tr("Rule"), [](const Refusal& r) { return r.ruleText(); }},
              {tr("Why"), [](const Refusal& r) { return r.sentence; }, nullptr, [](const Refusal& r) { return r.sentence; }}}),
      m_copy(new QAction(tr("Copy request id"), this)), m_trace(new QAction(tr("Show trace…"), this)) {
    m_trace->setToolTip(tr("What each part of the appliance did with this request"));
    connect(m_copy, &QAction::triggered, this, [this] {
        if (const Refusal* refusal = selected())
            QGuiApplication::clipboard()->setText(refusal->requestId);
    });
    connect(m_trace, &QAction::triggered, this, &RefusalsPanel::showTrace);
    Parts parts;
    parts.explanation = tr("The last 1000 requests that were not let in, and why.");
    parts.events = {"refusal"};
    parts.widths = {70, 110, 120, 150, 240};
    parts.stretched = 4;
    parts.optional = {2, 3};
    parts.muted = {2, 3};
    parts.emptyTitle = tr("Nobody was refused");
    parts.emptySentence = tr("Every request was let in since the model gateway started. One that is not is shown here, with the rule and how to change it.");
    build(m_rows, parts, {m_copy, m_trace});
    connect(&table(), &LiveTable::activatedKey, m_trace, &QAction::trigger);
    m_every.setInterval(10'000);
    connect(&m_every, &QTimer::timeout, this, [this] {
        if (isVisible() && isLive())
            fetch().again();
    });
    m_every.start();
}

Status RefusalsPanel::take(const json::object& answer) {
    json::object list = answer; // the gateway says "refusals", the API's lists "items"
    if (!list.contains("items") && list.contains("refusals"))
        list["items"] = list["refusals"];
    auto all = readItems<Refusal>(list, "list of refusals");
    if (!all)
        return all.error();
    m_rows.merge(std::move(*all));
    return {};
}

void RefusalsPanel::follow() {
    const Refusal* refusal = selected();
    m_copy->setEnabled(refusal);
    m_trace->setEnabled(refusal && isLive());
}

QString RefusalsPanel::nameOf(const Refusal& refusal) const {
    if (!refusal.username.isEmpty())
        return refusal.username;
    const PersonRow* row = live().people.find(refusal.userId);
    return row ? fromWire(row->username()) : refusal.userId.isEmpty() ? tr("nobody known") : refusal.userId;
}

void RefusalsPanel::showTrace() {
    if (const Refusal* refusal = selected())
        (new TraceDialog(client(), refusal->requestId, window()))->open();
}

InspectorContent RefusalsPanel::inspected() const {
    const Refusal* refusal = selected();
    if (!refusal)
        return {};
    InspectorContent out;
    out.kind = tr("Refusal");
    out.title = refusal->ruleText();
    out.state = {StateKind::Error, tr("refused, %1 ago").arg(sinceText(moment(*refusal))), refusal->sentence, moment(*refusal)};
    out.facts = {{tr("Person"), nameOf(*refusal)}, {tr("Model"), refusal->route.isEmpty() ? tr("none") : refusal->route}};
    if (!refusal->numbers.empty())
        out.facts.append({tr("Numbers"), numbersText(refusal->numbers)});
    if (!refusal->change.isEmpty())
        out.facts.append({tr("To change it"), refusal->change});
    out.facts += {{tr("When"), momentText(moment(*refusal))}, {tr("Caller"), refusal->caller}, {tr("Request"), refusal->requestId}};
    return out;
}

} // namespace clawloops::gui
