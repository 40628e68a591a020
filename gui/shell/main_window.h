// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/local_rescue.h"
#include "client/session.h"
#include "models/health_board.h"
#include "models/live_data.h"
#include "widgets/plain_text.h"
#include "widgets/theme.h"

#include <QMainWindow>
#include <QTimer>

class QLabel;
class QPushButton;
class QStackedWidget;

namespace clawloops::gui {

class Inspector;
class Navigation;
class OverviewPage;
class Page;
class SignInPage;
class StateLabel;

// The window: signed out it asks to sign in; signed in it has the pages, the inspector and the status line, all fed by the
// session's live events. What the supervisor says on this machine is taken for components where it is the same appliance.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    struct Options {
        Session::Files files;
        QString rescueSocket; // empty: none
        QString settingsFile; // empty: the person's own
    };
    explicit MainWindow(Options options, QWidget* parent = nullptr);
    ~MainWindow() override;

    void start(const QString& server); // empty: the one used last
    void openPage(int row, const QString& key = {});
    void setAppearance(Appearance appearance);

    enum PageRow { OverviewRow, PeopleRow, RuntimesRow, ModelsRow, UsageRow };
    [[nodiscard]] Page* page(int row) const { return m_pages[row]; }
    [[nodiscard]] LiveData& data() { return m_data; }
    [[nodiscard]] const HealthBoard& health() const { return m_health; }
    [[nodiscard]] Session& session() { return m_session; }
    void setContact(const Contact& contact);
    void showPages();

protected:
    void closeEvent(QCloseEvent* event) override; // size, place, sorting and inspector are kept

private:
    void restoreLayout();
    void makePages();
    void makeMenus();
    void makeStatusLine();
    void connectSession();
    void connectRescue();
    void matchRescue();
    void signIn(const ServerAddress& server, const QString& username, const Secret& password);
    void showSignIn(const QString& reason);
    void askAboutCertificate(const ApiFailure& failure);
    void followContact();
    void followData();
    void followJobs();
    void followSelection();
    void quickFind();
    void remember(const QString& key, const QVariant& value) const;
    [[nodiscard]] QVariant remembered(const QString& key) const;

    Options m_options;
    PlainText m_plainText;
    LiveData m_data;
    HealthBoard m_health;
    Session m_session;
    LocalRescue m_rescue;
    bool m_rescueMatches = false;
    std::vector<wire::Component> m_rescueList; // the supervisor's last full list
    QString m_username;
    QStackedWidget* m_stack;
    SignInPage* m_signIn;
    QWidget* m_work;
    Navigation* m_navigation;
    QStackedWidget* m_pageStack;
    QList<Page*> m_pages;
    Inspector* m_inspector;
    QWidget* m_inspectorLine = nullptr;
    QAction* m_showInspector = nullptr;
    StateLabel* m_overall;
    QPushButton* m_find;
    QLabel* m_job;
    QLabel* m_link;
    QList<QAction*> m_signedInOnly;
    QTimer m_soon; // many events, one look at their sum
    QTimer m_second; // the seconds of what is under way
};

} // namespace clawloops::gui
