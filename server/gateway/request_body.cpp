// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/request_body.h"

#include "base/json.h"
#include "gateway/outside_addresses.h"
#include "model/field_rules.h"

#include <set>
#include <simdjson.h>

namespace clawloops::gateway {
namespace {

namespace dom = simdjson::dom;

Error wrong(std::string message) {
    return {ErrorCode::InvalidRequest, std::move(message), {}};
}

void appendText(std::string& out, std::string_view text) {
    out += json::serialize(json::value(text));
}

// The client's stream_options with include_usage put in.
std::string withUsageAsked(const dom::element* given) {
    std::string out = "{\"include_usage\":true";
    dom::object options;
    if (given && given->get(options) == simdjson::SUCCESS) {
        for (const auto field : options) {
            if (field.key == "include_usage")
                continue;
            out += ',';
            appendText(out, field.key);
            out += ':';
            out += simdjson::minify(field.value);
        }
    }
    return out + '}';
}

} // namespace

struct RequestBody::Document {
    dom::parser parser; // owns what `root` refers to
    dom::object root;
};

RequestBody::RequestBody() : m_document(std::make_unique<Document>()) {}
RequestBody::RequestBody(RequestBody&&) noexcept = default;
RequestBody& RequestBody::operator=(RequestBody&&) noexcept = default;
RequestBody::~RequestBody() = default;

Result<RequestBody> RequestBody::parse(std::string_view bytes, model::Endpoint endpoint) {
    RequestBody body;
    body.m_endpoint = endpoint;
    body.m_bytes = bytes.size();
    constexpr std::size_t deepest = 128; // a tool's schema nests, but not so far
    if (body.m_document->parser.allocate(std::max<std::size_t>(bytes.size(), 64), deepest) != simdjson::SUCCESS)
        return Error{ErrorCode::Unavailable, "There is no memory for this request; try again later.", {}};
    dom::element root;
    if (const auto problem = body.m_document->parser.parse(bytes.data(), bytes.size(), true).get(root))
        return wrong("The request body is not valid JSON: " + std::string(simdjson::error_message(problem)));
    if (root.get(body.m_document->root) != simdjson::SUCCESS)
        return wrong("The request body must be a JSON object.");
    std::set<std::string_view> seen;
    for (const auto field : body.m_document->root) {
        if (!seen.insert(field.key).second)
            return wrong("The request has the member \"" + std::string(field.key) + "\" twice.");
        if (field.key == "model") {
            std::string_view name;
            if (field.value.get(name) != simdjson::SUCCESS)
                return wrong("\"model\" must be a text.");
            body.m_model = name;
        } else if (field.key == "stream" && !field.value.is_null() && field.value.get(body.m_stream) != simdjson::SUCCESS) {
            return wrong("\"stream\" must be true or false.");
        }
        if (const Status status = refuseOutsideAddresses(field.key, field.value); !status)
            return status.error();
    }
    if (body.m_model.empty())
        return wrong("The request names no \"model\".");
    return body;
}

std::string RequestBody::writtenFor(const model::Target& target) const {
    const bool askUsage = model::wantsIncludeUsage(m_endpoint, m_stream);
    std::string out = "{\"model\":";
    out.reserve(m_bytes + 256);
    appendText(out, target.model);
    for (const auto field : m_document->root) {
        if (field.key == "model" || (askUsage && field.key == "stream_options") ||
            !model::passes(target.kind, m_endpoint, field.key))
            continue;
        out += ',';
        appendText(out, field.key);
        out += ':';
        out += simdjson::minify(field.value);
    }
    if (askUsage) {
        dom::element given;
        const bool has = m_document->root["stream_options"].get(given) == simdjson::SUCCESS;
        out += ",\"stream_options\":" + withUsageAsked(has ? &given : nullptr);
    }
    return out + '}';
}

} // namespace clawloops::gateway
