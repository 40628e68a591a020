// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QHash>
#include <QString>
#include <vector>

namespace clawloops::gui {

enum TableRole {
    KeyRole = Qt::UserRole + 1, // QString, unique
    StateRole, // StateView, where the column shows one
    SortRole, // what a column sorts by
    SearchRole, // QString: what the filter looks at
    RowStateRole, // StateView of the whole row
    DetailRole, // QString: secondary text
    ShareRole, // Share, where the column shows a bar
};

// A table whose rows have keys. A change touches the row with that key and nothing else, so selection, scroll position and
// sort stay where they are; a new list is merged, not reset.
template <class Row, QString (*keyOf)(const Row&)> class KeyedTable : public QAbstractTableModel {
public:
    using QAbstractTableModel::QAbstractTableModel;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override {
        return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
    }
    [[nodiscard]] const Row& row(int index) const { return m_rows[static_cast<std::size_t>(index)]; }
    [[nodiscard]] const std::vector<Row>& rows() const { return m_rows; }
    [[nodiscard]] int indexOf(const QString& key) const { return m_index.value(key, -1); }
    [[nodiscard]] const Row* find(const QString& key) const {
        const int at = indexOf(key);
        return at < 0 ? nullptr : &row(at);
    }

    void upsert(Row value) {
        const QString key = keyOf(value);
        const int at = indexOf(key);
        if (at >= 0) {
            m_rows[static_cast<std::size_t>(at)] = std::move(value);
            changed(at, at);
            return;
        }
        const int last = rowCount();
        beginInsertRows({}, last, last);
        m_rows.push_back(std::move(value));
        m_index.insert(key, last);
        endInsertRows();
    }

    void removeKey(const QString& key) {
        const int at = indexOf(key);
        if (at < 0)
            return;
        beginRemoveRows({}, at, at);
        m_rows.erase(m_rows.begin() + at);
        reindex();
        endRemoveRows();
    }

    void merge(std::vector<Row> values) {
        QHash<QString, std::size_t> incoming;
        for (std::size_t i = 0; i < values.size(); ++i)
            incoming.insert(keyOf(values[i]), i);
        removeMissing(incoming);
        std::vector<Row> fresh;
        for (auto& value : values) {
            const int at = indexOf(keyOf(value));
            if (at >= 0)
                m_rows[static_cast<std::size_t>(at)] = std::move(value);
            else
                fresh.push_back(std::move(value));
        }
        if (!m_rows.empty())
            changed(0, rowCount() - 1);
        if (fresh.empty())
            return;
        const int first = rowCount();
        beginInsertRows({}, first, first + static_cast<int>(fresh.size()) - 1);
        for (auto& value : fresh)
            m_rows.push_back(std::move(value));
        reindex();
        endInsertRows();
    }

protected:
    void changed(int first, int last) { Q_EMIT dataChanged(index(first, 0), index(last, columnCount() - 1)); }

private:
    void removeMissing(const QHash<QString, std::size_t>& incoming) {
        for (int last = rowCount() - 1; last >= 0; --last) {
            if (incoming.contains(keyOf(row(last))))
                continue;
            int first = last;
            while (first > 0 && !incoming.contains(keyOf(row(first - 1))))
                --first;
            beginRemoveRows({}, first, last);
            m_rows.erase(m_rows.begin() + first, m_rows.begin() + last + 1);
            reindex();
            endRemoveRows();
            last = first;
        }
    }
    void reindex() {
        m_index.clear();
        m_index.reserve(static_cast<qsizetype>(m_rows.size()));
        for (std::size_t i = 0; i < m_rows.size(); ++i)
            m_index.insert(keyOf(m_rows[i]), static_cast<int>(i));
    }

    std::vector<Row> m_rows;
    QHash<QString, int> m_index;
};

} // namespace clawloops::gui
