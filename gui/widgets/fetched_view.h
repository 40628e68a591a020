// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/fetch.h"

#include <QTimer>
#include <QWidget>
#include <functional>

class QStackedWidget;

namespace clawloops::gui {

class MessagePanel;
class NoticeBar;

// What was fetched, or in its place why it is not there: the wait with its seconds, the failure with its sentence, that the
// server has no such thing, or the one sentence of an empty list. Old content stays under "These are of 14:02".
class FetchedView : public QWidget {
    Q_OBJECT
public:
    FetchedView(Fetch& fetch, QWidget* content, QWidget* parent);
    void setEmpty(const QString& title, const QString& sentence, std::function<bool()> isEmpty, const QString& action = {}, std::function<void()> run = {});
    void refresh(); // isEmpty may have changed
    [[nodiscard]] QString shownSentence() const; // of the panel or the notice, for tests
    [[nodiscard]] bool showsContent() const;

Q_SIGNALS:
    void dimmed(bool on); // what is shown is old

private:
    Fetch& m_fetch;
    NoticeBar* m_old;
    QStackedWidget* m_stack;
    MessagePanel* m_panel;
    QWidget* m_content;
    QString m_emptyTitle, m_emptySentence, m_emptyAction;
    std::function<bool()> m_isEmpty;
    std::function<void()> m_emptyRun, m_panelRun;
    QTimer m_tick;
};

} // namespace clawloops::gui
