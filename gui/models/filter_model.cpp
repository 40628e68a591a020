// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/filter_model.h"

#include <QDateTime>

namespace clawloops::gui {

FilterModel::FilterModel(QObject* parent) : QSortFilterProxyModel(parent) {
    setDynamicSortFilter(false);
    setSortRole(SortRole);
    setSortCaseSensitivity(Qt::CaseInsensitive);
    m_refilter.setSingleShot(true);
    m_refilter.setInterval(1000);
    connect(&m_refilter, &QTimer::timeout, this, [this] { invalidateFilter(); });
}

void FilterModel::setSourceModel(QAbstractItemModel* model) {
    QSortFilterProxyModel::setSourceModel(model);
    connect(model, &QAbstractItemModel::dataChanged, this, [this] {
        if (m_state && !m_refilter.isActive())
            m_refilter.start();
    });
}

void FilterModel::setWords(const QString& words) {
    m_words = words.simplified().split(u' ', Qt::SkipEmptyParts);
    invalidateFilter();
}

void FilterModel::setState(std::optional<StateKind> kind) {
    m_state = kind;
    invalidateFilter();
}

QModelIndex FilterModel::indexOfKey(const QString& key) const {
    for (int i = 0; i < rowCount(); ++i)
        if (index(i, 0).data(KeyRole).toString() == key)
            return index(i, 0);
    return {};
}

bool FilterModel::filterAcceptsRow(int row, const QModelIndex& parent) const {
    const QModelIndex at = sourceModel()->index(row, 0, parent);
    if (m_state && at.data(RowStateRole).value<StateView>().kind != *m_state)
        return false;
    if (m_words.isEmpty())
        return true;
    const QString text = at.data(SearchRole).toString();
    for (const QString& word : m_words)
        if (!text.contains(word, Qt::CaseInsensitive))
            return false;
    return true;
}

bool FilterModel::lessThan(const QModelIndex& left, const QModelIndex& right) const {
    const QVariant a = left.data(SortRole);
    const QVariant b = right.data(SortRole);
    if (a.typeId() == QMetaType::QString && b.typeId() == QMetaType::QString)
        return a.toString().compare(b.toString(), Qt::CaseInsensitive) < 0;
    const auto order = QVariant::compare(a, b);
    return order == QPartialOrdering::Less;
}

} // namespace clawloops::gui
