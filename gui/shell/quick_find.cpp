// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/quick_find.h"

#include "widgets/theme.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QStandardItemModel>
#include <QStyledItemDelegate>
#include <QVBoxLayout>
#include <algorithm>

namespace clawloops::gui {

namespace {

enum { KindRole = Qt::UserRole + 1, PageRole, TargetKeyRole };
constexpr int shownTargets = 12;

class TargetDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return {200, Theme::px(32)}; }
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const Theme& theme = Theme::of(option.palette);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        const QRectF row = QRectF(option.rect).adjusted(6, 0, -6, 0);
        if (option.state & QStyle::State_Selected) {
            painter->setPen(Qt::NoPen);
            painter->setBrush(theme.selection);
            painter->drawRoundedRect(row, Theme::radius, Theme::radius);
        }
        painter->setPen(theme.text);
        painter->drawText(row.adjusted(10, 0, -90, 0), Qt::AlignVCenter | Qt::AlignLeft, index.data().toString());
        QFont small = option.font;
        small.setPixelSize(Theme::smallText());
        painter->setFont(small);
        painter->setPen(theme.muted);
        painter->drawText(row.adjusted(10, 0, -10, 0), Qt::AlignVCenter | Qt::AlignRight, index.data(KindRole).toString());
        painter->restore();
    }
};

// 0 equal, 1 begins with, 2 a word begins with, 3 holds; -1 does not.
int distance(const QString& text, const QString& words) {
    const qsizetype at = text.indexOf(words, 0, Qt::CaseInsensitive);
    if (at < 0)
        return -1;
    if (at == 0)
        return text.size() == words.size() ? 0 : 1;
    return text[at - 1].isLetterOrNumber() ? 3 : 2;
}

} // namespace

QuickFind::QuickFind(QList<Target> targets, QWidget* parent)
    : QDialog(parent, Qt::Popup | Qt::FramelessWindowHint), m_targets(std::move(targets)), m_words(new QLineEdit(this)),
      m_list(new QListView(this)), m_found(new QStandardItemModel(this)) {
    setAttribute(Qt::WA_DeleteOnClose);
    setAccessibleName(tr("Quick find"));
    setFixedWidth(Theme::px(440));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(10, 10, 10, 10);
    column->setSpacing(8);
    m_words->setPlaceholderText(tr("Go to a person, a runtime, a model or a page"));
    m_words->setMinimumHeight(Theme::px(34));
    m_list->setModel(m_found);
    m_list->setItemDelegate(new TargetDelegate(m_list));
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setFixedHeight(9 * Theme::px(32) + 4);
    m_list->setStyleSheet(QStringLiteral("QListView { background: transparent; }"));
    column->addWidget(m_words);
    column->addWidget(m_list);
    m_words->installEventFilter(this);
    connect(m_words, &QLineEdit::textChanged, this, &QuickFind::search);
    connect(m_words, &QLineEdit::returnPressed, this, &QuickFind::take);
    connect(m_list, &QListView::clicked, this, &QuickFind::take);
    m_words->setFocus();
    search();
}

QList<QuickFind::Target> QuickFind::rank(const QList<Target>& targets, const QString& words, int limit) {
    struct Hit {
        int distance;
        qsizetype at;
    };
    QList<Hit> hits;
    const QString wanted = words.trimmed();
    for (qsizetype i = 0; i < targets.size(); ++i)
        if (const int far = wanted.isEmpty() ? 0 : distance(targets[i].text, wanted); far >= 0)
            hits.append({far, i});
    std::stable_sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) { return a.distance < b.distance; });
    QList<Target> out;
    for (const Hit& hit : hits.mid(0, limit))
        out.append(targets[hit.at]);
    return out;
}

void QuickFind::search() {
    m_found->clear();
    for (const Target& target : rank(m_targets, m_words->text(), shownTargets)) {
        auto* item = new QStandardItem(target.text);
        item->setData(target.kind, KindRole);
        item->setData(target.page, PageRole);
        item->setData(target.key, TargetKeyRole);
        m_found->appendRow(item);
    }
    m_list->setCurrentIndex(m_found->index(0, 0));
}

void QuickFind::take() {
    const QModelIndex at = m_list->currentIndex();
    if (!at.isValid())
        return;
    Q_EMIT chosen(at.data(PageRole).toInt(), at.data(TargetKeyRole).toString());
    close();
}

bool QuickFind::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_words && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Down || key == Qt::Key_Up) {
            const int row = m_list->currentIndex().row() + (key == Qt::Key_Down ? 1 : -1);
            if (row >= 0 && row < m_found->rowCount())
                m_list->setCurrentIndex(m_found->index(row, 0));
            return true;
        }
    }
    return QDialog::eventFilter(watched, event);
}

} // namespace clawloops::gui
