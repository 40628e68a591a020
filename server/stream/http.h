// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clawloops::stream {

struct Field { // a look at one; good until its Fields change
    std::string_view name;
    std::string_view value;
};

// Header fields in order of arrival. Names compare without case, and `_` is not `-`. All of their text lies in one piece: a request
// has four heads, and an allocation for each name and value would be most of what they cost.
class Fields {
    struct Place {
        std::size_t begin; // of the name; the value is right behind it
        std::size_t nameSize;
        std::size_t valueSize;
    };

public:
    class Iterator {
    public:
        using value_type = Field;
        using reference = Field;
        using pointer = void;
        using difference_type = std::ptrdiff_t;
        using iterator_category = std::input_iterator_tag;
        Iterator(const Fields& fields, std::size_t at) : m_fields(&fields), m_at(at) {}
        Field operator*() const { return m_fields->at(m_at); }
        Iterator& operator++() {
            ++m_at;
            return *this;
        }
        Iterator operator++(int) {
            const Iterator old = *this;
            ++m_at;
            return old;
        }
        bool operator==(const Iterator& other) const { return m_at == other.m_at; }

    private:
        const Fields* m_fields;
        std::size_t m_at;
    };

    Fields() = default;
    Fields(std::initializer_list<Field> fields) {
        for (const Field& field : fields)
            add(field.name, field.value);
    }

    [[nodiscard]] std::string_view get(std::string_view name) const; // the first one's value; empty when absent
    [[nodiscard]] bool has(std::string_view name) const;
    [[nodiscard]] std::size_t count(std::string_view name) const;
    [[nodiscard]] bool hasToken(std::string_view name, std::string_view token) const; // in a comma list, without case
    void add(std::string_view name, std::string_view value);
    void set(std::string_view name, std::string_view value); // replaces all of that name
    void remove(std::string_view name);
    void clear();
    template <class Predicate> void removeIf(Predicate predicate) {
        std::erase_if(m_places, [&](const Place& place) { return predicate(at(place)); });
    }
    [[nodiscard]] std::size_t size() const { return m_places.size(); }
    [[nodiscard]] Iterator begin() const { return {*this, 0}; }
    [[nodiscard]] Iterator end() const { return {*this, m_places.size()}; }

private:
    [[nodiscard]] Field at(const Place& place) const {
        const std::string_view text = std::string_view(m_text).substr(place.begin);
        return {text.substr(0, place.nameSize), text.substr(place.nameSize, place.valueSize)};
    }
    [[nodiscard]] Field at(std::size_t index) const { return at(m_places[index]); }

    std::string m_text;
    std::vector<Place> m_places;
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
