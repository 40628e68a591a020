// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Hands and eyes for a test of the real desktop program (desktop_program.py): Qt loads this plugin into it where
// QT_QPA_GENERIC_PLUGINS says typist. One command a line on standard input, one line of answer on standard output.
#include <QAbstractButton>
#include <QApplication>
#include <QGenericPlugin>
#include <QLabel>
#include <QLineEdit>
#include <QSocketNotifier>
#include <QTest>
#include <QTimer>
#include <cstdio>
#include <unistd.h>

namespace {

QWidget* window() {
    for (QWidget* one : QApplication::topLevelWidgets())
        if (one->isVisible() && one->inherits("QMainWindow"))
            return one;
    return nullptr;
}

QWidget* visible(const QString& name) {
    for (QWidget* top : QApplication::topLevelWidgets())
        for (QWidget* one : top->findChildren<QWidget*>(name))
            if (one->isVisible())
                return one;
    return nullptr;
}

QString everyText() {
    QStringList all;
    for (QWidget* top : QApplication::topLevelWidgets())
        for (const QLabel* one : top->findChildren<QLabel*>())
            if (one->isVisible())
                all += one->text();
    return all.join(u' ').simplified();
}

QString answer(const QString& verb, const QString& name, const QString& rest) {
    if (verb == QLatin1String("text"))
        return everyText();
    if (verb == QLatin1String("title"))
        return window() ? window()->windowTitle() : QString();
    if (verb == QLatin1String("size"))
        return window() ? QStringLiteral("%1x%2").arg(window()->width()).arg(window()->height()) : QString();
    if (verb == QLatin1String("resize") && window()) {
        window()->resize(name.toInt(), rest.toInt());
        return QStringLiteral("ok");
    }
    if (verb == QLatin1String("close") && window()) {
        QTimer::singleShot(0, window(), &QWidget::close);
        return QStringLiteral("ok");
    }
    QWidget* widget = visible(name);
    if (!widget)
        return QStringLiteral("absent");
    if (verb == QLatin1String("look"))
        return widget->isEnabled() ? QStringLiteral("enabled") : QStringLiteral("disabled");
    if (verb == QLatin1String("type") && qobject_cast<QLineEdit*>(widget)) {
        static_cast<QLineEdit*>(widget)->clear();
        QTest::keyClicks(widget, rest);
        return QStringLiteral("ok");
    }
    if (verb == QLatin1String("click") && qobject_cast<QAbstractButton*>(widget)) {
        QTest::mouseClick(widget, Qt::LeftButton);
        return QStringLiteral("ok");
    }
    return QStringLiteral("wrong command");
}

class Typist : public QObject {
    Q_OBJECT
public:
    Typist() : m_input(STDIN_FILENO, QSocketNotifier::Read) { connect(&m_input, &QSocketNotifier::activated, this, &Typist::read); }

private:
    void read() {
        char bytes[4096];
        const ssize_t got = ::read(STDIN_FILENO, bytes, sizeof bytes);
        if (got <= 0)
            return m_input.setEnabled(false);
        m_pending.append(bytes, qsizetype(got));
        for (qsizetype end = m_pending.indexOf('\n'); end >= 0; end = m_pending.indexOf('\n')) {
            const QString line = QString::fromUtf8(m_pending.left(end));
            m_pending.remove(0, end + 1);
            std::printf("%s\n", qUtf8Printable(answer(line.section(u' ', 0, 0), line.section(u' ', 1, 1), line.section(u' ', 2))));
            std::fflush(stdout);
        }
    }
    QSocketNotifier m_input;
    QByteArray m_pending;
};

} // namespace

class TypistPlugin : public QGenericPlugin {
    Q_OBJECT
    Q_PLUGIN_METADATA(IID QGenericPluginFactoryInterface_iid FILE "typist.json")
public:
    QObject* create(const QString&, const QString&) override { return new Typist; }
};

#include "typist.moc"
