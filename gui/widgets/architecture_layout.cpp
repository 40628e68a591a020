// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/architecture_layout.h"

#include <QCoreApplication>
#include <algorithm>

namespace clawloops::gui {

namespace {

struct Place {
    const char* id;
    const char* title;
    int column;
    int row;
    int rows;
};

constexpr Place places[] = {
    {"browsers", QT_TRANSLATE_NOOP("Architecture", "Browsers"), 0, 0, 1},
    {"traefik", QT_TRANSLATE_NOOP("Architecture", "Traefik"), 1, 0, 1},
    {"clawloopsd", QT_TRANSLATE_NOOP("Architecture", "Control plane"), 2, 0, 1},
    {"orchestrator", QT_TRANSLATE_NOOP("Architecture", "Orchestrator"), 3, 0, 1},
    {"runtimed", QT_TRANSLATE_NOOP("Architecture", "Runtime manager"), 4, 0, 1},
    {"cells", QT_TRANSLATE_NOOP("Architecture", "Cells"), 5, 0, 3},
    {"postgres", QT_TRANSLATE_NOOP("Architecture", "PostgreSQL"), 2, 1, 1},
    {"relay", QT_TRANSLATE_NOOP("Architecture", "Workspace relay"), 1, 2, 1},
    {"gateway", QT_TRANSLATE_NOOP("Architecture", "Model gateway"), 5, 3, 1},
    {"litellm", QT_TRANSLATE_NOOP("Architecture", "LiteLLM"), 4, 3, 1},
    {"starter-model", QT_TRANSLATE_NOOP("Architecture", "Starter model"), 3, 3, 1},
};

} // namespace

ArchitectureLayout ArchitectureLayout::of(double width, double scale) {
    ArchitectureLayout out;
    // Where it is narrow the boxes keep their words and the arrows get shorter.
    const double gap = std::clamp(width - 6 * 124 * scale, 5 * 12.0, 5 * columnGap) / 5;
    const double boxWidth = std::clamp((width - 5 * gap) / 6, 80.0 * scale, 168.0 * scale);
    const double tall = boxHeight * scale;
    const double rowStep = tall + rowGap * scale;
    for (const Place& place : places) {
        const double height = tall + (place.rows - 1) * rowStep;
        out.boxes.append({QString::fromLatin1(place.id), QCoreApplication::translate("Architecture", place.title),
                          QRectF(place.column * (boxWidth + gap), place.row * rowStep, boxWidth, height)});
    }
    const auto area = [&out](const char* id) { return out.find(QString::fromLatin1(id))->area; };
    const auto across = [&](const char* from, const char* to) { // left to right, at the source's height
        const QRectF a = area(from);
        const QRectF b = area(to);
        const double y = std::clamp(a.center().y(), b.top(), b.bottom());
        const bool forward = b.left() > a.left();
        out.lines.append({QString::fromLatin1(from), QString::fromLatin1(to),
                          {QPointF(forward ? a.right() : a.left(), y), QPointF(forward ? b.left() : b.right(), y)}});
    };
    const auto down = [&](const char* from, const char* to) {
        const QRectF a = area(from);
        out.lines.append({QString::fromLatin1(from), QString::fromLatin1(to),
                          {QPointF(a.center().x(), a.bottom()), QPointF(a.center().x(), area(to).top())}});
    };
    across("browsers", "traefik");
    across("traefik", "clawloopsd");
    across("clawloopsd", "orchestrator");
    across("orchestrator", "runtimed");
    {
        const QRectF a = area("runtimed");
        out.lines.append({QStringLiteral("runtimed"), QStringLiteral("cells"),
                          {QPointF(a.right(), a.center().y()), QPointF(area("cells").left(), a.center().y())}});
    }
    down("clawloopsd", "postgres");
    down("traefik", "relay");
    across("relay", "cells");
    down("cells", "gateway");
    across("gateway", "litellm");
    across("litellm", "starter-model");
    { // the route that leads straight to the model, around LiteLLM
        const QRectF a = area("gateway");
        const QRectF b = area("starter-model");
        const double y = a.bottom() + 40 * scale;
        out.lines.append({QStringLiteral("gateway"), QStringLiteral("starter-model"),
                          {QPointF(a.center().x(), a.bottom()), QPointF(a.center().x(), y), QPointF(b.center().x(), y),
                           QPointF(b.center().x(), b.bottom())}});
    }
    out.size = QSizeF(6 * boxWidth + 5 * gap, 4 * tall + (3 * rowGap + 46) * scale);
    return out;
}

const ArchitectureLayout::Box* ArchitectureLayout::find(const QString& id) const {
    const auto found = std::find_if(boxes.begin(), boxes.end(), [&](const Box& box) { return box.id == id; });
    return found == boxes.end() ? nullptr : &*found;
}

const ArchitectureLayout::Box* ArchitectureLayout::at(QPointF point) const {
    const auto found = std::find_if(boxes.begin(), boxes.end(), [&](const Box& box) { return box.area.contains(point); });
    return found == boxes.end() ? nullptr : &*found;
}

} // namespace clawloops::gui
