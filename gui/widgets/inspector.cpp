// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inspector.h"

#include "widgets/state_painter.h"
#include "widgets/theme.h"

#include <QGridLayout>
#include <QScrollBar>
#include <QLabel>
#include <QVBoxLayout>

namespace clawloops::gui {

namespace {

QLabel* label(const QString& text, int pixels, bool strong, bool muted, QWidget* parent) {
    auto* made = new QLabel(text, parent);
    QFont font = made->font();
    font.setPixelSize(pixels);
    font.setWeight(strong ? QFont::DemiBold : QFont::Normal);
    made->setFont(font);
    made->setWordWrap(true);
    made->setTextFormat(Qt::PlainText);
    made->setTextInteractionFlags(Qt::TextSelectableByMouse);
    if (muted)
        made->setForegroundRole(QPalette::PlaceholderText);
    return made;
}

} // namespace

QList<InspectorContent::Step> stepsOf(const wire::Task& task, const QDateTime& now) {
    QList<InspectorContent::Step> steps;
    for (const wire::TaskStep& one : task.steps) {
        InspectorContent::Step step;
        step.title = fromWire(one.title);
        step.kind = one.state == "done"      ? StateKind::Running
                    : one.state == "running" ? StateKind::Starting
                    : one.state == "failed"  ? StateKind::Error
                                             : StateKind::Stopped;
        if (one.durationMs)
            step.detail = *one.durationMs < 10'000 ? QStringLiteral("%1 s").arg(double(*one.durationMs) / 1000, 0, 'f', 1)
                                                   : spanText(*one.durationMs / 1000);
        else if (one.startedAt)
            step.detail = sinceText(timeFromWire(*one.startedAt), now);
        if (one.sentence && one.state != "done")
            step.title += QLatin1String(". ") + fromWire(*one.sentence);
        steps.append(step);
    }
    return steps;
}

Inspector::Inspector(QWidget* parent) : QScrollArea(parent) {
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Inspector"));
    rebuild();
}

void Inspector::set(const InspectorContent& content) {
    if (m_content == content)
        return;
    const bool same = m_content.title == content.title && m_content.kind == content.kind;
    m_content = content;
    const int scroll = same ? verticalScrollBar()->value() : 0;
    rebuild();
    verticalScrollBar()->setValue(scroll);
}

void Inspector::rebuild() {
    auto* body = new QWidget(this);
    body->setBackgroundRole(QPalette::Base);
    body->setAutoFillBackground(true);
    auto* column = new QVBoxLayout(body);
    column->setContentsMargins(16, 14, 16, 16);
    column->setSpacing(4);
    if (m_content.title.isEmpty()) {
        column->addWidget(label(tr("Select something to see more of it here."), Theme::bodyText, false, true, body));
    } else {
        column->addWidget(label(m_content.kind, Theme::smallText, false, true, body));
        column->addWidget(label(m_content.title, Theme::titleText, true, false, body));
        auto* state = new StateLabel(body);
        state->setState(m_content.state);
        column->addSpacing(4);
        column->addWidget(state);
        if (!m_content.state.sentence.isEmpty())
            column->addWidget(label(m_content.state.sentence, Theme::bodyText, false, false, body));
        column->addSpacing(12);
        auto* grid = new QGridLayout;
        grid->setHorizontalSpacing(12);
        grid->setVerticalSpacing(6);
        grid->setColumnMinimumWidth(0, 84);
        grid->setColumnStretch(1, 1);
        int row = 0;
        for (const InspectorContent::Fact& fact : m_content.facts) {
            grid->addWidget(label(fact.name, Theme::smallText, false, true, body), row, 0, Qt::AlignTop);
            grid->addWidget(label(fact.value, Theme::bodyText, false, false, body), row, 1, Qt::AlignTop);
            ++row;
        }
        column->addLayout(grid);
        if (!m_content.steps.isEmpty()) {
            column->addSpacing(16);
            column->addWidget(label(m_content.stepsTitle, Theme::smallText, true, true, body));
            column->addSpacing(4);
            auto* steps = new QGridLayout;
            steps->setHorizontalSpacing(6);
            steps->setVerticalSpacing(6);
            steps->setColumnStretch(1, 1);
            row = 0;
            for (const InspectorContent::Step& step : m_content.steps) {
                auto* shape = new StateLabel(body);
                shape->setState({step.kind, {}, {}, {}});
                shape->setFixedSize(16, 18);
                steps->addWidget(shape, row, 0, Qt::AlignTop);
                steps->addWidget(label(step.title, Theme::bodyText, false, step.kind == StateKind::Stopped, body), row, 1, Qt::AlignTop);
                auto* time = label(step.detail, Theme::smallText, false, true, body);
                time->setWordWrap(false);
                steps->addWidget(time, row, 2, Qt::AlignTop | Qt::AlignRight);
                ++row;
            }
            column->addLayout(steps);
        }
    }
    column->addStretch(1);
    setWidget(body); // deletes the one before
    m_body = body;
}

} // namespace clawloops::gui
