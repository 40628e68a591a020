// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "model/dialect.h"
#include "model/route_table.h"

#include <memory>
#include <string>
#include <string_view>

namespace clawloops::gateway {

// A model request's JSON body: read once, written anew for each target that is tried. Refused: what is not strict JSON with an
// object on top, a member on top given twice (two readers could take different ones), a `model` that is no text, a `stream`
// that is no truth value, and content that names an address for the model server to fetch (it would reach what
// the cell may not: the host, the LAN, metadata services). Nothing of the client's bytes is passed on unparsed.
class RequestBody {
public:
    static Result<RequestBody> parse(std::string_view bytes, model::Endpoint endpoint);
    RequestBody(RequestBody&&) noexcept;
    RequestBody& operator=(RequestBody&&) noexcept;
    ~RequestBody();

    [[nodiscard]] const std::string& model() const { return m_model; }
    [[nodiscard]] bool stream() const { return m_stream; }
    [[nodiscard]] std::uint64_t bytes() const { return m_bytes; }
    // For this target: its model's name, only the members that may pass, usage asked for.
    [[nodiscard]] std::string writtenFor(const model::Target& target) const;

private:
    struct Document;
    RequestBody();
    std::unique_ptr<Document> m_document;
    model::Endpoint m_endpoint = model::Endpoint::ChatCompletions;
    std::string m_model;
    std::uint64_t m_bytes = 0;
    bool m_stream = false;
};

} // namespace clawloops::gateway
