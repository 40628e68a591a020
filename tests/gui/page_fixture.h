// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "../unit/gui/tls_test_server.h"
#include "window_fixture.h"

#include <QAction>
#include <memory>

namespace clawloops::gui {

// A main window whose calls go to a scripted server: for what a page fetches by itself.
class PageFixture : public WindowFixture {
    Q_OBJECT

protected:
    static constexpr const char* base = "/api/v1";
    ScriptedTlsServer::Identity m_identity;
    std::unique_ptr<ScriptedTlsServer> m_server;

    static QByteArray path(const QString& rest) { return QByteArray(base) + rest.toUtf8(); }
    void answer(const QString& rest, const json::object& body) { m_server->answer(path(rest), "200 OK", QByteArray::fromStdString(json::serialize(body))); }
    void refuse(const QString& rest, const char* status, const char* code, const char* sentence) { m_server->refuse(path(rest), status, code, sentence); }
    void notThere(const QString& rest) { refuse(rest, "404 Not Found", "NOT_FOUND", "The API has nothing at this address."); }
    // How often something beginning so was asked: "POST /api/v1/admin/budgets".
    [[nodiscard]] int askedFor(const QByteArray& begin) const {
        int count = 0;
        for (const QByteArray& one : m_server->asked)
            count += one.startsWith(begin) ? 1 : 0;
        return count;
    }
    void connectTo(MainWindow& window) {
        window.session().client().setConnection({*ServerAddress::parse(QStringLiteral("https://127.0.0.1:%1").arg(m_server->serverPort())),
                                                 {fingerprint(m_identity.certificate), {}},
                                                 Secret("t")});
        open(window);
    }
    static QAction* action(const QList<QAction*>& actions, const QString& text) {
        for (QAction* one : actions)
            if (one->text() == text)
                return one;
        return nullptr;
    }
    template <class Dialog> static Dialog* dialogOf(QWidget& window) {
        for (auto* one : window.findChildren<Dialog*>())
            if (one->isVisible())
                return one;
        return nullptr;
    }

private Q_SLOTS:
    void init() {
        if (m_identity.certificate.isNull())
            m_identity = ScriptedTlsServer::makeIdentity(QStringLiteral("pages"));
        m_server = std::make_unique<ScriptedTlsServer>();
        m_server->show(m_identity);
        QVERIFY(m_server->start());
    }
    void cleanup() {
        m_server.reset();
        Theme::setTextScale(1);
        applyAppearance(*qApp, Appearance::Light);
    }
};

} // namespace clawloops::gui
