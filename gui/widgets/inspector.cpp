// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inspector.h"

#include "widgets/state_painter.h"
#include "widgets/theme.h"

#include <QGridLayout>
#include <QScrollBar>
#include <QLabel>
#include <QPainter>
#include <QVBoxLayout>

namespace clawloops::gui {

namespace {

constexpr qsizetype longestWord = 26; // what fits beside the names

// A digest or a path has no place to break at, and would push the inspector wider than it is.
QString breakable(const QString& text) {
    QString out;
    qsizetype run = 0;
    for (const QChar c : text) {
        run = c.isSpace() || c == u'/' || c == u'-' ? 0 : run + 1;
        if (run > longestWord) {
            out += QChar(0x200B);
            run = 1;
        }
        out += c;
    }
    return out;
}

// A step's mark: ✓ done, else the shape of its state.
class StepMark : public QWidget {
public:
    StepMark(const InspectorContent::Step& step, QWidget* parent) : QWidget(parent), m_kind(step.kind), m_done(step.done) {
        setFixedSize(Theme::px(16), Theme::px(17));
    }

protected:
    void paintEvent(QPaintEvent*) override {
        const Theme& theme = Theme::of(palette());
        QPainter painter(this);
        if (!m_done)
            return paintStateShape(painter, QPointF(6.5, 9), m_kind, stateColour(m_kind, theme));
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(theme.ok, 1.8, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter.drawPolyline(QPolygonF({QPointF(2.5, 9.2), QPointF(5.4, 12.2), QPointF(10.8, 5.6)}));
    }

private:
    StateKind m_kind;
    bool m_done;
};

QLabel* label(const QString& text, int pixels, bool strong, bool muted, QWidget* parent) {
    auto* made = new QLabel(unbroken(text), parent);
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
        step.done = one.state == "done";
        step.kind = one.state == "done"      ? StateKind::Running
                    : one.state == "running" ? StateKind::Starting
                    : one.state == "failed"  ? StateKind::Error
                                             : StateKind::Stopped;
        if (one.durationMs)
            step.detail = *one.durationMs < 10'000 ? QStringLiteral("%1 s").arg(double(*one.durationMs) / 1000, 0, 'f', 1)
                                                   : spanText(*one.durationMs / 1000);
        else if (one.startedAt)
            step.detail = sinceText(timeFromWire(*one.startedAt), now);
        if (one.sentence && one.state == "failed")
            step.title += QLatin1String(": ") + fromWire(*one.sentence);
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
        column->addWidget(label(tr("Select something to see more of it here."), Theme::bodyText(), false, true, body));
    } else {
        column->addWidget(label(m_content.kind, Theme::smallText(), false, true, body));
        column->addWidget(label(m_content.title, Theme::titleText(), true, false, body));
        auto* state = new StateLabel(body);
        state->setState(m_content.state);
        column->addSpacing(4);
        column->addWidget(state);
        if (!m_content.state.sentence.isEmpty())
            column->addWidget(label(m_content.state.sentence, Theme::bodyText(), false, false, body));
        column->addSpacing(12);
        auto* grid = new QGridLayout;
        grid->setHorizontalSpacing(8);
        grid->setVerticalSpacing(6);
        grid->setColumnMinimumWidth(0, Theme::px(80));
        grid->setColumnStretch(1, 1);
        int row = 0;
        for (const InspectorContent::Fact& fact : m_content.facts) {
            grid->addWidget(label(fact.name, Theme::smallText(), false, true, body), row, 0, Qt::AlignTop);
            auto* value = label(breakable(fact.value), Theme::bodyText(), false, false, body);
            value->setToolTip(fact.value.size() > longestWord ? fact.value : QString());
            grid->addWidget(value, row, 1, Qt::AlignTop);
            ++row;
        }
        column->addLayout(grid);
        if (!m_content.steps.isEmpty()) {
            column->addSpacing(16);
            column->addWidget(label(m_content.stepsTitle, Theme::smallText(), true, true, body));
            column->addSpacing(4);
            auto* steps = new QGridLayout;
            steps->setHorizontalSpacing(6);
            steps->setVerticalSpacing(6);
            steps->setColumnStretch(1, 1);
            row = 0;
            for (const InspectorContent::Step& step : m_content.steps) {
                steps->addWidget(new StepMark(step, body), row, 0, Qt::AlignTop);
                steps->addWidget(label(step.title, Theme::bodyText(), false, step.kind == StateKind::Stopped, body), row, 1, Qt::AlignTop);
                auto* time = label(step.detail, Theme::smallText(), false, true, body);
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
