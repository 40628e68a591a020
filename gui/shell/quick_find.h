// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QList>

class QLineEdit;
class QListView;
class QStandardItemModel;

namespace clawloops::gui {

// Type a few letters, press Enter, be there: pages, people and runtimes, best match first, 12 shown.
class QuickFind : public QDialog {
    Q_OBJECT
public:
    struct Target {
        QString text;
        QString kind; // "Page", "Person", "Runtime", "Model", "Component"
        int page = 0;
        QString key;
    };
    QuickFind(QList<Target> targets, QWidget* parent);
    [[nodiscard]] static QList<Target> rank(const QList<Target>& targets, const QString& words, int limit);

Q_SIGNALS:
    void chosen(int page, const QString& key);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void search();
    void take();
    QList<Target> m_targets;
    QLineEdit* m_words;
    QListView* m_list;
    QStandardItemModel* m_found;
};

} // namespace clawloops::gui
