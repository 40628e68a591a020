// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/models/queue_panel.h"

#include "models/json_list.h"
#include "models/state_view.h"
#include "widgets/confirm_dialog.h"

#include <QAction>

namespace clawloops::gui {

QueuePanel::QueuePanel(LiveData& live, ApiClient& client, QWidget* parent)
    : ListPanel(live, client, tr("Queue"), QStringLiteral("/admin/queue"), parent), m_move(new QAction(tr("Move to the front"), this)),
      m_drop(new QAction(tr("Drop"), this)) {
    m_move->setToolTip(tr("This request is the next one that gets a place"));
    m_drop->setToolTip(tr("This request is refused; whoever waits for it reads why"));
    connect(m_move, &QAction::triggered, this, &QueuePanel::move);
    connect(m_drop, &QAction::triggered, this, &QueuePanel::drop);
    Parts parts;
    parts.explanation = tr("Requests that wait for a place at a busy target.");
    parts.events = {"queue"};
    parts.widths = {150, 130, 120, 120, 70, 90, 100};
    parts.stretched = QueueTable::Person;
    parts.sorted = QueueTable::Position;
    parts.optional = {QueueTable::Target, QueueTable::Kind};
    parts.muted = {QueueTable::Target, QueueTable::Kind};
    parts.emptyTitle = tr("Nobody waits");
    parts.emptySentence = tr("Every request finds a place at its model. Those that do not are shown here, with their place and how long it still takes.");
    build(m_rows, parts, {m_move, m_drop});
}

Status QueuePanel::take(const json::object& answer) {
    // The gateway says "entries", the API's lists "items".
    json::object list = answer;
    if (!list.contains("items") && list.contains("entries"))
        list["items"] = list["entries"];
    auto all = readItems<QueueEntry>(list, "queue");
    if (!all)
        return all.error();
    m_rows.merge(std::move(*all));
    return {};
}

void QueuePanel::follow() {
    const QueueEntry* entry = selected();
    m_move->setEnabled(isLive() && entry && entry->position > 1);
    m_drop->setEnabled(isLive() && entry);
}

void QueuePanel::move() {
    if (const QueueEntry* entry = selected())
        order("POST", QStringLiteral("/admin/queue/%1/move").arg(entry->ticket), {}, tr("%1 is next at %2.").arg(entry->username, entry->target));
}

void QueuePanel::drop() {
    const QueueEntry* entry = selected();
    if (!entry)
        return;
    ConfirmDialog::ask(this,
                       {tr("Drop the request of %1?").arg(entry->username),
                        tr("It has waited for %1 and is refused: %2 reads that an admin dropped it. They can ask again.").arg(sinceText(timeFromWire(entry->since.toStdString())), entry->username),
                        tr("Drop")},
                       [this, ticket = entry->ticket, name = entry->username] {
                           order("POST", QStringLiteral("/admin/queue/%1/drop").arg(ticket), {}, tr("The request of %1 is dropped.").arg(name));
                       });
}

InspectorContent QueuePanel::inspected() const {
    const QueueEntry* entry = selected();
    if (!entry)
        return {};
    InspectorContent out;
    out.kind = tr("Waiting request");
    out.title = entry->username;
    out.state = {StateKind::Waiting, tr("place %1").arg(entry->position), {}, timeFromWire(entry->since.toStdString())};
    out.facts = {{tr("Model"), entry->route},
                 {tr("Target"), entry->target},
                 {tr("Kind"), entry->kind == QLatin1String("batch") ? tr("batch: goes behind everybody who waits in person") : tr("a person waits for it")},
                 {tr("Since"), momentText(timeFromWire(entry->since.toStdString()))},
                 {tr("Ticket"), entry->ticket}};
    return out;
}

} // namespace clawloops::gui
