// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/fetch.h"
#include "models/filter_model.h"
#include "models/live_data.h"
#include "widgets/inspector.h"

#include <QWidget>

class QAction;

namespace clawloops::gui {

class FetchedView;
class LiveTable;

// A part of a page with a list that it fetches by itself: title with actions, the table, and what FetchedView says in its place.
// It asks while it is looked at and there is contact, and again when one of its events came. Subclasses give the rows.
class ListPanel : public QWidget {
    Q_OBJECT
public:
    struct Parts {
        QString title; // bold before the actions
        QString explanation; // muted in its place, where the title stands elsewhere
        QList<QByteArray> events; // after which it is asked again
        QList<int> widths; // of the columns
        int stretched = 0;
        int sorted = 0; // by this column, until a person says otherwise
        QList<int> optional; // columns that are left out first
        QList<int> muted;
        QString emptyTitle;
        QString emptySentence;
    };
    // `what` begins the sentences: "Budgets"; `path` is below /api/v1.
    ListPanel(LiveData& live, ApiClient& client, const QString& what, const QString& path, QWidget* parent);

    void setLive(bool live); // there is contact: things can be done, and asked
    void setEager(bool eager) { m_eager = eager; } // asks also while it is not looked at
    void setDimmed(bool dimmed);
    void forget(); // of somebody who signed out
    void ask();
    void setWords(const QString& words) { m_filter.setWords(words); }
    [[nodiscard]] virtual InspectorContent inspected() const { return {}; }
    [[nodiscard]] LiveTable& table() { return *m_table; }
    [[nodiscard]] FetchedView& view() { return *m_view; }
    [[nodiscard]] const QList<QAction*>& actions() const { return m_actions; }
    [[nodiscard]] int count() const { return m_rows->rowCount(); }

Q_SIGNALS:
    void selectionMoved();
    void countChanged();
    void done(const QString& sentence);
    void failed(const QString& sentence, const QString& requestId);

protected:
    void build(QAbstractItemModel& rows, const Parts& parts, const QList<QAction*>& actions); // once, by the subclass
    [[nodiscard]] virtual Status take(const json::object& answer) = 0;
    virtual void clearRows() = 0;
    virtual void follow() = 0; // the selection or the contact is another one: what can be pressed
    void showEvent(QShowEvent* event) override;
    // Asks the server to do something; what it says is told, and the list asked for again.
    void order(const QByteArray& verb, const QString& path, const json::object& body, const QString& doneSentence);
    [[nodiscard]] bool isLive() const { return m_live; }
    [[nodiscard]] QString only() const; // the key of the one selected row
    [[nodiscard]] LiveData& live() const { return m_data; }
    [[nodiscard]] ApiClient& client() const { return m_client; }
    [[nodiscard]] Fetch& fetch() { return m_fetch; }

private:
    LiveData& m_data;
    ApiClient& m_client;
    QAbstractItemModel* m_rows = nullptr;
    QString m_path;
    FilterModel m_filter;
    Fetch m_fetch;
    LiveTable* m_table = nullptr;
    FetchedView* m_view = nullptr;
    QList<QAction*> m_actions;
    bool m_live = false;
    bool m_eager = false;
};

} // namespace clawloops::gui
