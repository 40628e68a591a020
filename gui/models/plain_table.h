// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/keyed_table.h"

#include <QStringList>
#include <functional>

namespace clawloops::gui {

// One column of a plain table: its name, the text of a row, and where that is no text to sort by, what else.
template <class Row> struct PlainColumn {
    using Text = std::function<QString(const Row&)>;
    using Sort = std::function<QVariant(const Row&)>;
    PlainColumn(QString name, Text words, Sort key = nullptr, Text tip = nullptr, bool isFigure = false)
        : title(std::move(name)), text(std::move(words)), sort(std::move(key)), hint(std::move(tip)), figure(isFigure) {}
    QString title;
    Text text;
    Sort sort;
    Text hint;
    bool figure; // on the right
};

// A table of which nothing more is to be said than its columns. The first one is what a row is found by.
template <class Row, QString (*keyOf)(const Row&)> class PlainTable : public KeyedTable<Row, keyOf> {
public:
    explicit PlainTable(std::vector<PlainColumn<Row>> columns) : m_columns(std::move(columns)) {}
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : int(m_columns.size()); }
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override {
        if (!this->checkIndex(index, QAbstractItemModel::CheckIndexOption::IndexIsValid))
            return {};
        const Row& item = this->row(index.row());
        const PlainColumn<Row>& column = m_columns[std::size_t(index.column())];
        switch (role) {
        case Qt::DisplayRole: return column.text(item);
        case KeyRole: return keyOf(item);
        case SearchRole: {
            QStringList all;
            for (const PlainColumn<Row>& one : m_columns)
                if (!one.figure)
                    all += one.text(item);
            return all.join(u' ');
        }
        case SortRole: return column.sort ? column.sort(item) : QVariant(column.text(item));
        case Qt::TextAlignmentRole: return int((column.figure ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
        case Qt::ToolTipRole: return column.hint ? column.hint(item) : QString();
        default: return {};
        }
    }
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override {
        if (orientation != Qt::Horizontal || section < 0 || section >= int(m_columns.size()))
            return {};
        if (role == Qt::TextAlignmentRole)
            return int((m_columns[std::size_t(section)].figure ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
        return role == Qt::DisplayRole ? QVariant(m_columns[std::size_t(section)].title) : QVariant();
    }

private:
    std::vector<PlainColumn<Row>> m_columns;
};

} // namespace clawloops::gui
