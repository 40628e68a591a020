// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/personal_key.h"

#include "models/json_list.h"

namespace clawloops::gui {

Result<PersonalKey> PersonalKey::read(const json::object& object) {
    ObjectReader reader(object, "key");
    PersonalKey key;
    key.id = QString::fromStdString(reader.text("keyId"));
    key.name = QString::fromStdString(reader.text("name"));
    key.createdAt = QString::fromStdString(reader.text("createdAt"));
    key.prefix = textOf(object, "prefix");
    key.userId = textOf(object, "userId");
    key.username = textOf(object, "username");
    key.expiresAt = textOf(object, "expiresAt");
    key.lastUsedAt = textOf(object, "lastUsedAt");
    key.routes = textsOf(object, "routes");
    key.batch = flagOf(object, "batch");
    if (reader.failed())
        return reader.finish().error();
    return key;
}

} // namespace clawloops::gui
