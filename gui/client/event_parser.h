// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>

namespace clawloops::gui {

struct ServerEvent {
    QByteArray type; // "message" where the server named none
    QByteArray data; // lines joined by \n
    QByteArray id;
    bool operator==(const ServerEvent&) const = default;
};

// Server-sent events out of a byte stream cut anywhere (https://html.spec.whatwg.org/multipage/server-sent-events.html):
// LF, CRLF and CR end a line, a comment or an event without data gives nothing. What has not ended after `limit` bytes
// makes the stream broken: the caller drops the connection. One thread.
class EventParser {
public:
    explicit EventParser(qsizetype limit = 64 * 1024 * 1024) : m_limit(limit) {}
    [[nodiscard]] QList<ServerEvent> feed(const QByteArray& bytes);
    [[nodiscard]] bool broken() const { return m_broken; }
    void reset();

private:
    void line(const QByteArray& text, QList<ServerEvent>& out);

    qsizetype m_limit;
    QByteArray m_line;
    ServerEvent m_event;
    bool m_hasData = false;
    bool m_afterCr = false;
    bool m_first = true;
    bool m_broken = false;
};

} // namespace clawloops::gui
