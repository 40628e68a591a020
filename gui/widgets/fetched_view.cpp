// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/fetched_view.h"

#include "models/state_view.h"
#include "widgets/message_panel.h"

#include <QStackedWidget>
#include <QVBoxLayout>

namespace clawloops::gui {

FetchedView::FetchedView(Fetch& fetch, QWidget* content, QWidget* parent)
    : QWidget(parent), m_fetch(fetch), m_old(new NoticeBar(this)), m_stack(new QStackedWidget(this)), m_panel(new MessagePanel(this)), m_content(content) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_old);
    column->addWidget(m_stack, 1);
    m_stack->addWidget(m_panel);
    m_stack->addWidget(content);
    connect(m_old, &NoticeBar::actionPressed, &fetch, &Fetch::again);
    connect(m_panel, &MessagePanel::actionPressed, this, [this] {
        if (m_panelRun)
            m_panelRun();
    });
    connect(&fetch, &Fetch::changed, this, &FetchedView::refresh);
    m_tick.setInterval(1000);
    connect(&m_tick, &QTimer::timeout, this, &FetchedView::refresh);
    refresh();
}

void FetchedView::setEmpty(const QString& title, const QString& sentence, std::function<bool()> isEmpty, const QString& action,
                           std::function<void()> run) {
    m_emptyTitle = title;
    m_emptySentence = sentence;
    m_isEmpty = std::move(isEmpty);
    m_emptyAction = action;
    m_emptyRun = std::move(run);
    refresh();
}

void FetchedView::refresh() {
    const auto panel = [this](const QString& title, const QString& sentence, const QString& action, const QString& id, std::function<void()> run) {
        m_panelRun = std::move(run);
        m_panel->say(title, sentence, action, id);
        m_stack->setCurrentWidget(m_panel);
    };
    const auto& failure = m_fetch.failure();
    const bool waits = !m_fetch.hasAnswer() && !failure;
    if (waits)
        m_tick.start();
    else
        m_tick.stop();
    if (m_fetch.hasAnswer() && failure)
        m_old->say(NoticeBar::Tone::Warn, tr("These are of %1. %2").arg(m_fetch.answeredAt().toString(QStringLiteral("HH:mm")), failure->sentence),
                   tr("Try again"), failure->requestId);
    else
        m_old->clear();
    Q_EMIT dimmed(failure.has_value());
    if (waits) {
        const qint64 seconds = m_fetch.askedAt().isValid() ? m_fetch.askedAt().secsTo(QDateTime::currentDateTime()) : 0;
        // A first second without words: most answers are there by then, and text that flashes by is worse than none.
        return panel(seconds < 1 ? QString() : tr("Loading"), seconds < 1 ? QString() : tr("%1: waiting for the answer, %2.").arg(m_fetch.what(), spanText(seconds)),
                     {}, {}, {});
    }
    if (!m_fetch.hasAnswer() && !m_fetch.isOffered())
        return panel(tr("Not offered"), failure->sentence, {}, {}, {});
    if (!m_fetch.hasAnswer())
        return panel(tr("Not loaded"), failure->sentence, tr("Try again"), failure->requestId, [this] { m_fetch.again(); });
    if (m_isEmpty && m_isEmpty())
        return panel(m_emptyTitle, m_emptySentence, m_emptyAction, {}, m_emptyRun);
    m_stack->setCurrentWidget(m_content);
}

QString FetchedView::shownSentence() const {
    if (m_stack->currentWidget() == m_panel)
        return m_panel->sentence();
    return m_old->isVisibleTo(this) ? m_old->sentence() : QString();
}

bool FetchedView::showsContent() const { return m_stack->currentWidget() == m_content; }

} // namespace clawloops::gui
