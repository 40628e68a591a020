// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "api/event_streams.h"
#include "api/parts.h"
#include "api/router.h"
#include "edge/static_files.h"

#include <QObject>

namespace clawloops::api {

// The portal origin: /api/v1 by the router, everything else the portal's files; security headers on every answer, and one log
// line an exchange of the API. Anything that throws becomes an INTERNAL_ERROR and a log line. One thread.
class Api : public QObject {
    Q_OBJECT
public:
    Api(Parts parts, StaticFiles portal, QObject* parent = nullptr); // parts.guard is set to this
    void handle(HttpRequest request, HttpReply reply);
    [[nodiscard]] const Router& router() const { return m_router; }

private:
    Parts m_parts;
    StaticFiles m_portal;
    Router m_router;
    EventStreams m_events;
};

} // namespace clawloops::api
