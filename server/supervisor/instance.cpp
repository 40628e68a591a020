// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "supervisor/instance.h"

#include "base/files.h"
#include "base/json.h"
#include "base/random.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace clawloops::supervisor {

namespace fs = std::filesystem;

namespace {
constexpr const char* markerName = ".clawloops";

std::variant<std::string, Refusal> readMarker(const fs::path& file) {
    const auto text = readFile(file);
    if (!text)
        return Refusal{machineRefuses, text.error().message};
    const auto object = parseObject(*text);
    const json::value* instance = object ? object->if_contains("instance") : nullptr;
    if (!instance || !instance->is_string() || instance->get_string().size() != 8)
        return Refusal{notOurs, file.string() + " is damaged: put it back from a backup; it names the instance whose containers are ours."};
    return std::string(instance->get_string());
}

Refusal inUse(int lock, const fs::path& data) {
    char text[32] = "";
    const ssize_t got = ::pread(lock, text, sizeof text - 1, 0);
    std::string pid(text, got > 0 ? static_cast<std::size_t>(got) : 0);
    pid = pid.substr(0, pid.find('\n'));
    return {notOurs, data.string() + " is already in use by the supervisor with process id " + (pid.empty() ? "unknown" : pid) +
                         ": stop that one first (clawloops-supervisor stop), or set paths.data to another directory."};
}
}

std::optional<Refusal> lookAtDataDirectory(const fs::path& data) {
    struct stat facts {};
    if (::lstat(data.c_str(), &facts) != 0) {
        if (errno == ENOENT)
            return std::nullopt;
        return Refusal{machineRefuses, "Could not look at " + data.string() + ": " + systemReason(errno) + "."};
    }
    if (!S_ISDIR(facts.st_mode))
        return Refusal{notOurs, data.string() + " is a symbolic link or no directory: name the real directory in paths.data."};
    std::error_code problem;
    if (fs::exists(data / markerName, problem))
        return std::nullopt;
    for (const auto& entry : fs::directory_iterator(data, problem)) {
        // What an administrator may have laid there before the first start, and what an interrupted first start leaves.
        const std::string name = entry.path().filename().string();
        if (name != "clawloops.conf" && name != "lock" && name != "log" && name != "lost+found" && !name.starts_with(markerName))
            return Refusal{notOurs, data.string() + " is not empty and is not a data directory of ClawLoops (it holds " + name +
                                        "): name an empty or a new directory in paths.data."};
    }
    if (problem)
        return Refusal{machineRefuses, "Could not read " + data.string() + ": " + problem.message() + "."};
    return std::nullopt;
}

std::variant<Instance, Refusal> Instance::claim(const fs::path& data, std::string_view version) {
    if (auto refusal = lookAtDataDirectory(data))
        return *refusal;
    std::error_code problem;
    fs::create_directories(data, problem);
    if (problem)
        return Refusal{machineRefuses, "Could not make the data directory " + data.string() + ": " + problem.message() + "."};
    const int lock = ::open((data / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (lock < 0)
        return Refusal{machineRefuses, "Could not write in the data directory " + data.string() + ": " + systemReason(errno) +
                                           "; start as its owner, or set paths.data to a directory of your own."};
    if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
        Refusal refusal = inUse(lock, data);
        ::close(lock);
        return refusal;
    }
    Instance instance({}, lock);
    const std::string pid = std::to_string(::getpid()) + "\n";
    if (::ftruncate(lock, 0) != 0 || ::pwrite(lock, pid.data(), pid.size(), 0) < 0)
        return Refusal{machineRefuses, "Could not write " + (data / "lock").string() + ": " + systemReason(errno) + "."};
    if (!fs::exists(data / markerName, problem)) {
        const json::object marker{{"instance", randomHex(8)}, {"version", version}};
        if (Status done = writeFileAtomically(data / markerName, json::serialize(marker) + "\n", 0644); !done)
            return Refusal{machineRefuses, done.error().message};
    }
    auto marker = readMarker(data / markerName);
    if (auto* refusal = std::get_if<Refusal>(&marker))
        return *refusal;
    instance.m_id = std::get<std::string>(marker);
    return instance;
}

Instance::~Instance() {
    if (m_lock >= 0)
        ::close(m_lock);
}

} // namespace clawloops::supervisor
