// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/list_panel.h"

#include "widgets/fetched_view.h"
#include "widgets/live_table.h"
#include "widgets/section_title.h"

#include <QAction>
#include <QVBoxLayout>

namespace clawloops::gui {

ListPanel::ListPanel(LiveData& live, ApiClient& client, const QString& what, const QString& path, QWidget* parent)
    : QWidget(parent), m_data(live), m_client(client), m_path(path),
      m_fetch(client, what,
              [this](const json::object& answer) {
                  const Status read = take(answer);
                  if (read) {
                      Q_EMIT countChanged();
                      Q_EMIT selectionMoved();
                  }
                  return read;
              },
              this) {}

void ListPanel::build(QAbstractItemModel& rows, const Parts& parts, const QList<QAction*>& actions) {
    m_rows = &rows;
    m_actions = actions;
    m_filter.setSourceModel(&rows);
    m_table = new LiveTable(m_filter, this);
    m_table->setAccessibleName(m_fetch.what());
    m_table->setColumns(parts.widths, parts.stretched);
    m_table->setOptional(parts.optional);
    m_table->setMuted(parts.muted);
    m_table->setMenu(actions);
    m_table->sortByColumn(parts.sorted, Qt::AscendingOrder);
    m_view = new FetchedView(m_fetch, m_table, this);
    m_view->setEmpty(parts.emptyTitle, parts.emptySentence, [this] { return m_rows->rowCount() == 0; });
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(new SectionTitle(parts.title, parts.explanation, actions, this));
    column->addWidget(m_view, 1);
    connect(m_table, &LiveTable::selectionMoved, this, [this] {
        follow();
        Q_EMIT selectionMoved();
    });
    connect(m_view, &FetchedView::dimmed, m_table, &LiveTable::setDimmed);
    connect(&m_data, &LiveData::told, this, [this, events = parts.events](const QByteArray& type) {
        if (events.contains(type) && m_live && isVisible())
            m_fetch.soon();
    });
    follow();
}

void ListPanel::ask() {
    if (m_live && (m_eager || isVisible()))
        m_fetch.ask(m_path);
}

void ListPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    ask();
}

void ListPanel::setLive(bool live) {
    m_live = live;
    follow();
    ask();
}

void ListPanel::setDimmed(bool dimmed) { m_table->setDimmed(dimmed); }

void ListPanel::forget() {
    m_fetch.forget();
    clearRows();
    Q_EMIT countChanged();
}

QString ListPanel::only() const {
    const QStringList keys = m_table->selectedKeys();
    return keys.size() == 1 ? keys.first() : QString();
}

void ListPanel::order(const QByteArray& verb, const QString& path, const json::object& body, const QString& doneSentence) {
    const auto heard = [this, doneSentence](const ApiResult& result) {
        if (const auto* failure = std::get_if<ApiFailure>(&result))
            Q_EMIT failed(failure->sentence, failure->requestId);
        else
            Q_EMIT done(doneSentence);
        m_fetch.again();
    };
    if (verb == "DELETE")
        m_client.remove(path, this, heard);
    else if (verb == "PUT")
        m_client.put(path, body, this, heard);
    else
        m_client.post(path, body, this, heard);
}

} // namespace clawloops::gui
