// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace clawloops::gui {

// A page without content says why, in the middle, with the one thing to do about it.
class MessagePanel : public QWidget {
    Q_OBJECT
public:
    explicit MessagePanel(QWidget* parent = nullptr);
    void say(const QString& title, const QString& sentence, const QString& action = {}, const QString& requestId = {});
    [[nodiscard]] QString sentence() const;

Q_SIGNALS:
    void actionPressed();

private:
    QLabel* m_title;
    QLabel* m_sentence;
    QPushButton* m_action;
    QPushButton* m_requestId;
};

// One line above the content: old data, a refused action, something to undo. Hidden when it has nothing to say.
class NoticeBar : public QWidget {
    Q_OBJECT
public:
    enum class Tone { Plain, Warn, Bad };
    explicit NoticeBar(QWidget* parent = nullptr);
    void say(Tone tone, const QString& sentence, const QString& action = {}, const QString& requestId = {}, bool closable = false);
    void clear();
    [[nodiscard]] QString sentence() const;

Q_SIGNALS:
    void actionPressed();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Tone m_tone = Tone::Plain;
    QLabel* m_sentence;
    QPushButton* m_action;
    QPushButton* m_requestId;
    QPushButton* m_close;
};

} // namespace clawloops::gui
