// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/parts.h"
#include "api/router.h"
#include "api/sign_in.h"

// admin/provider-credentials…, admin/master-key: the keys that providers are asked with. A secret only goes in.
namespace clawloops::api {

namespace {

std::optional<std::string> textIf(ObjectReader& reader, std::string_view name, std::size_t longest) {
    if (reader.has(name))
        return boundedText(reader, name, longest);
    return std::nullopt;
}

json::object write(const wire::Credential& credential) { return wire::toJson(credential); }

} // namespace

void addAdminCredentials(Router& router, Parts& parts) {
    // → {items: [Credential]}
    router.add({"GET", "/admin/provider-credentials", Access::Admin, Body::None, [&parts](CallPtr call) {
                    parts.credentials.list(parts.guard, answering<std::vector<wire::Credential>>(
                                                            call, 200, [](const auto& all) { return wire::listToJson(all); }));
                }});

    // {name, provider, secret} → 201 Credential
    router.add({"POST", "/admin/provider-credentials", Access::Admin, Body::Required, [&parts](CallPtr call) {
                    ObjectReader reader(call->body);
                    const std::string name = boundedText(reader, "name", 100);
                    const std::string provider = boundedText(reader, "provider", 40);
                    Secret secret(boundedText(reader, "secret", 4096));
                    if (const Status read = reader.finish(); !read)
                        return call->fail(read.error());
                    parts.credentials.create(name, provider, std::move(secret), call->actor(), parts.guard, answering<wire::Credential>(call, 201, write));
                }});

    // {name?, secret?} → Credential; another secret takes the place of the present one at once
    router.add({"PUT", "/admin/provider-credentials/{credentialId}", Access::Admin, Body::Required, [&parts](CallPtr call) {
                    ObjectReader reader(call->body);
                    const auto name = textIf(reader, "name", 100);
                    const auto secret = textIf(reader, "secret", 4096);
                    reader.allow("name");
                    reader.allow("secret");
                    if (const Status read = reader.finish(); !read)
                        return call->fail(read.error());
                    parts.credentials.edit(call->parameter(), name, secret ? std::optional(Secret(*secret)) : std::nullopt, call->actor(), parts.guard,
                                           answering<wire::Credential>(call, 200, write));
                }});

    // → Credential, as it was
    router.add({"DELETE", "/admin/provider-credentials/{credentialId}", Access::Admin, Body::None, [&parts](CallPtr call) {
                    parts.credentials.remove(call->parameter(), call->actor(), parts.guard, answering<wire::Credential>(call, 200, write));
                }});

    // → {keyVersion, credentials}
    router.add({"POST", "/admin/master-key/rotate", Access::Admin, Body::None, [&parts](CallPtr call) {
                    parts.credentials.rotateMasterKey(call->actor(), parts.guard, answering<wire::MasterKeyRotation>(call, 200, [](const auto& done) {
                                                          return wire::toJson(done);
                                                      }));
                }});
}

} // namespace clawloops::api
