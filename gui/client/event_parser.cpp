// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/event_parser.h"

namespace clawloops::gui {

QList<ServerEvent> EventParser::feed(const QByteArray& bytes) {
    QList<ServerEvent> out;
    qsizetype from = 0;
    while (from < bytes.size() && !m_broken) {
        if (m_afterCr) {
            m_afterCr = false;
            if (bytes[from] == '\n') {
                ++from;
                continue;
            }
        }
        qsizetype end = from;
        while (end < bytes.size() && bytes[end] != '\n' && bytes[end] != '\r')
            ++end;
        m_line.append(bytes.constData() + from, end - from);
        if (m_line.size() + m_event.data.size() > m_limit) {
            m_broken = true;
            break;
        }
        if (end == bytes.size())
            break;
        m_afterCr = bytes[end] == '\r';
        line(m_line, out);
        m_line.clear();
        from = end + 1;
    }
    return out;
}

void EventParser::line(const QByteArray& text, QList<ServerEvent>& out) {
    QByteArray rest = text;
    if (m_first) {
        m_first = false;
        if (rest.startsWith("\xef\xbb\xbf"))
            rest.remove(0, 3);
    }
    if (rest.isEmpty()) {
        if (m_hasData) {
            if (m_event.type.isEmpty())
                m_event.type = QByteArrayLiteral("message");
            out.append(m_event);
        }
        m_event.type.clear();
        m_event.data.clear();
        m_hasData = false;
        return;
    }
    if (rest.startsWith(':'))
        return;
    const qsizetype colon = rest.indexOf(':');
    const QByteArray name = colon < 0 ? rest : rest.left(colon);
    QByteArray value = colon < 0 ? QByteArray() : rest.mid(colon + 1);
    if (value.startsWith(' '))
        value.remove(0, 1);
    if (name == "data") {
        if (m_hasData)
            m_event.data.append('\n');
        m_event.data.append(value);
        m_hasData = true;
    } else if (name == "event") {
        m_event.type = value;
    } else if (name == "id" && !value.contains('\0')) {
        m_event.id = value;
    }
}

void EventParser::reset() { *this = EventParser(m_limit); }

} // namespace clawloops::gui
