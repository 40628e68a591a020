// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/json.h"
#include "base/result.h"

#include <QSslCertificate>
#include <QString>
#include <variant>

namespace clawloops::gui {

// Why a call to the appliance came to nothing. `sentence` is for a person; `requestId` is empty where no server answered.
struct ApiFailure {
    enum class Kind {
        Unreachable, // no connection, or it broke
        Interrupted, // an answer under way ended early; whose doing it was shows at the next try
        ControlPlaneSilent, // the entry answers, what is behind it does not (502, 503, 504)
        CertificateUnknown, // first use: show `certificate` and ask
        CertificateChanged, // not the pinned one
        CertificateRefused, // not from the given authority
        SignedOut, // 401: the session is over
        Refused, // the server said no, and why
        Unreadable, // an answer that is not the API's
    };
    Kind kind = Kind::Unreachable;
    ErrorCode code = ErrorCode::Unavailable;
    QString sentence;
    QString requestId;
    QSslCertificate certificate;
};

using ApiResult = std::variant<json::object, ApiFailure>;

} // namespace clawloops::gui
