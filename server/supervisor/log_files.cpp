// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "supervisor/log_files.h"

#include "base/json.h"
#include "base/log.h"

#include <algorithm>
#include <fstream>

namespace clawloops::supervisor {

namespace fs = std::filesystem;

namespace {
constexpr Log logger("logs");
constexpr std::uint64_t mostRead = 64u << 20;
constexpr std::size_t mostLines = 500;

// Positioned on the first whole line of the last `most` bytes.
std::ifstream openTail(const fs::path& file, std::uint64_t most) {
    std::ifstream in(file, std::ios::binary);
    std::error_code problem;
    const auto size = fs::file_size(file, problem);
    if (!problem && size > most) {
        in.seekg(static_cast<std::streamoff>(size - most));
        std::string cut;
        std::getline(in, cut);
    }
    return in;
}

bool carries(const std::string& line, std::string_view component, std::string_view requestId) {
    if (line.find(requestId) == std::string::npos)
        return false;
    if (component != "traefik")
        return true;
    return line.find("\"downstream_X-Request-Id\":\"" + std::string(requestId) + "\"") != std::string::npos;
}
}

std::string lastLine(const fs::path& log) {
    std::ifstream in = openTail(log, 8192);
    std::string last;
    for (std::string line; std::getline(in, line);)
        if (line.find_first_not_of(" \t\r") != std::string::npos)
            last = line;
    if (last.starts_with('{'))
        if (const auto object = parseObject(last))
            for (const char* name : {"msg", "message", "error"})
                if (const json::value* text = object->if_contains(name); text && text->is_string()) {
                    last = std::string(text->get_string());
                    break;
                }
    return last.substr(0, 300);
}

std::vector<FoundLine> findInLogs(const fs::path& directory, std::string_view requestId) {
    std::vector<fs::path> files;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(directory, ignored))
        if (entry.is_regular_file(ignored))
            files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    std::vector<FoundLine> found;
    for (const fs::path& file : files) {
        const std::string name = file.filename().string();
        const std::string component = name.substr(0, name.find(".log"));
        std::ifstream in = openTail(file, mostRead);
        for (std::string line; found.size() < mostLines && std::getline(in, line);)
            if (carries(line, component, requestId))
                found.push_back({component, line.substr(0, 16384)});
    }
    return found;
}

void rotateLogs(const fs::path& directory, std::uint64_t limit) {
    std::error_code problem;
    for (const auto& entry : fs::directory_iterator(directory, problem)) {
        if (!entry.is_regular_file(problem) || entry.path().extension() != ".log" || entry.file_size(problem) <= limit)
            continue;
        fs::copy_file(entry.path(), entry.path().string() + ".1", fs::copy_options::overwrite_existing, problem);
        if (!problem)
            fs::resize_file(entry.path(), 0, problem);
        logger.info("log put aside", {}, {{"file", entry.path().filename().string()}, {"done", !problem}});
    }
}

} // namespace clawloops::supervisor
