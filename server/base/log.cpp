// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/log.h"

#include "base/clock.h"
#include "base/json.h"

#include <atomic>
#include <charconv>
#include <mutex>
#include <unistd.h>

namespace clawloops {

namespace {
std::string program = "clawloops";
std::atomic<bool> debugOn = false;
std::mutex sinkMutex;
std::function<void(std::string_view)> sink;

void append(std::string& out, std::string_view text) {
    constexpr std::string_view hex = "0123456789abcdef";
    out += '"';
    std::size_t clean = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto code = static_cast<unsigned char>(text[i]);
        if (code >= 0x20 && code != '"' && code != '\\')
            continue;
        out += text.substr(clean, i - clean);
        clean = i + 1;
        out += '\\';
        if (code >= 0x20)
            out += text[i];
        else if (code == '\n')
            out += 'n';
        else
            out.append({'u', '0', '0', hex[code >> 4], hex[code & 15]});
    }
    out += text.substr(clean);
    out += '"';
}

void append(std::string& out, std::int64_t number) {
    char digits[24];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

void append(std::string& out, bool flag) { out += flag ? "true" : "false"; }
void append(std::string& out, double number) { out += boost::json::serialize(boost::json::value(number)); }

template <class T> void appendMember(std::string& out, std::string_view name, const T& value) {
    out += out.empty() ? '{' : ',';
    append(out, name);
    out += ':';
    append(out, value);
}
}

void setLogProgram(std::string_view name) { program = name; }
void setLogDebug(bool on) { debugOn = on; }
void setLogSink(std::function<void(std::string_view)> to) {
    const std::lock_guard guard(sinkMutex);
    sink = std::move(to);
}

void Log::debug(std::string_view message, std::string_view rid, LogFields fields) const {
    if (debugOn)
        write("debug", message, rid, fields);
}
void Log::info(std::string_view message, std::string_view rid, LogFields fields) const {
    write("info", message, rid, fields);
}
void Log::warning(std::string_view message, std::string_view rid, LogFields fields) const {
    write("warning", message, rid, fields);
}
void Log::error(std::string_view message, std::string_view rid, LogFields fields) const {
    write("error", message, rid, fields);
}

void Log::write(std::string_view level, std::string_view message, std::string_view rid, LogFields fields) const {
    // Kept for the next line: a busy program writes thousands a second.
    thread_local std::string text;
    text.clear();
    appendMember(text, "at", std::string_view(toRfc3339(std::chrono::system_clock::now())));
    appendMember(text, "level", level);
    appendMember(text, "program", std::string_view(program));
    appendMember(text, "module", m_module);
    appendMember(text, "msg", message);
    if (!rid.empty())
        appendMember(text, "rid", rid);
    for (const LogField& field : fields)
        std::visit([&](const auto& value) { appendMember(text, field.name, value); }, field.value.value());
    text += '}';
    {
        const std::lock_guard guard(sinkMutex);
        if (sink) {
            sink(text);
            return;
        }
    }
    text += '\n';
    // A log that cannot be written must not stop the program.
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text.data(), text.size());
}

} // namespace clawloops
