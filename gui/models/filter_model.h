// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/keyed_table.h"
#include "models/state_view.h"

#include <QSortFilterProxyModel>
#include <QTimer>
#include <optional>

namespace clawloops::gui {

// Sorts by SortRole when a person asks, and keeps that order while values change: rows move only on command. A row is shown
// when its SearchRole holds every word of the filter and its state is the chosen one.
class FilterModel : public QSortFilterProxyModel {
    Q_OBJECT
public:
    explicit FilterModel(QObject* parent = nullptr);
    void setSourceModel(QAbstractItemModel* model) override;
    void setWords(const QString& words);
    void setState(std::optional<StateKind> kind);
    [[nodiscard]] bool isFiltering() const { return !m_words.isEmpty() || m_state.has_value(); }
    [[nodiscard]] QModelIndex indexOfKey(const QString& key) const;

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
    [[nodiscard]] bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

private:
    QStringList m_words;
    std::optional<StateKind> m_state;
    QTimer m_refilter; // a state filter follows the states, at most once a second
};

} // namespace clawloops::gui
