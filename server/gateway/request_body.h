// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "gateway/body_parser.h"
#include "gateway/body_text.h"
#include "model/dialect.h"
#include "model/route_table.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clawloops::gateway {

// A model request's JSON body: read while it comes in, written anew for each target that is tried. Refused: what is not strict JSON
// with an object on top, a member on top given twice (two readers could take different ones), a `model` that is no text, a
// `stream` that is no truth value, and content that names an address for the model server to fetch (it would reach what
// the cell may not: the host, the LAN, metadata services). Nothing of the client's bytes is passed on unparsed; what was
// parsed is passed on as it came.
// It holds its text once, never more than came in, and at most 64 KiB beside it.
class RequestBody {
public:
    RequestBody(model::Endpoint endpoint, BodyText::Grow grow);
    static Result<std::unique_ptr<RequestBody>> parse(std::string_view bytes, model::Endpoint endpoint); // all at once
    RequestBody(const RequestBody&) = delete;
    RequestBody& operator=(const RequestBody&) = delete;

    // Where the next piece may be put, which need not be copied then; empty when none is granted. Good until push().
    [[nodiscard]] std::span<char> room() { return m_text.room(); }
    [[nodiscard]] Status push(std::string_view piece); // the first error ends it
    [[nodiscard]] Status finish(); // at the end of the body

    // Once it is finished:
    [[nodiscard]] const std::string& model() const { return m_parsed.model; }
    // What the client limits its answer to, by the endpoint's own member (the smaller one where it gave two); absent where it says nothing
    // that is a whole number.
    [[nodiscard]] std::optional<std::int64_t> outputLimit() const;
    [[nodiscard]] std::int64_t choices() const; // `n` or `best_of`: answers that are made at once; 1 where it says nothing
    [[nodiscard]] bool stream() const { return m_parsed.stream; }
    [[nodiscard]] std::uint64_t bytes() const { return m_bytes; } // as they came in
    [[nodiscard]] std::uint64_t held() const { return m_text.size(); }

    // Its text as it came, in pieces, and the end of one member's value: for recognising it, not for understanding it.
    template <class Visit> void visitText(std::size_t from, Visit visit) const { m_text.visit(from, m_text.size(), visit); }
    [[nodiscard]] std::string endOf(std::string_view name, std::size_t most) const; // empty: no such member

    // What a body is changed by on its way.
    struct Rewrites {
        const model::Route* route = nullptr; // whose forced and default members are put in
        std::optional<std::int64_t> outputLimit; // in the place of the client's own
        std::string_view credential; // of a provider behind LiteLLM, which takes it as a member; empty: none
    };
    // The body as it goes to a target: its model's name, only the members that may pass, usage asked for, rewritten.
    class Writer {
    public:
        Writer(const RequestBody& body, const model::Target& target, const Rewrites& rewrites);
        [[nodiscard]] std::uint64_t size() const { return m_size; }
        // In their order, up to 64 KiB each, as they lie in the body: to be sent by gathered writes. Good while both live.
        [[nodiscard]] std::span<const std::string_view> parts() const { return m_parts; }

    private:
        void add(std::string_view text);
        void addMade(std::string text);
        std::deque<std::string> m_made; // what is not in the body's own text
        std::vector<std::string_view> m_parts;
        std::uint64_t m_size = 0;
    };
    [[nodiscard]] std::string writtenFor(const model::Target& target, const Rewrites& rewrites) const; // all at once

private:
    [[nodiscard]] std::string textOf(const BodyMember& member) const;
    [[nodiscard]] const BodyMember* member(std::string_view name) const;
    [[nodiscard]] std::optional<std::int64_t> numberOf(std::string_view name) const; // a whole number; absent else

    model::Endpoint m_endpoint;
    BodyText m_text;
    ParsedBody m_parsed;
    BodyParser m_parser;
    std::uint64_t m_bytes = 0;
};

} // namespace clawloops::gateway
