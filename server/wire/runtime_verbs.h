// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/json.h"
#include "base/result.h"
#include "base/secret.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What the runtime manager (clawloops-runtimed) is asked and answers: the verbs of resources/docs/internals.md as values. The
// control plane writes arguments and reads answers, the runtime manager the other way round; both through these
// functions, so the two cannot drift apart. parse…() names the member that is missing, mistyped or unknown.
namespace clawloops::runtime {

struct EngineInfo { // engine.info
    std::string engine; // "podman"
    std::string version;
    bool rootless = false;
    std::string ociRuntime; // "runc", "crun"; empty: the engine's own choice
    bool canPause = false;
    bool canLimit = false; // memory, CPU and process limits
};

struct CellArgs { // cell.stop, cell.probe
    std::string cellId;
};

struct PrepareArgs { // cell.prepare
    std::string cellId;
    std::int64_t slot = 0; // which range of ids is the cell's; never used by two cells at a time
};

struct CellModel {
    std::string name; // the route's public name, as the gateway knows it
    std::string title;
    bool operator==(const CellModel&) const = default;
};

struct CellLimits { // 0: no limit
    std::int64_t memoryBytes = 0;
    double cpus = 0;
    std::int64_t pids = 0;
    bool operator==(const CellLimits&) const = default;
};

struct StartArgs { // cell.start
    std::string cellId;
    std::int64_t slot = 0;
    std::string username;
    std::string image;
    Secret token; // what the cell says to the model gateway
    std::vector<CellModel> models;
    std::string defaultModel; // the name of one of `models`; empty when there are none
    std::vector<std::string> origins; // "https://host:port", the workspace's as browsers see it
    CellLimits limits;
    bool smallPrompt = false;
};

struct Started {
    std::string spec; // hash of everything but the token
    bool started = false; // false: it was running with this very spec
};

struct RemoveArgs { // cell.remove
    std::string cellId;
    bool wipe = false;
};

struct LogsArgs { // cell.logs
    std::string cellId;
    std::int64_t lines = 0;
};

struct Cell { // an element of cell.list
    std::string cellId;
    std::string state; // created running paused exited
    std::string spec;
    std::string startedAt; // RFC 3339; empty: never
    std::int64_t pid = 0; // 0: none
    std::optional<std::int64_t> exitCode; // exited only
    std::string image;
    std::string endedBecause; // a sentence, when the runtime manager ended it of its own accord
};

struct CellEvent { // event `cell`; wakes, is no truth
    std::string cellId;
    std::string state; // one of Cell's, or "removed"
    std::optional<std::int64_t> exitCode;
};

struct Probe { // cell.probe
    bool live = false; // OpenClaw answers
    bool ready = false; // and says it is ready
    std::string detail; // why not, for a log or a progress line
};

struct Disk { // disk.status, and event `disk` when `low` changes: the file system that holds the cells
    std::int64_t freeBytes = 0;
    std::int64_t reserveBytes = 0; // 0: nobody watches
    bool low = false; // no cell is started
    std::string sentence; // for people, while low
};

struct ImageArgs { // image.ensure
    std::string image;
};

inline constexpr int exitInvalidConfiguration = 78; // OpenClaw's own; starting again changes nothing

[[nodiscard]] json::object toJson(const EngineInfo& value);
[[nodiscard]] json::object toJson(const CellArgs& value);
[[nodiscard]] json::object toJson(const PrepareArgs& value);
[[nodiscard]] json::object toJson(const StartArgs& value); // reveals the token: for the control socket only
[[nodiscard]] json::object toJson(const Started& value);
[[nodiscard]] json::object toJson(const RemoveArgs& value);
[[nodiscard]] json::object toJson(const LogsArgs& value);
[[nodiscard]] json::object toJson(const Cell& value);
[[nodiscard]] json::object toJson(const std::vector<Cell>& cells); // {"cells":[…]}
[[nodiscard]] json::object toJson(const CellEvent& value);
[[nodiscard]] json::object toJson(const Probe& value);
[[nodiscard]] json::object toJson(const Disk& value);
[[nodiscard]] json::object toJson(const ImageArgs& value);
[[nodiscard]] json::object linesToJson(const std::vector<std::string>& lines); // {"lines":[…]}
[[nodiscard]] json::object imageToJson(std::string_view id); // {"id":…}

[[nodiscard]] Result<EngineInfo> parseEngineInfo(const json::object& object);
[[nodiscard]] Result<CellArgs> parseCellArgs(const json::object& object);
[[nodiscard]] Result<PrepareArgs> parsePrepareArgs(const json::object& object);
[[nodiscard]] Result<StartArgs> parseStartArgs(const json::object& object);
[[nodiscard]] Result<Started> parseStarted(const json::object& object);
[[nodiscard]] Result<RemoveArgs> parseRemoveArgs(const json::object& object);
[[nodiscard]] Result<LogsArgs> parseLogsArgs(const json::object& object);
[[nodiscard]] Result<std::vector<Cell>> parseCells(const json::object& object);
[[nodiscard]] Result<CellEvent> parseCellEvent(const json::object& object);
[[nodiscard]] Result<Probe> parseProbe(const json::object& object);
[[nodiscard]] Result<Disk> parseDisk(const json::object& object);
[[nodiscard]] Result<ImageArgs> parseImageArgs(const json::object& object);
[[nodiscard]] Result<std::vector<std::string>> parseLines(const json::object& object);
[[nodiscard]] Result<std::string> parseImage(const json::object& object);

} // namespace clawloops::runtime
