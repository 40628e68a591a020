// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/log.h"

#include "base/clock.h"
#include "base/json_line.h"

#include <atomic>
#include <mutex>
#include <unistd.h>

namespace clawloops {

namespace {
std::string program = "clawloops";
std::atomic<bool> debugOn = false;
std::mutex sinkMutex;
std::function<void(std::string_view)> sink;
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
    JsonLine line(text);
    line.member("at", toRfc3339(std::chrono::system_clock::now()));
    line.member("level", level);
    line.member("program", program);
    line.member("module", m_module);
    line.member("msg", message);
    if (!rid.empty())
        line.member("rid", rid);
    for (const LogField& field : fields)
        std::visit([&](const auto& value) { line.member(field.name, value); }, field.value.value());
    line.end();
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
