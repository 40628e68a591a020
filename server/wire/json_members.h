// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/api_types.h"

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

// How a type of the HTTP API becomes JSON and comes back. Each names its members once, in a function beside it,
//     template <class V> void list(V& v, User& u) { v("userId", u.userId); … }
// which the writer and the reader below walk. Reading is tolerant of members that a newer server adds.
namespace clawloops::wire::detail {

template <class T> struct isOptional : std::false_type {};
template <class T> struct isOptional<std::optional<T>> : std::true_type {};
template <class T> struct isVector : std::false_type {};
template <class T> struct isVector<std::vector<T>> : std::true_type {};

class MemberWriter {
public:
    template <class T> void operator()(std::string_view name, const T& value) { m_object[name] = write(value); }
    template <class T> void flat(const T& value) { list(*this, const_cast<T&>(value)); }
    void constant(std::string_view name, json::object value) { m_object[name] = std::move(value); }
    json::object take() { return std::move(m_object); }

private:
    template <class T> json::value write(const T& value) {
        if constexpr (isOptional<T>::value) {
            return value ? write(*value) : json::value(nullptr);
        } else if constexpr (isVector<T>::value) {
            json::array items;
            for (const auto& item : value)
                items.emplace_back(write(item));
            return items;
        } else if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, std::string> || std::is_same_v<T, json::object>) {
            return json::value(value);
        } else {
            MemberWriter inner;
            inner.flat(value);
            return inner.take();
        }
    }
    json::object m_object;
};

class MemberReader {
public:
    MemberReader(const json::object& object, std::string& problem) : m_object(object), m_problem(problem) {}
    template <class T> void operator()(std::string_view name, T& value) {
        const json::value* found = m_object.if_contains(name);
        if (!found && !isOptional<T>::value)
            fail(name, "is missing");
        else if (found && !read(*found, value))
            fail(name, "has the wrong type");
    }
    template <class T> void flat(T& value) { list(*this, value); }
    void constant(std::string_view, const json::object&) {}

private:
    template <class T> bool read(const json::value& from, T& to) {
        if constexpr (isOptional<T>::value) {
            if (from.is_null()) {
                to.reset();
                return true;
            }
            return read(from, to.emplace());
        } else if constexpr (isVector<T>::value) {
            if (!from.is_array())
                return false;
            to.clear();
            for (const json::value& item : from.get_array())
                if (!read(item, to.emplace_back()))
                    return false;
            return true;
        } else if constexpr (std::is_same_v<T, bool>) {
            return from.is_bool() && (to = from.get_bool(), true);
        } else if constexpr (std::is_same_v<T, std::string>) {
            return from.is_string() && (to = std::string(from.get_string()), true);
        } else if constexpr (std::is_same_v<T, json::object>) {
            return from.is_object() && (to = from.get_object(), true);
        } else if constexpr (std::is_integral_v<T>) {
            return from.is_int64() && (to = from.get_int64(), true);
        } else {
            if (!from.is_object())
                return false;
            MemberReader inner(from.get_object(), m_problem);
            inner.flat(to);
            return true;
        }
    }
    void fail(std::string_view name, std::string_view what) {
        if (m_problem.empty())
            m_problem = "\"" + std::string(name) + "\" " + std::string(what);
    }
    const json::object& m_object;
    std::string& m_problem;
};

template <class T> json::object writeMembers(const T& value) {
    MemberWriter writer;
    writer.flat(value);
    return writer.take();
}

template <class T> Result<T> readMembers(const json::object& object) {
    T value;
    std::string problem;
    MemberReader(object, problem).flat(value);
    if (!problem.empty())
        return Error{ErrorCode::Internal, "The server's answer is not what its description says: " + problem + ".", {}};
    return value;
}

} // namespace clawloops::wire::detail

namespace clawloops::wire {
template <class T> Result<T> fromJson(const json::object& object) { return detail::readMembers<T>(object); }
} // namespace clawloops::wire

// Defines toJson and fromJson of a type of clawloops::wire, in that namespace.
#define CLAWLOOPS_API_TYPE(T)                                                                                          \
    json::object toJson(const T& value) { return detail::writeMembers(value); }                                        \
    template Result<T> fromJson<T>(const json::object&)
