// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the real windows look like: contrast, both appearances, small screens and large text.
#include "pages/people/people_page.h"
#include "widgets/live_table.h"
#include "window_fixture.h"

#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollBar>
#include <algorithm>
#include <cmath>

using namespace clawloops;
using namespace clawloops::gui;

class WindowLooks : public WindowFixture {
    Q_OBJECT

    // The first visible text that does not fit into its place; empty where all do.
    static QString clipped(const QWidget& within) {
        for (const QLabel* one : within.findChildren<QLabel*>()) {
            if (!one->isVisible() || one->text().isEmpty())
                continue;
            const bool fits = one->wordWrap() ? one->heightForWidth(one->width()) <= one->height() : one->sizeHint().width() <= one->width();
            if (!fits)
                return one->text();
        }
        for (const QPushButton* one : within.findChildren<QPushButton*>())
            if (one->isVisible() && one->minimumSizeHint().width() > one->width())
                return one->text();
        return {};
    }

private Q_SLOTS:
    // WCAG 2.1, 1.4.3: 4.5 : 1 for text, on every ground that text of this colour lies on.
    void everyTextCanBeReadOnItsGround() {
        const auto luminance = [](const QColor& colour) {
            const auto part = [](double value) { return value <= 0.03928 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4); };
            return 0.2126 * part(colour.redF()) + 0.7152 * part(colour.greenF()) + 0.0722 * part(colour.blueF());
        };
        for (const Theme* theme : {&Theme::light(), &Theme::darkTheme()})
            for (const QColor& ground : {theme->surface, theme->canvas, theme->selection, theme->hover})
                for (const QColor& text : {theme->text, theme->muted, theme->accent, theme->ok, theme->busy, theme->quiet, theme->warn, theme->bad}) {
                    const double a = luminance(text) + 0.05;
                    const double b = luminance(ground) + 0.05;
                    const QString pair = text.name() + QStringLiteral(" on ") + ground.name();
                    QVERIFY2(std::max(a, b) / std::min(a, b) >= 4.5, qPrintable(pair));
                }
        const double accent = luminance(Theme::light().accent) + 0.05;
        QVERIFY((luminance(Theme::light().onAccent) + 0.05) / accent >= 4.5);
    }

    void everyPageShowsItsRowsInBothAppearances() {
        for (const Appearance appearance : {Appearance::Light, Appearance::Dark}) {
            applyAppearance(*qApp, appearance);
            const QString suffix = appearance == Appearance::Dark ? QStringLiteral("-dark") : QStringLiteral("-light");
            MainWindow window(options());
            open(window);
            keep(window, QStringLiteral("overview") + suffix);
            window.openPage(MainWindow::PeopleRow, QStringLiteral("usr_anna"));
            QCOMPARE(static_cast<PeoplePage*>(window.page(MainWindow::PeopleRow))->table().model()->rowCount(), 9);
            keep(window, QStringLiteral("people") + suffix);
            window.openPage(MainWindow::RuntimesRow, QStringLiteral("run_cleo"));
            QCOMPARE(window.page(MainWindow::RuntimesRow)->inspected().title, QStringLiteral("cleo"));
            QCOMPARE(window.page(MainWindow::RuntimesRow)->inspected().steps.size(), 4);
            keep(window, QStringLiteral("runtimes") + suffix);
            window.openPage(MainWindow::ModelsRow, QStringLiteral("starter"));
            keep(window, QStringLiteral("models") + suffix);
        }
        applyAppearance(*qApp, Appearance::Light);
    }

    void noTableScrollsSidewaysOnASmallScreen_data() {
        QTest::addColumn<double>("scale");
        QTest::newRow("usual text") << 1.0;
        QTest::newRow("large text") << 1.25;
    }
    void noTableScrollsSidewaysOnASmallScreen() {
        QFETCH(double, scale);
        Theme::setTextScale(scale);
        applyAppearance(*qApp, Appearance::Light);
        MainWindow window(options());
        window.resize(1280, 800);
        open(window);
        const char* names[] = {"overview", "people", "runtimes", "models"};
        for (const int row : {MainWindow::OverviewRow, MainWindow::PeopleRow, MainWindow::RuntimesRow, MainWindow::ModelsRow}) {
            window.openPage(row, row == MainWindow::RuntimesRow ? QStringLiteral("run_dan") : QString());
            keep(window, QStringLiteral("small-%1-%2").arg(QString::fromLatin1(names[row])).arg(scale));
            for (const auto* table : window.page(row)->findChildren<LiveTable*>())
                QVERIFY2(!table->isVisible() || table->horizontalScrollBar()->maximum() == 0, names[row]);
        }
        window.resize(1920, 1080);
        window.openPage(MainWindow::OverviewRow);
        keep(window, QStringLiteral("large-overview-%1").arg(scale));
        window.showPages();
        Theme::setTextScale(1);
        applyAppearance(*qApp, Appearance::Light);
    }

    void noWordIsCutInDialogsAndExplanations_data() { noTableScrollsSidewaysOnASmallScreen_data(); }
    void noWordIsCutInDialogsAndExplanations() {
        QFETCH(double, scale);
        Theme::setTextScale(scale);
        applyAppearance(*qApp, Appearance::Dark);
        {
            MainWindow window(options());
            open(window);
            auto* people = static_cast<PeoplePage*>(window.page(MainWindow::PeopleRow));
            window.openPage(MainWindow::PeopleRow);
            people->invite();
            auto* dialog = window.findChild<QDialog*>();
            QVERIFY(dialog && dialog->isVisible());
            QTest::keyClicks(dialog->findChild<QLineEdit*>(QStringLiteral("name")), QStringLiteral("Anna!"));
            QApplication::sendPostedEvents();
            keep(*dialog, QStringLiteral("invite-%1").arg(scale));
            QCOMPARE(clipped(*dialog), QString());
            dialog->close();
            for (const Contact::Phase phase : {Contact::Phase::Loading, Contact::Phase::Refused}) {
                Contact explained = contact(phase);
                explained.sentence = QStringLiteral("An admin has frozen your account, and whatever was open here is closed. Ask them to let you in "
                                                    "again; your workspace and its files are kept until then.");
                window.setContact(explained);
                QApplication::sendPostedEvents();
                QCOMPARE(clipped(*window.page(MainWindow::PeopleRow)), QString());
            }
            window.setContact(contact(Contact::Phase::Live));
            window.data().applySnapshot({});
            for (const int row : {MainWindow::PeopleRow, MainWindow::RuntimesRow, MainWindow::ModelsRow}) {
                window.openPage(row);
                QApplication::sendPostedEvents();
                QVERIFY(!window.page(row)->shownSentence().isEmpty());
                QCOMPARE(clipped(*window.page(row)), QString());
            }
            keep(window, QStringLiteral("models-empty-%1").arg(scale));
        }
        Theme::setTextScale(1);
        applyAppearance(*qApp, Appearance::Light);
    }
};

QTEST_MAIN(WindowLooks)
#include "tst_window_looks.moc"
