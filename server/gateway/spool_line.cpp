// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/spool_line.h"

#include <boost/crc.hpp>

namespace clawloops::gateway {
namespace {

constexpr std::string_view before = ",\"crc\":\"";
constexpr std::string_view after = "\"}";
constexpr std::size_t digits = 8;
constexpr std::size_t sealBytes = before.size() + digits + after.size();

void appendHex(std::string& out, std::uint32_t number) {
    for (int shift = 28; shift >= 0; shift -= 4)
        out += "0123456789abcdef"[(number >> shift) & 15u];
}

} // namespace

std::uint32_t crc32c(std::string_view bytes) {
    boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc;
    crc.process_bytes(bytes.data(), bytes.size());
    return crc.checksum();
}

void appendSpoolLine(std::string& out, const gateway_verbs::UsageEvent& event) {
    const std::size_t from = out.size();
    gateway_verbs::append(out, event);
    out.pop_back(); // the brace
    const std::uint32_t crc = crc32c(std::string_view(out).substr(from));
    out += before;
    appendHex(out, crc);
    out += after;
}

std::optional<gateway_verbs::UsageEvent> eventOfSpoolLine(std::string_view line) {
    std::string plain(line);
    if (line.size() > sealBytes && line.substr(line.size() - sealBytes).starts_with(before)) {
        const std::string_view sealed = line.substr(0, line.size() - sealBytes);
        std::string seal(before);
        appendHex(seal, crc32c(sealed));
        seal += after;
        if (line.substr(sealed.size()) != seal)
            return std::nullopt;
        plain.assign(sealed);
        plain += '}';
    }
    const auto object = parseObject(plain);
    if (!object)
        return std::nullopt;
    auto event = gateway_verbs::usageEventFromJson(*object); // refuses a `crc` that is not where it belongs
    if (!event)
        return std::nullopt;
    return std::move(*event);
}

} // namespace clawloops::gateway
