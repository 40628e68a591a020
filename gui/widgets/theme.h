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

    // Sizes follow the text size that the person's system asks for: px(28) is 28 where body text is 13 pixels high.
    [[nodiscard]] static int px(int pixels);
    static void setTextScale(double scale); // 1 to 2; windows made before keep theirs
    [[nodiscard]] static int bodyText() { return px(13); }
    [[nodiscard]] static int smallText() { return px(12); }
    [[nodiscard]] static int titleText() { return px(16); }
    [[nodiscard]] static int rowHeight() { return px(28); }
    static constexpr int radius = 6;
};

[[nodiscard]] QPalette paletteOf(const Theme& theme);
// Sets style, palette, font size and the few rules that a palette cannot say. System: what the desktop's palette is.
void applyAppearance(QApplication& application, Appearance appearance);

} // namespace clawloops::gui
