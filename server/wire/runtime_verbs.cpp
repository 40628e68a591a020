// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/runtime_verbs.h"

namespace clawloops::runtime {

namespace {

template <class T> Result<T> finished(ObjectReader& reader, T value) {
    if (auto status = reader.finish(); !status)
        return status.error();
    return value;
}

// null and absent are both "none"
std::optional<std::int64_t> optionalInteger(ObjectReader& reader, const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    if (!value || value->is_null()) {
        reader.allow(name);
        return std::nullopt;
    }
    return reader.integer(name);
}

json::value orNull(const std::optional<std::int64_t>& value) {
    return value ? json::value(*value) : json::value(nullptr);
}

std::vector<std::string> texts(ObjectReader& reader, std::string_view name) {
    std::vector<std::string> result;
    for (const json::value& item : reader.array(name)) {
        if (!item.is_string()) {
            reader.fail("\"" + std::string(name) + "\" must be a list of texts.");
            break;
        }
        result.emplace_back(item.get_string());
    }
    return result;
}

Cell readCell(ObjectReader& reader, const json::object& object) {
    Cell cell;
    cell.cellId = reader.text("cellId");
    cell.state = reader.text("state");
    cell.spec = reader.text("spec");
    cell.startedAt = reader.text("startedAt");
    cell.pid = reader.integer("pid");
    cell.exitCode = optionalInteger(reader, object, "exitCode");
    cell.image = reader.text("image");
    cell.endedBecause = reader.textOr("endedBecause", {});
    return cell;
}

} // namespace

json::object toJson(const EngineInfo& value) {
    return {{"engine", value.engine},         {"version", value.version},   {"rootless", value.rootless},
            {"ociRuntime", value.ociRuntime}, {"canPause", value.canPause}, {"canLimit", value.canLimit}};
}

Result<EngineInfo> parseEngineInfo(const json::object& object) {
    ObjectReader reader(object, "engine.info");
    EngineInfo value;
    value.engine = reader.text("engine");
    value.version = reader.text("version");
    value.rootless = reader.flag("rootless");
    value.ociRuntime = reader.text("ociRuntime");
    value.canPause = reader.flag("canPause");
    value.canLimit = reader.flag("canLimit");
    return finished(reader, std::move(value));
}

json::object toJson(const CellArgs& value) { return {{"cellId", value.cellId}}; }

Result<CellArgs> parseCellArgs(const json::object& object) {
    ObjectReader reader(object);
    CellArgs value{reader.text("cellId")};
    return finished(reader, std::move(value));
}

json::object toJson(const PrepareArgs& value) { return {{"cellId", value.cellId}, {"slot", value.slot}}; }

Result<PrepareArgs> parsePrepareArgs(const json::object& object) {
    ObjectReader reader(object, "cell.prepare");
    PrepareArgs value;
    value.cellId = reader.text("cellId");
    value.slot = reader.integer("slot");
    return finished(reader, std::move(value));
}

json::object toJson(const StartArgs& value) {
    json::array models;
    for (const CellModel& model : value.models)
        models.push_back(json::object{{"name", model.name}, {"title", model.title}});
    json::array origins(value.origins.begin(), value.origins.end());
    return {{"cellId", value.cellId},
            {"slot", value.slot},
            {"username", value.username},
            {"image", value.image},
            {"token", std::string(value.token.reveal())},
            {"models", std::move(models)},
            {"defaultModel", value.defaultModel},
            {"origins", std::move(origins)},
            {"limits",
             json::object{{"memoryBytes", value.limits.memoryBytes}, {"cpus", value.limits.cpus}, {"pids", value.limits.pids}}},
            {"smallPrompt", value.smallPrompt}};
}

Result<StartArgs> parseStartArgs(const json::object& object) {
    ObjectReader reader(object, "cell.start");
    StartArgs value;
    value.cellId = reader.text("cellId");
    value.slot = reader.integer("slot");
    value.username = reader.text("username");
    value.image = reader.text("image");
    value.token = Secret(reader.text("token"));
    for (const json::value& item : reader.array("models")) {
        if (!item.is_object()) {
            reader.fail("\"models\" must be a list of objects.");
            break;
        }
        ObjectReader model(item.get_object(), "models");
        value.models.push_back({model.text("name"), model.text("title")});
        if (auto status = model.finish(); !status)
            return status.error();
    }
    value.defaultModel = reader.text("defaultModel");
    value.origins = texts(reader, "origins");
    ObjectReader limits(reader.object("limits"), "limits");
    value.limits.memoryBytes = limits.integerOr("memoryBytes", 0);
    value.limits.cpus = limits.numberOr("cpus", 0);
    value.limits.pids = limits.integerOr("pids", 0);
    if (auto status = limits.finish(); !status)
        return status.error();
    value.smallPrompt = reader.flag("smallPrompt");
    return finished(reader, std::move(value));
}

json::object toJson(const Started& value) { return {{"spec", value.spec}, {"started", value.started}}; }

Result<Started> parseStarted(const json::object& object) {
    ObjectReader reader(object, "cell.start's answer");
    Started value;
    value.spec = reader.text("spec");
    value.started = reader.flag("started");
    return finished(reader, std::move(value));
}

json::object toJson(const RemoveArgs& value) { return {{"cellId", value.cellId}, {"wipe", value.wipe}}; }

Result<RemoveArgs> parseRemoveArgs(const json::object& object) {
    ObjectReader reader(object, "cell.remove");
    RemoveArgs value;
    value.cellId = reader.text("cellId");
    value.wipe = reader.flag("wipe");
    return finished(reader, std::move(value));
}

json::object toJson(const LogsArgs& value) { return {{"cellId", value.cellId}, {"lines", value.lines}}; }

Result<LogsArgs> parseLogsArgs(const json::object& object) {
    ObjectReader reader(object, "cell.logs");
    LogsArgs value;
    value.cellId = reader.text("cellId");
    value.lines = reader.integer("lines");
    return finished(reader, std::move(value));
}

json::object toJson(const Cell& value) {
    return {{"cellId", value.cellId},       {"state", value.state}, {"spec", value.spec},
            {"startedAt", value.startedAt}, {"pid", value.pid},     {"exitCode", orNull(value.exitCode)},
            {"image", value.image},         {"endedBecause", value.endedBecause}};
}

json::object toJson(const std::vector<Cell>& cells) {
    json::array list;
    for (const Cell& cell : cells)
        list.push_back(toJson(cell));
    return {{"cells", std::move(list)}};
}

Result<std::vector<Cell>> parseCells(const json::object& object) {
    ObjectReader reader(object, "cell.list's answer");
    std::vector<Cell> cells;
    for (const json::value& item : reader.array("cells")) {
        if (!item.is_object()) {
            reader.fail("\"cells\" must be a list of objects.");
            break;
        }
        ObjectReader cell(item.get_object(), "cells");
        cells.push_back(readCell(cell, item.get_object()));
        if (auto status = cell.finish(); !status)
            return status.error();
    }
    return finished(reader, std::move(cells));
}

json::object toJson(const CellEvent& value) {
    return {{"cellId", value.cellId}, {"state", value.state}, {"exitCode", orNull(value.exitCode)}};
}

Result<CellEvent> parseCellEvent(const json::object& object) {
    ObjectReader reader(object, "event cell");
    CellEvent value;
    value.cellId = reader.text("cellId");
    value.state = reader.text("state");
    value.exitCode = optionalInteger(reader, object, "exitCode");
    return finished(reader, std::move(value));
}

json::object toJson(const Probe& value) {
    return {{"live", value.live}, {"ready", value.ready}, {"detail", value.detail}};
}

Result<Probe> parseProbe(const json::object& object) {
    ObjectReader reader(object, "cell.probe's answer");
    Probe value;
    value.live = reader.flag("live");
    value.ready = reader.flag("ready");
    value.detail = reader.text("detail");
    return finished(reader, std::move(value));
}

json::object toJson(const Disk& value) {
    return {{"freeBytes", value.freeBytes}, {"reserveBytes", value.reserveBytes}, {"low", value.low}, {"sentence", value.sentence}};
}

Result<Disk> parseDisk(const json::object& object) {
    ObjectReader reader(object, "disk.status's answer");
    Disk value;
    value.freeBytes = reader.integer("freeBytes");
    value.reserveBytes = reader.integer("reserveBytes");
    value.low = reader.flag("low");
    value.sentence = reader.text("sentence");
    return finished(reader, std::move(value));
}

json::object toJson(const ImageArgs& value) { return {{"image", value.image}}; }

Result<ImageArgs> parseImageArgs(const json::object& object) {
    ObjectReader reader(object, "image.ensure");
    ImageArgs value{reader.text("image")};
    return finished(reader, std::move(value));
}

json::object linesToJson(const std::vector<std::string>& lines) {
    return {{"lines", json::array(lines.begin(), lines.end())}};
}

Result<std::vector<std::string>> parseLines(const json::object& object) {
    ObjectReader reader(object, "cell.logs's answer");
    auto lines = texts(reader, "lines");
    return finished(reader, std::move(lines));
}

json::object imageToJson(std::string_view id) { return {{"id", id}}; }

Result<std::string> parseImage(const json::object& object) {
    ObjectReader reader(object, "image.ensure's answer");
    auto id = reader.text("id");
    return finished(reader, std::move(id));
}

} // namespace clawloops::runtime
