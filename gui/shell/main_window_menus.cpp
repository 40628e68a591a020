// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The window's menus, shortcuts, appearance and quick find.
#include "shell/main_window.h"

#include "shell/quick_find.h"
#include "widgets/inspector.h"
#include "widgets/page.h"
#include "widgets/state_painter.h"
#include "widgets/theme.h"

#include <QActionGroup>
#include <QApplication>
#include <QDesktopServices>
#include <QHBoxLayout>
#include <QMenuBar>
#include <QMessageBox>
#include <QPushButton>
#include <QStackedWidget>
#include <QUrl>

namespace clawloops::gui {

void MainWindow::makeMenus() {
    QMenu* file = menuBar()->addMenu(tr("&File"));
    QAction* signOut = file->addAction(tr("Sign out"), this, [this] { m_session.signOut(); });
    QAction* portal = file->addAction(tr("Open the portal in a browser"), this, [this] { QDesktopServices::openUrl(QUrl(m_session.server().text())); });
    file->addSeparator();
    QAction* quit = file->addAction(tr("Quit"), this, &QWidget::close);
    quit->setShortcuts(QKeySequence::Quit);

    QMenu* view = menuBar()->addMenu(tr("&View"));
    for (int i = 0; i < m_pages.size(); ++i) {
        QAction* go = view->addAction(m_pages[i]->title(), this, [this, i] { openPage(i); });
        go->setShortcut(QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_1 + i)));
        m_signedInOnly.append(go);
    }
    view->addSeparator();
    QAction* find = view->addAction(tr("Find…"), this, &MainWindow::quickFind);
    find->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_K));
    QAction* filter = view->addAction(tr("Filter this page"), this, [this] {
        if (auto* current = qobject_cast<Page*>(m_pageStack->currentWidget()))
            current->focusFilter();
    });
    filter->setShortcuts(QKeySequence::Find);
    QAction* retry = view->addAction(tr("Try the connection now"), this, [this] { m_session.events().retryNow(); });
    retry->setShortcuts(QKeySequence::Refresh);
    m_showInspector = view->addAction(tr("Inspector"));
    m_showInspector->setCheckable(true);
    m_showInspector->setChecked(true);
    m_showInspector->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_I));
    connect(m_showInspector, &QAction::toggled, this, [this](bool on) {
        m_inspector->setVisible(on);
        m_inspectorLine->setVisible(on);
    });
    view->addSeparator();
    QMenu* appearance = view->addMenu(tr("Appearance"));
    auto* group = new QActionGroup(this);
    const Appearance chosen = static_cast<Appearance>(remembered(QStringLiteral("appearance")).toInt());
    for (const auto& [text, value] : {std::pair(tr("As the system"), Appearance::System), std::pair(tr("Light"), Appearance::Light),
                                      std::pair(tr("Dark"), Appearance::Dark)}) {
        QAction* one = appearance->addAction(text, this, [this, value = value] {
            remember(QStringLiteral("appearance"), static_cast<int>(value));
            setAppearance(value);
        });
        one->setCheckable(true);
        one->setChecked(value == chosen);
        group->addAction(one);
    }
    if (chosen != Appearance::System)
        setAppearance(chosen);

    const char* names[] = {nullptr, QT_TR_NOOP("&People"), QT_TR_NOOP("&Runtimes"), nullptr, QT_TR_NOOP("&Usage")};
    for (int i = 0; i < m_pages.size(); ++i) {
        if (m_pages[i]->pageActions().isEmpty())
            continue;
        QMenu* menu = menuBar()->addMenu(tr(names[i]));
        menu->addActions(m_pages[i]->pageActions());
    }
    QMenu* help = menuBar()->addMenu(tr("&Help"));
    help->addAction(tr("About ClawLoops"), this, [this] {
        QMessageBox::about(this, tr("About ClawLoops"),
                           tr("ClawLoops %1\nA private OpenClaw for every member of a team, on one workstation.\nGPL-3.0-or-later.")
                               .arg(QApplication::applicationVersion()));
    });
    m_signedInOnly += {signOut, portal, find, filter, retry, m_showInspector};

    auto* corner = new QWidget(this);
    auto* row = new QHBoxLayout(corner);
    row->setContentsMargins(0, 0, 14, 0);
    m_overall->setFixedWidth(Theme::px(230)); // a fixed place: nothing moves when the word changes
    m_overall->setTrailing(true);
    row->setSpacing(12);
    m_find->setProperty("kind", QStringLiteral("quiet"));
    m_find->setFocusPolicy(Qt::NoFocus);
    connect(m_find, &QPushButton::clicked, this, &MainWindow::quickFind);
    row->addWidget(m_find);
    row->addWidget(m_overall);
    for (QWidget* one : {static_cast<QWidget*>(m_find), static_cast<QWidget*>(m_overall)}) {
        QSizePolicy policy = one->sizePolicy();
        policy.setRetainSizeWhenHidden(true);
        one->setSizePolicy(policy);
    }
    menuBar()->setCornerWidget(corner);
}

void MainWindow::setAppearance(Appearance appearance) { applyAppearance(*qApp, appearance); }

void MainWindow::quickFind() {
    QList<QuickFind::Target> targets;
    for (int i = 0; i < m_pages.size(); ++i)
        targets.append({m_pages[i]->title(), tr("Page"), i, {}});
    for (const PersonRow& one : m_data.people.rows())
        targets.append({fromWire(one.username()), one.user ? tr("Person") : tr("Invitation"), PeopleRow, rowKey(one)});
    for (const RuntimeRow& one : m_data.runtimes.rows())
        targets.append({fromWire(one.username), tr("Runtime"), RuntimesRow, rowKey(one)});
    for (const wire::Route& one : m_data.routes.rows())
        targets.append({fromWire(one.modelId), tr("Model"), ModelsRow, rowKey(one)});
    for (const wire::Component& one : m_data.components.rows())
        targets.append({fromWire(one.title), tr("Component"), OverviewRow, rowKey(one)});
    auto* finder = new QuickFind(std::move(targets), this);
    connect(finder, &QuickFind::chosen, this, [this](int row, const QString& key) { openPage(row, key); });
    finder->move(mapToGlobal(QPoint((width() - finder->width()) / 2, 64)));
    finder->show();
}

} // namespace clawloops::gui
