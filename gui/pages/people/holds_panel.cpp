// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/people/holds_panel.h"

#include "widgets/fetched_view.h"

#include <QAction>

namespace clawloops::gui {

HoldsPanel::HoldsPanel(LiveData& live, ApiClient& client, QWidget* parent)
    : ListPanel(live, client, tr("Holds"), QStringLiteral("/admin/holds"), parent), m_release(new QAction(tr("Release"), this)) {
    m_release->setToolTip(tr("Models answer this person again"));
    connect(m_release, &QAction::triggered, this, &HoldsPanel::release);
    Parts parts;
    parts.explanation = tr("Frozen by an admin, or held or slowed by the brake.");
    parts.widths = {130, 100, 150, 66, 240};
    parts.stretched = HoldsTable::Why;
    parts.optional = {HoldsTable::Rule};
    parts.muted = {HoldsTable::Rule, HoldsTable::Since};
    parts.emptyTitle = tr("Nobody is held");
    parts.emptySentence = tr("Models answer everybody. Whoever is frozen, or runs away and is braked, is shown here with the rule and its numbers.");
    build(live.holds, parts, {m_release});
    connect(&live.holds, &HoldsTable::held, this, [this] {
        view().refresh();
        follow();
        Q_EMIT countChanged();
    });
}

Status HoldsPanel::take(const json::object& answer) {
    auto holds = wire::fromJson<wire::Holds>(answer);
    if (!holds)
        return holds.error();
    live().holds.set(std::move(*holds));
    return {};
}

void HoldsPanel::follow() { m_release->setEnabled(isLive() && live().holds.find(only())); }

void HoldsPanel::release() {
    if (const wire::Hold* hold = live().holds.find(only()))
        order("POST", QStringLiteral("/admin/users/%1/release").arg(fromWire(hold->userId)), {}, tr("Models answer %1 again.").arg(fromWire(hold->username)));
}

InspectorContent HoldsPanel::inspected() const {
    const wire::Hold* hold = live().holds.find(only());
    if (!hold)
        return {};
    InspectorContent out;
    out.kind = tr("Hold");
    out.title = fromWire(hold->username);
    out.state = describe(*hold);
    out.facts = {{tr("Rule"), hold->state == "frozen" ? tr("by an admin") : fromWire(hold->rule).replace(u'_', u' ')}, {tr("Since"), momentText(timeFromWire(hold->since))}};
    if (!hold->numbers.empty())
        out.facts.append({tr("At that moment"), numbersText(hold->numbers)});
    return out;
}

} // namespace clawloops::gui
