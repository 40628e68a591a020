// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/api_client.h"

#include <QDateTime>
#include <QTimer>
#include <functional>
#include <optional>

namespace clawloops::gui {

// One thing of the API that a page shows, and how far it is. The last good answer stays while a newer one is on its way and
// when that fails; an answer to a question that was since replaced is dropped. Its owner's thread.
//
// | isBusy | hasAnswer | failure | what a page says                                      |
// | yes    | no        | none    | that it waits, since askedAt()                        |
// | any    | yes       | none    | the answer                                            |
// | no     | no        | any     | the failure; where isOffered() is false, that alone   |
// | no     | yes       | any     | the answer of answeredAt(), and why it is not fresh   |
class Fetch : public QObject {
    Q_OBJECT
public:
    using Take = std::function<Status(const json::object& answer)>; // refuses what it cannot read

    // `what` begins the sentences: "Usage by period".
    Fetch(ApiClient& client, QString what, Take take, QObject* parent);

    void ask(const QString& path); // from now on this one
    void again(); // the same question; with one under way, once more after it
    void soon(); // again within a second, however often it is called
    void forget(); // of somebody who signed out
    [[nodiscard]] bool isBusy() const { return m_busy; }
    [[nodiscard]] bool hasAnswer() const { return m_answeredAt.isValid(); }
    [[nodiscard]] bool isOffered() const { return m_offered; } // false: this server has no such thing
    [[nodiscard]] const std::optional<ApiFailure>& failure() const { return m_failure; }
    [[nodiscard]] const QDateTime& askedAt() const { return m_askedAt; }
    [[nodiscard]] const QDateTime& answeredAt() const { return m_answeredAt; }
    [[nodiscard]] const QString& what() const { return m_what; }

Q_SIGNALS:
    void changed();

private:
    void send();
    void take(const ApiResult& result);

    ApiClient& m_client;
    QString m_what;
    Take m_take;
    QString m_path;
    QTimer m_soon;
    int m_asked = 0; // number of the newest question
    bool m_busy = false;
    bool m_onceMore = false;
    bool m_offered = true;
    QDateTime m_askedAt;
    QDateTime m_answeredAt;
    std::optional<ApiFailure> m_failure;
};

} // namespace clawloops::gui
