// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/main_window.h"

#include "pages/models/models_page.h"
#include "pages/overview/overview_page.h"
#include "pages/people/people_page.h"
#include "pages/runtimes/runtimes_page.h"
#include "pages/usage/usage_page.h"
#include "shell/certificate_dialog.h"
#include "shell/navigation.h"
#include "shell/sign_in_page.h"
#include "widgets/inspector.h"
#include "widgets/live_table.h"
#include "widgets/state_painter.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QCloseEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>

namespace clawloops::gui {

MainWindow::MainWindow(Options options, QWidget* parent)
    : QMainWindow(parent), m_options(std::move(options)), m_health(m_data), m_session(m_options.files), m_stack(new QStackedWidget(this)),
      m_signIn(new SignInPage(this)), m_work(new QWidget(this)), m_navigation(new Navigation(m_work)),
      m_pageStack(new QStackedWidget(m_work)), m_inspector(new Inspector(m_work)), m_overall(new StateLabel(this)),
      m_find(new QPushButton(tr("Find  Ctrl+K"), this)), m_job(new QLabel(this)), m_link(new QLabel(this)) {
    setWindowTitle(QStringLiteral("ClawLoops"));
    setWindowIcon(QIcon(QStringLiteral(":/icons/clawloops.svg")));
    resize(1376, 840);
    setMinimumSize(940, 560);
    setCentralWidget(m_stack);
    m_stack->addWidget(m_signIn);
    m_stack->addWidget(m_work);
    makePages();
    makeMenus();
    makeStatusLine();
    connectSession();
    connectRescue();
    connect(m_signIn, &SignInPage::submitted, this, &MainWindow::signIn);
    m_soon.setSingleShot(true);
    m_soon.setInterval(30);
    connect(&m_soon, &QTimer::timeout, this, &MainWindow::followData);
    connect(&m_health, &HealthBoard::changed, this, [this] {
        if (!m_soon.isActive())
            m_soon.start();
    });
    m_second.setInterval(1000);
    connect(&m_second, &QTimer::timeout, this, &MainWindow::followJobs);
    m_navigation->setCurrentRow(OverviewRow);
    restoreLayout();
    showSignIn({});
}

MainWindow::~MainWindow() {
    // The session's parts speak to pages; they go silent before the pages are gone.
    m_session.events().disconnect(this);
    m_session.events().close();
    m_rescue.disconnect(this);
    m_rescue.close();
}

void MainWindow::restoreLayout() {
    restoreGeometry(remembered(QStringLiteral("geometry")).toByteArray()); // brings a window of a lost screen back into view
    m_showInspector->setChecked(remembered(QStringLiteral("inspector")).isNull() || remembered(QStringLiteral("inspector")).toBool());
    for (int i = 0; i < m_pages.size(); ++i)
        for (auto* table : m_pages[i]->findChildren<LiveTable*>())
            table->setSorting(remembered(QStringLiteral("sorting/%1/%2").arg(i).arg(table->accessibleName())).toString());
}

void MainWindow::closeEvent(QCloseEvent* event) {
    remember(QStringLiteral("geometry"), saveGeometry());
    remember(QStringLiteral("inspector"), m_showInspector->isChecked());
    for (int i = 0; i < m_pages.size(); ++i)
        for (const auto* table : m_pages[i]->findChildren<LiveTable*>())
            remember(QStringLiteral("sorting/%1/%2").arg(i).arg(table->accessibleName()), table->sorting());
    QMainWindow::closeEvent(event);
}

void MainWindow::makePages() {
    auto* row = new QHBoxLayout(m_work);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    m_inspectorLine = new QWidget(m_work);
    m_inspectorLine->setFixedWidth(1);
    m_inspectorLine->setBackgroundRole(QPalette::Mid);
    m_inspectorLine->setAutoFillBackground(true);
    m_inspector->setFixedWidth(Theme::px(304));
    row->addWidget(m_navigation);
    row->addWidget(m_pageStack, 1);
    row->addWidget(m_inspectorLine);
    row->addWidget(m_inspector);
    m_pages = {new OverviewPage(m_data, m_health, this), new PeoplePage(m_data, m_session.client(), this),
               new RuntimesPage(m_data, m_session.client(), this), new ModelsPage(m_data, m_session.client(), this),
               new UsagePage(m_data, m_session.client(), this)};
    for (Page* one : m_pages) {
        m_navigation->add(one->title());
        m_pageStack->addWidget(one);
        connect(one, &Page::inspectedChanged, this, &MainWindow::followSelection);
        connect(one, &Page::retryWanted, this, [this] { m_session.events().retryNow(); });
        connect(one, &Page::signInWanted, this, [this] { showSignIn({}); });
    }
    connect(m_navigation, &Navigation::rowChosen, this, [this](int chosen) { openPage(chosen); });
}

void MainWindow::makeStatusLine() {
    m_job->setContentsMargins(10, 0, 0, 0);
    m_link->setContentsMargins(0, 0, 10, 0);
    statusBar()->setSizeGripEnabled(false);
    statusBar()->addWidget(m_job, 1);
    statusBar()->addPermanentWidget(m_link);
}

void MainWindow::start(const QString& server) {
    const QString text = server.isEmpty() ? remembered(QStringLiteral("server")).toString() : server;
    m_username = remembered(QStringLiteral("username")).toString();
    m_signIn->setServer(text);
    m_signIn->setUsername(m_username);
    m_signIn->focusFirstEmpty();
    const auto address = ServerAddress::parse(text);
    if (text.isEmpty() || !address)
        return text.isEmpty() ? void() : m_signIn->showFailure(QString::fromStdString(address.error().message));
    m_signIn->setWaiting(tr("Connecting to %1,").arg(address->key()));
    m_session.begin(*address);
}

void MainWindow::openPage(int row, const QString& key) {
    m_pageStack->setCurrentWidget(m_pages[row]);
    if (m_navigation->currentRow() != row)
        m_navigation->setCurrentRow(row);
    if (!key.isEmpty())
        m_pages[row]->selectKey(key);
    for (int i = 0; i < m_pages.size(); ++i)
        for (QAction* action : m_pages[i]->pageActions())
            action->setShortcutContext(i == row ? Qt::WindowShortcut : Qt::WidgetShortcut);
    followSelection();
}

void MainWindow::showPages() {
    m_stack->setCurrentWidget(m_work);
    for (QAction* action : std::as_const(m_signedInOnly))
        action->setEnabled(true);
    statusBar()->show();
    m_find->show();
    m_overall->show();
    m_navigation->setFocus();
}

void MainWindow::showSignIn(const QString& reason) {
    m_rescue.close();
    m_rescueMatches = false;
    m_rescueList.clear();
    m_health.setLocal(false);
    m_data.clear();
    Contact nobody; // nothing on the pages can be pressed, also not by its shortcut
    nobody.phase = Contact::Phase::Refused;
    setContact(nobody);
    for (QAction* action : std::as_const(m_signedInOnly))
        action->setEnabled(false);
    statusBar()->hide();
    m_find->hide();
    m_overall->hide();
    setWindowTitle(QStringLiteral("ClawLoops"));
    m_signIn->showReason(reason);
    m_stack->setCurrentWidget(m_signIn);
    m_signIn->focusFirstEmpty();
}

void MainWindow::followSelection() {
    auto* current = qobject_cast<Page*>(m_pageStack->currentWidget());
    if (current) // what was selected is nobody's business any more where the server let this window out
        m_inspector->set(m_health.contact().phase == Contact::Phase::Refused ? InspectorContent() : current->inspected());
}

void MainWindow::followData() {
    int people = m_data.people.people();
    const bool any = m_data.hasSnapshot();
    m_navigation->setCount(PeopleRow, any ? people : -1, m_data.holds.attention());
    m_navigation->setCount(RuntimesRow, any ? m_data.runtimes.rowCount() : -1, m_data.runtimes.attention());
    m_navigation->setCount(ModelsRow, any ? m_data.routes.rowCount() : -1, m_data.routes.attention());
    int sick = 0;
    for (const wire::Component& one : m_data.components.rows())
        sick += m_health.isKnown() && wantsAttention(describe(one).kind) ? 1 : 0;
    m_navigation->setCount(OverviewRow, -1, sick);
    m_overall->setState(m_health.overall());
    followJobs();
    followSelection();
}

void MainWindow::followJobs() {
    QString job;
    int jobs = 0;
    const bool known = m_health.contact().phase == Contact::Phase::Live; // old seconds would go on counting
    for (const RuntimeRow& one : m_data.runtimes.rows()) {
        if (!known)
            break;
        const StateView& state = describe(one);
        if (state.kind != StateKind::Starting)
            continue;
        if (jobs++ == 0)
            job = tr("%1 %2 %3, %4").arg(fromWire(one.username), state.word, sinceText(state.since), state.sentence);
    }
    m_job->setText(unbroken(jobs == 0   ? QString()
                            : jobs == 1 ? tr("1 job: %1").arg(job)
                                        : tr("%1 jobs: %2, and %3 more").arg(jobs).arg(job).arg(jobs - 1)));
    if (jobs > 0)
        m_second.start();
    else
        m_second.stop();
}

void MainWindow::setContact(const Contact& contact) {
    m_health.setContact(contact);
    for (Page* one : std::as_const(m_pages))
        one->setContact(contact, m_data.hasSnapshot());
    switch (contact.phase) {
    case Contact::Phase::Live: m_link->setText(tr("Live from %1").arg(contact.server)); break;
    case Contact::Phase::Loading: m_link->setText(tr("Connecting to %1").arg(contact.server)); break;
    case Contact::Phase::Stale:
        m_link->setText(tr("No contact with %1 since %2, trying").arg(contact.server, contact.since.toString(QStringLiteral("HH:mm"))));
        break;
    case Contact::Phase::Refused: m_link->setText(tr("Signed out of %1").arg(contact.server)); break;
    }
    followData();
}

QVariant MainWindow::remembered(const QString& key) const {
    const QString file = m_options.settingsFile;
    return file.isEmpty() ? QSettings().value(key) : QSettings(file, QSettings::IniFormat).value(key);
}

void MainWindow::remember(const QString& key, const QVariant& value) const {
    const QString file = m_options.settingsFile;
    if (file.isEmpty())
        QSettings().setValue(key, value);
    else
        QSettings(file, QSettings::IniFormat).setValue(key, value);
}

} // namespace clawloops::gui
