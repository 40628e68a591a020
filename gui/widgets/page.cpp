// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/page.h"

#include "models/filter_model.h"
#include "widgets/live_table.h"
#include "widgets/message_panel.h"
#include "widgets/theme.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QShortcut>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace clawloops::gui {

Page::Page(const QString& title, QWidget* parent)
    : QWidget(parent), m_title(title), m_header(new QHBoxLayout), m_stale(new NoticeBar(this)), m_notice(new NoticeBar(this)),
      m_stack(new QStackedWidget(this)), m_panel(new MessagePanel(this)) {
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_header->setContentsMargins(16, 10, 16, 10);
    m_header->setSpacing(8);
    auto* name = new QLabel(title, this);
    QFont font = name->font();
    font.setPixelSize(Theme::titleText());
    font.setWeight(QFont::DemiBold);
    name->setFont(font);
    name->setMinimumHeight(Theme::px(30));
    m_header->addWidget(name);
    m_header->addStretch(1);
    column->addLayout(m_header);
    column->addWidget(m_stale);
    column->addWidget(m_notice);
    column->addWidget(m_stack, 1);
    m_stack->addWidget(m_panel);
    connect(m_stale, &NoticeBar::actionPressed, this, &Page::retryWanted);
    connect(m_notice, &NoticeBar::actionPressed, this, [this] {
        m_notice->clear();
        if (auto run = std::exchange(m_noticeRun, nullptr))
            run();
    });
    connect(m_panel, &MessagePanel::actionPressed, this, [this] {
        if (m_panelRun)
            m_panelRun();
    });
    m_tick.setInterval(1000);
    connect(&m_tick, &QTimer::timeout, this, &Page::refresh);
}

void Page::setContent(QWidget* content) {
    m_content = content;
    m_stack->addWidget(content);
    makeTabOrder();
    refresh();
}

// As one reads: title row from the left, then the content.
void Page::makeTabOrder() {
    QWidget* last = nullptr;
    for (int i = 0; i < m_header->count(); ++i) {
        QWidget* widget = m_header->itemAt(i)->widget();
        if (!widget || widget->focusPolicy() == Qt::NoFocus)
            continue;
        if (last)
            setTabOrder(last, widget);
        last = widget;
    }
    if (last)
        setTabOrder(last, m_content->focusProxy() ? m_content->focusProxy() : m_content);
}

void Page::watch(const FilterModel& rows, std::function<void()> clear) {
    m_rows = &rows;
    m_clear = std::move(clear);
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&rows, signal, this, &Page::refresh);
}

void Page::setEmpty(const QString& title, const QString& sentence, const QString& action, std::function<void()> run) {
    m_emptyTitle = title;
    m_emptySentence = sentence;
    m_emptyAction = action;
    m_emptyRun = std::move(run);
}

QLineEdit* Page::addFilter(const QString& placeholder) {
    m_filter = new QLineEdit(this);
    m_filter->setPlaceholderText(placeholder);
    m_filter->setClearButtonEnabled(true);
    m_filter->setFixedWidth(Theme::px(200));
    m_filter->setAccessibleName(placeholder);
    m_header->addWidget(m_filter);
    auto* down = new QShortcut(QKeySequence(Qt::Key_Down), m_filter);
    down->setContext(Qt::WidgetShortcut);
    connect(down, &QShortcut::activated, this, [this] {
        if (!m_content || m_stack->currentWidget() != m_content)
            return;
        for (auto* table : m_content->findChildren<LiveTable*>())
            if (table->isVisible())
                return table->setFocus(Qt::TabFocusReason);
        m_content->setFocus(Qt::TabFocusReason);
    });
    auto* escape = new QShortcut(QKeySequence(Qt::Key_Escape), m_filter);
    escape->setContext(Qt::WidgetShortcut);
    connect(escape, &QShortcut::activated, m_filter, &QLineEdit::clear);
    return m_filter;
}

QPushButton* Page::addHeaderButton(QAction* action, bool primary) {
    auto* button = new QPushButton(action->text(), this);
    button->setToolTip(action->toolTip());
    if (primary)
        button->setProperty("kind", QStringLiteral("primary"));
    button->setEnabled(action->isEnabled());
    connect(button, &QPushButton::clicked, action, &QAction::trigger);
    connect(action, &QAction::changed, button, [button, action] {
        button->setEnabled(action->isEnabled());
        button->setText(action->text());
        button->setVisible(action->isVisible());
    });
    m_header->addWidget(button);
    m_actions.append(action);
    return button;
}

void Page::addMenuAction(QAction* action) { m_actions.append(action); }
void Page::addHeaderWidget(QWidget* widget) { m_header->addWidget(widget); }

void Page::focusFilter() {
    if (m_filter) {
        m_filter->setFocus(Qt::ShortcutFocusReason);
        m_filter->selectAll();
    }
}

void Page::setContact(const Contact& contact, bool hasData) {
    m_contact = contact;
    m_hasData = hasData;
    contactChanged();
    refresh();
}

void Page::refresh() {
    const bool stale = m_contact.phase == Contact::Phase::Stale;
    const bool loading = m_contact.phase == Contact::Phase::Loading || (m_contact.phase == Contact::Phase::Live && !m_hasData);
    if (loading || stale)
        m_tick.start();
    else
        m_tick.stop();
    if (m_filter)
        m_filter->setEnabled(m_hasData);
    const auto panel = [this](const QString& title, const QString& sentence, const QString& action, const QString& id,
                              std::function<void()> run) {
        m_panelRun = std::move(run);
        m_panel->say(title, sentence, action, id);
        m_stack->setCurrentWidget(m_panel);
    };
    if (m_contact.phase == Contact::Phase::Refused) {
        m_stale->clear();
        return panel(m_contact.title.isEmpty() ? tr("Not allowed in") : m_contact.title, m_contact.sentence, tr("Sign in again"), m_contact.requestId, [this] { Q_EMIT signInWanted(); });
    }
    if (stale && m_hasData) {
        m_stale->say(NoticeBar::Tone::Warn,
                     tr("No contact since %1, trying again. %2").arg(m_contact.since.toString(QStringLiteral("HH:mm")), m_contact.sentence),
                     tr("Try now"), m_contact.requestId);
    } else {
        m_stale->clear();
    }
    if (stale && !m_hasData)
        return panel(tr("No contact"), tr("%1 This window tries again by itself.").arg(m_contact.sentence), tr("Try now"), m_contact.requestId,
                     [this] { Q_EMIT retryWanted(); });
    if (loading) {
        const qint64 seconds = m_contact.since.isValid() ? m_contact.since.secsTo(QDateTime::currentDateTime()) : 0;
        return panel(tr("Connecting"), tr("Waiting for the first answer of %1, %2.").arg(m_contact.server, spanText(seconds)), {}, {}, {});
    }
    setDimmed(stale);
    if (isEmpty())
        return panel(m_emptyTitle, m_emptySentence, m_emptyAction, {}, m_emptyRun);
    if (m_rows && m_rows->rowCount() == 0 && m_rows->isFiltering())
        return panel(tr("Nothing matches"), tr("There are rows on this page, but none that the filter lets through."), tr("Clear the filter"), {},
                     [this] {
                         if (m_clear)
                             m_clear();
                         m_filter->clear();
                         focusFilter();
                     });
    if (m_content)
        m_stack->setCurrentWidget(m_content);
}

void Page::notice(const QString& sentence, const QString& undo, std::function<void()> action) {
    m_noticeRun = std::move(action);
    m_notice->say(NoticeBar::Tone::Plain, sentence, undo, {}, true);
}

void Page::failureNotice(const QString& sentence, const QString& requestId) {
    m_noticeRun = nullptr;
    m_notice->say(NoticeBar::Tone::Bad, sentence, {}, requestId, true);
}

QString Page::shownSentence() const {
    if (m_notice->isVisibleTo(this))
        return m_notice->sentence();
    if (m_stack->currentWidget() == m_panel)
        return m_panel->sentence();
    return m_stale->isVisibleTo(this) ? m_stale->sentence() : QString();
}

} // namespace clawloops::gui
