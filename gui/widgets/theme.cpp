// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme.h"

#include <QApplication>
#include <QFont>
#include <QFontInfo>
#include <QScreen>
#include <QStyleFactory>
#include <algorithm>
#include <cmath>

namespace clawloops::gui {

namespace {

double textScale = 1;

// What the system asks for: its dots per inch, or a font larger than any desktop's default.
double systemTextScale() {
    const QScreen* screen = QGuiApplication::primaryScreen();
    const double dots = screen ? screen->logicalDotsPerInch() / 96 : 1;
    return std::max(dots, QFontInfo(QGuiApplication::font()).pixelSize() / 16.0);
}

QColor tint(const QColor& colour, const QColor& on, double share) {
    return QColor::fromRgbF(float(colour.redF() * share + on.redF() * (1 - share)),
                            float(colour.greenF() * share + on.greenF() * (1 - share)),
                            float(colour.blueF() * share + on.blueF() * (1 - share)));
}

Theme make(bool dark) {
    Theme t;
    t.dark = dark;
    const auto pick = [dark](const char* light, const char* night) { return QColor(QLatin1String(dark ? night : light)); };
    t.surface = pick("#FFFFFF", "#16181D");
    t.canvas = pick("#F5F6F8", "#0F1115");
    t.line = pick("#E1E4EA", "#2A2E37");
    t.text = pick("#1B1F27", "#E8EAEE");
    t.muted = pick("#5B6472", "#9AA3B2");
    t.accent = pick("#2F5FDE", "#7FA1FF");
    t.onAccent = pick("#FFFFFF", "#0F1115");
    t.ok = pick("#1B7F4B", "#4CC38A");
    t.busy = t.accent;
    t.quiet = t.muted;
    t.warn = pick("#9A5B00", "#F0B354");
    t.bad = pick("#B3261E", "#FF8A80");
    t.selection = tint(t.accent, t.surface, dark ? 0.20 : 0.07);
    t.hover = tint(t.text, t.surface, dark ? 0.05 : 0.03);
    return t;
}

// What QPalette has no role for. Only standard widgets, only colour and space.
QString rules(const Theme& t) {
    static const QString text = QStringLiteral(R"(
QMainWindow, QDialog { background: @canvas; }
QMenuBar { background: @canvas; padding: 2px 4px; }
QMenuBar::item { padding: 7px 8px; border-radius: 4px; background: transparent; }
QMenuBar::item:selected { background: @line; }
QMenu { background: @surface; border: 1px solid @line; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 12px; border-radius: 4px; }
QMenu::item:selected { background: @selection; color: @text; }
QMenu::item:disabled { color: @muted; }
QMenu::separator { height: 1px; background: @line; margin: 4px 8px; }
QPushButton { min-height: @controlpx; padding: 0 12px; border: 1px solid @line; border-radius: 6px; background: @surface; color: @text; }
QPushButton:hover { background: @hover; }
QPushButton:pressed { background: @line; }
QPushButton:disabled { color: @muted; background: transparent; }
QPushButton:focus { border: 1px solid @accent; }
QPushButton[kind="primary"] { background: @accent; border-color: @accent; color: @onAccent; font-weight: 600; }
QPushButton[kind="primary"]:focus { border: 2px solid @text; }
QPushButton[kind="primary"]:disabled { background: @line; border-color: @line; color: @muted; }
QPushButton[kind="danger"] { color: @bad; border-color: @bad; font-weight: 600; }
QPushButton[kind="danger"]:focus { border: 2px solid @bad; }
QPushButton[kind="quiet"] { border-color: transparent; background: transparent; color: @accent; }
QPushButton[kind="quiet"]:focus { border-color: @accent; }
QPushButton::menu-indicator { subcontrol-position: right center; subcontrol-origin: padding; right: 6px; width: 9px; }
QLineEdit { min-height: @controlpx; padding: 0 8px; border: 1px solid @line; border-radius: 6px; background: @surface; }
QLineEdit:focus { border: 1px solid @accent; }
QLineEdit:disabled { color: @muted; background: @canvas; }
QComboBox, QDateEdit { padding: 0 8px; border: 1px solid @line; border-radius: 6px; background: @surface; }
QComboBox:hover { background: @hover; }
QComboBox:focus, QDateEdit:focus { border: 1px solid @accent; }
QComboBox:disabled { color: @muted; background: @canvas; }
QComboBox::drop-down, QDateEdit::drop-down { border: none; width: 24px; }
QComboBox::down-arrow, QDateEdit::down-arrow { image: url(:/icons/down-@shade.svg); width: 12px; height: 12px; }
QTabBar::tab { padding: 6px 8px; margin: 0; border: none; border-bottom: 2px solid transparent; background: transparent; color: @muted; }
QTabBar::tab:hover { color: @text; }
QTabBar::tab:selected { color: @text; font-weight: 600; border-bottom: 2px solid @accent; }
QTabBar:focus::tab:selected, QTabBar::tab:selected:focus { color: @accent; }
QHeaderView { background: @surface; }
QHeaderView::section { background: @surface; color: @muted; border: none; border-bottom: 1px solid @line; padding: 0 8px; font-size: @smallpx; }
QHeaderView::section:first, QHeaderView::section:only-one { padding-left: 16px; }
QTableView, QListView { border: none; background: @surface; outline: none; }
QScrollBar:vertical { width: 12px; background: transparent; margin: 2px; }
QScrollBar:horizontal { height: 12px; background: transparent; margin: 2px; }
QScrollBar::handle { background: @line; border-radius: 4px; min-height: 28px; min-width: 28px; }
QScrollBar::handle:hover { background: @muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QStatusBar { background: @canvas; border-top: 1px solid @line; color: @muted; font-size: @smallpx; }
QStatusBar::item { border: none; }
QSplitter::handle { background: @line; }
QToolTip { background: @surface; color: @text; border: 1px solid @line; padding: 4px 6px; }
)");
    QString out = text;
    const std::pair<const char*, QColor> tokens[] = {
        {"@onAccent", t.onAccent}, {"@selection", t.selection}, {"@surface", t.surface}, {"@canvas", t.canvas},
        {"@accent", t.accent},     {"@muted", t.muted},         {"@hover", t.hover},     {"@line", t.line},
        {"@text", t.text},         {"@bad", t.bad}};
    for (const auto& [name, colour] : tokens)
        out.replace(QLatin1String(name), colour.name());
    out.replace(QLatin1String("@shade"), QLatin1String(t.dark ? "dark" : "light"));
    out.replace(QLatin1String("@control"), QString::number(Theme::px(26)));
    out.replace(QLatin1String("@small"), QString::number(Theme::smallText()));
    return out;
}

} // namespace

int Theme::px(int pixels) { return int(std::lround(pixels * textScale)); }
void Theme::setTextScale(double scale) { textScale = std::clamp(scale, 1.0, 2.0); }

const Theme& Theme::light() {
    static const Theme theme = make(false);
    return theme;
}

const Theme& Theme::darkTheme() {
    static const Theme theme = make(true);
    return theme;
}

const Theme& Theme::of(const QPalette& palette) {
    return palette.color(QPalette::Window).lightnessF() < 0.5F ? darkTheme() : light();
}

QPalette paletteOf(const Theme& t) {
    QPalette p;
    p.setColor(QPalette::Window, t.canvas);
    p.setColor(QPalette::WindowText, t.text);
    p.setColor(QPalette::Base, t.surface);
    p.setColor(QPalette::AlternateBase, t.canvas);
    p.setColor(QPalette::Text, t.text);
    p.setColor(QPalette::Button, t.surface);
    p.setColor(QPalette::ButtonText, t.text);
    p.setColor(QPalette::BrightText, t.bad);
    p.setColor(QPalette::PlaceholderText, t.muted);
    p.setColor(QPalette::Highlight, t.accent);
    p.setColor(QPalette::HighlightedText, t.onAccent);
    p.setColor(QPalette::Link, t.accent);
    p.setColor(QPalette::LinkVisited, t.accent);
    p.setColor(QPalette::ToolTipBase, t.surface);
    p.setColor(QPalette::ToolTipText, t.text);
    p.setColor(QPalette::Light, t.surface);
    p.setColor(QPalette::Midlight, t.canvas);
    p.setColor(QPalette::Mid, t.line);
    p.setColor(QPalette::Dark, t.line);
    p.setColor(QPalette::Shadow, t.line);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        p.setColor(QPalette::Disabled, role, t.muted);
    return p;
}

void applyAppearance(QApplication& application, Appearance appearance) {
    // The desktop's own palette, as it was before the first call.
    static const QPalette system = application.palette();
    const bool dark = appearance == Appearance::Dark ||
                      (appearance == Appearance::System && system.color(QPalette::Window).lightnessF() < 0.5F);
    const Theme& theme = dark ? Theme::darkTheme() : Theme::light();
    static const bool styled = [] {
        Theme::setTextScale(systemTextScale());
        QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
        return true;
    }();
    (void)styled;
    QFont font = QApplication::font();
    font.setPixelSize(Theme::bodyText());
    QApplication::setFont(font);
    QApplication::setPalette(paletteOf(theme));
    application.setStyleSheet(rules(theme));
}

} // namespace clawloops::gui
