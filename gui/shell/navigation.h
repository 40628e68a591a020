// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QListView>
#include <QStandardItemModel>

namespace clawloops::gui {

// The pages' names on the left; a count where there is one, in the colour of trouble where something wants attention.
class Navigation : public QListView {
    Q_OBJECT
public:
    explicit Navigation(QWidget* parent = nullptr);
    void add(const QString& title);
    void setCount(int row, int count, int attention); // count < 0: none
    void setCurrentRow(int row);
    [[nodiscard]] int currentRow() const { return currentIndex().row(); }
    [[nodiscard]] QSize sizeHint() const override { return {maximumWidth(), 300}; }

Q_SIGNALS:
    void rowChosen(int row);

protected:
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;

private:
    QStandardItemModel m_items;
};

} // namespace clawloops::gui
