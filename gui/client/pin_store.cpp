// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/pin_store.h"

#include "base/json.h"
#include "client/private_file.h"

namespace clawloops::gui {

PinStore::PinStore(QString path) : m_path(std::move(path)) {}

QString PinStore::defaultPath() { return configDirectory() + QLatin1String("/pins.json"); }

Status PinStore::load() {
    m_pins.clear();
    const auto text = readPrivateFile(m_path);
    if (!text)
        return text.error();
    if (!text->has_value())
        return {};
    const auto object = parseObject(**text);
    if (!object)
        return Error{ErrorCode::InvalidRequest, m_path.toStdString() + " is damaged; remove it and check the certificate again.",
                     object.error().message};
    for (const auto& [key, value] : *object) {
        if (!value.is_string())
            continue;
        const QByteArray sha256 = QByteArray::fromHex(QByteArray(value.as_string().data(), qsizetype(value.as_string().size())));
        if (sha256.size() == 32)
            m_pins.insert(QString::fromUtf8(key.data(), qsizetype(key.size())), sha256);
    }
    return {};
}

std::optional<QByteArray> PinStore::pin(const QString& serverKey) const {
    const auto found = m_pins.constFind(serverKey);
    return found == m_pins.cend() ? std::nullopt : std::optional(*found);
}

Status PinStore::remember(const QString& serverKey, const QByteArray& sha256) {
    m_pins.insert(serverKey, sha256);
    return save();
}

Status PinStore::forget(const QString& serverKey) {
    m_pins.remove(serverKey);
    return save();
}

Status PinStore::save() const {
    json::object object;
    for (auto pin = m_pins.cbegin(); pin != m_pins.cend(); ++pin)
        object[pin.key().toStdString()] = pin->toHex().toStdString();
    return writePrivateFile(m_path, json::serialize(object) + "\n");
}

} // namespace clawloops::gui
