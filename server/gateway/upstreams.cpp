// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/upstreams.h"

#include <algorithm>
#include <filesystem>
#include <set>

namespace clawloops::gateway {
namespace {

std::string keyOf(const model::TargetUrl& url) {
    return url.isLocal() ? "unix:" + url.socketPath : (url.tls ? "tls|" : "tcp|") + url.host + "|" + std::to_string(url.port);
}

stream::Address addressOf(const model::TargetUrl& url) {
    if (url.tls)
        return stream::TlsAddress{url.host, url.port, {}};
    if (!url.isLocal())
        return stream::TcpAddress{url.host, url.port};
    const std::filesystem::path path(url.socketPath); // its directory is the appliance's own or one the admin named
    return stream::LocalAddress{path.parent_path(), path.filename(), 0, static_cast<uid_t>(-2)};
}

} // namespace

stream::UpstreamPool& Upstreams::poolFor(const model::TargetUrl& url) {
    auto& pool = m_pools[keyOf(url)];
    if (!pool)
        pool = std::make_unique<stream::UpstreamPool>(m_io, addressOf(url), m_limits);
    return *pool;
}

void Upstreams::forgetAllBut(const model::RouteTable& table) {
    std::set<std::string> used;
    for (const auto& [name, route] : table.routes()) {
        for (const model::Target& target : route.targets)
            used.insert(keyOf(target.url));
    }
    std::erase_if(m_pools, [&](const auto& entry) { return !used.contains(entry.first); });
}

bool isTraceParent(std::string_view text) {
    if (text.size() != 55 || text[2] != '-' || text[35] != '-' || text[52] != '-')
        return false;
    return std::all_of(text.begin(), text.end(), [](char c) {
        return c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    });
}

stream::RequestHead upstreamHead(const model::Target& target, model::Endpoint endpoint, const stream::RequestHead& client,
                                 std::string_view rid, std::string_view credential) {
    stream::RequestHead head;
    head.method = "POST";
    head.target = target.url.pathFor(endpoint);
    head.fields.add("Host", target.url.hostField());
    if (!credential.empty())
        head.fields.add("Authorization", "Bearer " + std::string(credential));
    head.fields.add("Content-Type", "application/json");
    head.fields.add("Accept", "*/*");
    head.fields.add("Accept-Encoding", "identity"); // compressed bytes could not be metered
    head.fields.add("User-Agent", "clawloops-gateway");
    head.fields.add("X-Request-Id", rid);
    if (const auto trace = client.fields.get("traceparent"); isTraceParent(trace))
        head.fields.add("traceparent", trace);
    if (endpoint == model::Endpoint::Messages) {
        for (const std::string_view name : {"anthropic-version", "anthropic-beta"}) {
            if (client.fields.has(name))
                head.fields.add(name, client.fields.get(name));
        }
    }
    return head;
}

} // namespace clawloops::gateway
