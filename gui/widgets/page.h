// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/contact.h"
#include "widgets/inspector.h"

#include <QWidget>
#include <functional>

class QAction;
class QHBoxLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QStackedWidget;

namespace clawloops::gui {

class FilterModel;
class MessagePanel;
class NoticeBar;

// One page of the window: a title row with filter and actions, notices, and below them one of: content, an explanation of
// why there is none, the wait for the first answer. Subclasses give the content and say when it is empty.
//
// | contact | snapshot | shown                                                                      |
// | loading | no       | what is waited for, with seconds                                           |
// | live    | yes      | content, or the empty page's one sentence and action                       |
// | live    | yes      | where the filter leaves nothing over: that, with "Clear the filter"        |
// | stale   | yes      | the last good content, dimmed, under "No contact since 14:02, trying again" |
// | stale   | no       | why there is no contact, with "Try now"                                    |
// | refused | any      | whose decision it was, with "Sign in again"                                |
class Page : public QWidget {
    Q_OBJECT
public:
    explicit Page(const QString& title, QWidget* parent = nullptr);

    void setContact(const Contact& contact, bool hasData);
    void notice(const QString& sentence, const QString& undo = {}, std::function<void()> action = {});
    void failureNotice(const QString& sentence, const QString& requestId);
    void focusFilter();
    [[nodiscard]] QString title() const { return m_title; }
    [[nodiscard]] virtual InspectorContent inspected() const { return {}; }
    virtual void selectKey(const QString& key) { Q_UNUSED(key) }
    [[nodiscard]] QList<QAction*> pageActions() const { return m_actions; }
    [[nodiscard]] QString shownSentence() const; // of the panel or the notice on top, for tests

Q_SIGNALS:
    void inspectedChanged();
    void retryWanted();
    void signInWanted();

protected:
    void setContent(QWidget* content);
    void setEmpty(const QString& title, const QString& sentence, const QString& action, std::function<void()> run);
    [[nodiscard]] QLineEdit* addFilter(const QString& placeholder);
    QPushButton* addHeaderButton(QAction* action, bool primary = false); // also a page action
    void addMenuAction(QAction* action); // in the window's menu only
    void addHeaderWidget(QWidget* widget);
    void watch(const FilterModel& rows, std::function<void()> clear = {}); // says where the filter leaves nothing over
    void refresh(); // isEmpty() may have changed
    [[nodiscard]] virtual bool isEmpty() const { return false; }
    virtual void setDimmed(bool dimmed) { Q_UNUSED(dimmed) }
    virtual void contactChanged() {} // what may be pressed depends on it
    [[nodiscard]] bool isLive() const { return m_contact.phase == Contact::Phase::Live; }
    [[nodiscard]] bool isRefused() const { return m_contact.phase == Contact::Phase::Refused; } // signed out, or let out

private:
    void makeTabOrder();

    QString m_title;
    Contact m_contact;
    bool m_hasData = false;
    QHBoxLayout* m_header;
    QLineEdit* m_filter = nullptr;
    const FilterModel* m_rows = nullptr;
    std::function<void()> m_clear;
    NoticeBar* m_stale;
    NoticeBar* m_notice;
    QStackedWidget* m_stack;
    MessagePanel* m_panel;
    QWidget* m_content = nullptr;
    QList<QAction*> m_actions;
    QString m_emptyTitle, m_emptySentence, m_emptyAction;
    std::function<void()> m_emptyRun, m_noticeRun, m_panelRun;
    QTimer m_tick;
};

} // namespace clawloops::gui
