// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clawloops::stream {

struct Field {
    std::string name;
    std::string value;
};

// Header fields in order of arrival. Names compare without case, and `_` is not `-`.
class Fields {
public:
    Fields() = default;
    Fields(std::initializer_list<Field> fields) : m_fields(fields) {}

    [[nodiscard]] std::string_view get(std::string_view name) const; // the first one's value; empty when absent
    [[nodiscard]] bool has(std::string_view name) const;
    [[nodiscard]] std::size_t count(std::string_view name) const;
    [[nodiscard]] bool hasToken(std::string_view name, std::string_view token) const; // in a comma list, without case
    void add(std::string_view name, std::string_view value);
    void set(std::string_view name, std::string_view value); // replaces all of that name
    void remove(std::string_view name);
    void clear() { m_fields.clear(); }
    template <class Predicate> void removeIf(Predicate predicate) { std::erase_if(m_fields, predicate); }
    [[nodiscard]] std::size_t size() const { return m_fields.size(); }
    [[nodiscard]] auto begin() const { return m_fields.begin(); }
    [[nodiscard]] auto end() const { return m_fields.end(); }

private:
    std::vector<Field> m_fields;
};

// How a body's end is marked. What a head says about it is rewritten by whoever sends: Content-Length and
// Transfer-Encoding of a Fields are never sent as they are.
struct Framing {
    enum class Kind { None, Length, Chunked, UntilClose };
    Kind kind = Kind::None;
    std::uint64_t length = 0; // with Length

    static Framing none() { return {}; }
    static Framing ofLength(std::uint64_t bytes) { return {Kind::Length, bytes}; }
    static Framing chunked() { return {Kind::Chunked, 0}; }
    [[nodiscard]] bool hasBody() const { return kind != Kind::None && !(kind == Kind::Length && length == 0); }
};

struct RequestHead {
    std::string method;
    std::string target; // exactly as received: percent-encoded, with the query
    Fields fields;
    int version = 11; // 10 or 11
    Framing framing; // of the body that follows (as received) or that is to follow (as sent)
    bool keepAlive = true;

    [[nodiscard]] std::string_view path() const; // the target up to '?'
    [[nodiscard]] bool wantsUpgrade() const; // Connection: upgrade and an Upgrade field
};

struct ResponseHead {
    int status = 200;
    std::string reason; // empty: the standard phrase
    Fields fields;
    Framing framing;
    bool keepAlive = true;
};

[[nodiscard]] std::string_view standardReason(int status);
[[nodiscard]] bool equalNoCase(std::string_view a, std::string_view b);
// Removes what ends at this hop: Connection and every field that it names, Keep-Alive, Proxy-*, TE, Trailer,
// Transfer-Encoding, Upgrade.
void removeHopFields(Fields& fields);
// The bytes of a head, framing fields included. A CR, LF or NUL in a value is written as a space: nothing can be smuggled.
[[nodiscard]] std::string writeHead(const RequestHead& head);
[[nodiscard]] std::string writeHead(const ResponseHead& head);

} // namespace clawloops::stream
