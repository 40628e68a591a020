// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "stream/coroutine.h"

#include <string_view>
#include <utility>

// The streaming core of the two data planes: HTTP/1.1 and raw tunnels over TLS and unix sockets, one io_context, one thread.
// Nothing here is thread safe; everything is called on the io_context's thread.
namespace clawloops::stream {

// Why a connection operation did not give what was asked for.
enum class Fault {
    None,
    Gone, // the other side closed, cleanly and between messages, or reset
    Truncated, // it closed in the middle of a message
    TimedOut, // a deadline passed
    Malformed, // it does not speak HTTP/1.1 as we accept it
    TooLarge, // over a head or body limit
    Refused, // cannot connect, or not the peer that it should be
    Cut, // closed on our side: cut(), close(), shutdown
};
[[nodiscard]] std::string_view faultName(Fault fault); // "timed out"

// A value or a Fault. The value is default-constructed when there is a fault.
template <class T> struct [[nodiscard]] Outcome {
    T value{};
    Fault fault = Fault::None;

    Outcome() = default;
    Outcome(T v) : value(std::move(v)) {}
    Outcome(Fault f) : fault(f) {}
    [[nodiscard]] bool ok() const { return fault == Fault::None; }
    explicit operator bool() const { return ok(); }
    T& operator*() { return value; }
    const T& operator*() const { return value; }
    T* operator->() { return &value; }
};
template <> struct [[nodiscard]] Outcome<void> {
    Fault fault = Fault::None;

    Outcome() = default;
    Outcome(Fault f) : fault(f) {}
    [[nodiscard]] bool ok() const { return fault == Fault::None; }
    explicit operator bool() const { return ok(); }
};
using Done = Outcome<void>;

} // namespace clawloops::stream
