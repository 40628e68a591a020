// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

namespace clawloops {

class Secret;

// One JSON object a line on stderr: at, level, program, module, msg, rid and flat fields. Callable from any thread; a line
// is written by one write(2). A Secret does not convert to a LogValue, and must not: the deleted constructor says so.
// A LogValue only looks at its text: it is good for the call that it is written in.
class LogValue {
public:
    LogValue(std::string_view text) : m_value(text) {}
    LogValue(const std::string& text) : m_value(std::string_view(text)) {}
    LogValue(const char* text) : m_value(std::string_view(text)) {}
    LogValue(bool flag) : m_value(flag) {}
    LogValue(double number) : m_value(number) {}
    template <class T>
        requires(std::is_integral_v<T> && !std::is_same_v<T, bool>)
    LogValue(T number) : m_value(static_cast<std::int64_t>(number)) {}
    LogValue(const Secret&) = delete;

    [[nodiscard]] const std::variant<std::string_view, std::int64_t, double, bool>& value() const { return m_value; }

private:
    std::variant<std::string_view, std::int64_t, double, bool> m_value;
};

struct LogField {
    std::string_view name;
    LogValue value;
};
using LogFields = std::initializer_list<LogField>;

// One per module, as a constant: `constexpr Log log("relay");`
class Log {
public:
    constexpr explicit Log(std::string_view module) : m_module(module) {}
    void debug(std::string_view message, std::string_view rid = {}, LogFields fields = {}) const;
    void info(std::string_view message, std::string_view rid = {}, LogFields fields = {}) const;
    void warning(std::string_view message, std::string_view rid = {}, LogFields fields = {}) const;
    void error(std::string_view message, std::string_view rid = {}, LogFields fields = {}) const;

private:
    void write(std::string_view level, std::string_view message, std::string_view rid, LogFields fields) const;
    std::string_view m_module;
};

void setLogProgram(std::string_view name); // once, first thing in main()
void setLogDebug(bool on); // default off
void setLogSink(std::function<void(std::string_view line)> sink); // for tests; empty puts stderr back

} // namespace clawloops
