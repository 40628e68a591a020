// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPalette>

class QApplication;

namespace clawloops::gui {

enum class Appearance { System, Light, Dark };

// The colours of the product, light and dark; sizes are device-independent pixels. Every painter asks for the theme of its
// own palette, so a widget follows when the appearance changes.
struct Theme {
    bool dark = false;
    QColor surface, canvas, line, text, muted, accent, onAccent, ok, busy, quiet, warn, bad, selection, hover;

    [[nodiscard]] static const Theme& light();
    [[nodiscard]] static const Theme& darkTheme();
    [[nodiscard]] static const Theme& of(const QPalette& palette); // by the lightness of its window colour

    static constexpr int bodyText = 13;
    static constexpr int smallText = 12;
    static constexpr int titleText = 16;
    static constexpr int rowHeight = 28;
    static constexpr int radius = 6;
};

[[nodiscard]] QPalette paletteOf(const Theme& theme);
// Sets style, palette, font size and the few rules that a palette cannot say. System: what the desktop's palette is.
void applyAppearance(QApplication& application, Appearance appearance);

} // namespace clawloops::gui
