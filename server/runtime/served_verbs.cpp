// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/control_server.h"
#include "runtime/cell_policy.h"
#include "runtime/runtime_service.h"

// RuntimeService::serve(): arguments in, answers out. Nothing is decided here.
namespace clawloops::runtime {

namespace {

using Answer = ControlServer::Answer;

// Answers {} for a verb that has nothing to say.
std::function<void(Status)> plainly(Answer answer) {
    return [answer = std::move(answer)](Status status) {
        answer(status ? Result<json::object>(json::object()) : Result<json::object>(status.error()));
    };
}

template <class T> std::function<void(Result<T>)> asJson(Answer answer) {
    return [answer = std::move(answer)](Result<T> result) {
        answer(result ? Result<json::object>(toJson(*result)) : Result<json::object>(result.error()));
    };
}

// A handler that parses first and answers with the parser's refusal by itself.
template <class Args>
ControlServer::Handler verb(Result<Args> (*parse)(const json::object&), std::function<void(Args, Answer)> act) {
    return [parse, act = std::move(act)](const json::object& object, const std::string&, Answer answer) {
        auto args = parse(object);
        if (!args)
            return answer(args.error());
        act(std::move(*args), std::move(answer));
    };
}

struct NoArgs {};
Result<NoArgs> parseNoArgs(const json::object& object) {
    ObjectReader reader(object);
    if (auto status = reader.finish(); !status)
        return status.error();
    return NoArgs();
}

constexpr std::int64_t mostLines = 1000;

}

void RuntimeService::serve(ControlServer& server) {
    server.handle("engine.info", verb<NoArgs>(parseNoArgs, [this](NoArgs, Answer answer) {
                      m_engine.info(this, asJson<EngineInfo>(std::move(answer)));
                  }));
    server.handle("cell.prepare", verb<PrepareArgs>(parsePrepareArgs, [this](PrepareArgs args, Answer answer) {
                      prepare(args, plainly(std::move(answer)));
                  }));
    server.handle("cell.start", verb<StartArgs>(parseStartArgs, [this](StartArgs args, Answer answer) {
                      start(args, asJson<Started>(std::move(answer)));
                  }));
    server.handle("cell.stop", verb<CellArgs>(parseCellArgs, [this](CellArgs args, Answer answer) {
                      stop(args.cellId, plainly(std::move(answer)));
                  }));
    server.handle("cell.remove", verb<RemoveArgs>(parseRemoveArgs, [this](RemoveArgs args, Answer answer) {
                      remove(args, plainly(std::move(answer)));
                  }));
    server.handle("cell.probe", verb<CellArgs>(parseCellArgs, [this](CellArgs args, Answer answer) {
                      probe(args.cellId, asJson<Probe>(std::move(answer)));
                  }));
    server.handle("cell.list", verb<NoArgs>(parseNoArgs, [this](NoArgs, Answer answer) {
                      m_engine.list(this, [this, answer = std::move(answer)](Result<std::vector<ListedCell>> listed) {
                          if (!listed)
                              return answer(listed.error());
                          std::vector<Cell> cells;
                          for (ListedCell& one : *listed) {
                              if (const auto why = m_endedBecause.find(one.cell.cellId); why != m_endedBecause.end() && one.cell.state == "exited")
                                  one.cell.endedBecause = why->second;
                              cells.push_back(std::move(one.cell));
                          }
                          answer(toJson(cells));
                      });
                  }));
    server.handle("cell.logs", verb<LogsArgs>(parseLogsArgs, [this](LogsArgs args, Answer answer) {
                      if (const Status status = checkCellId(args.cellId); !status)
                          return answer(status.error());
                      if (args.lines < 1 || args.lines > mostLines)
                          return answer(Error{ErrorCode::InvalidRequest, "\"lines\" must lie between 1 and 1000.", {}});
                      m_engine.logs(args.cellId, args.lines, this,
                                    [answer = std::move(answer)](Result<std::vector<std::string>> lines) {
                                        answer(lines ? Result<json::object>(linesToJson(*lines)) : Result<json::object>(lines.error()));
                                    });
                  }));
    server.handle("disk.status", verb<NoArgs>(parseNoArgs, [this](NoArgs, Answer answer) { answer(toJson(m_disk.disk())); }));
    connect(&m_disk, &DiskWatch::changed, this, [this, &server] { server.broadcast("disk", toJson(m_disk.disk())); });
    server.handle("image.ensure", verb<ImageArgs>(parseImageArgs, [this](ImageArgs args, Answer answer) {
                      if (const Status status = checkImage(args.image, m_site); !status)
                          return answer(status.error());
                      m_engine.ensureImage(args.image, this, [answer = std::move(answer)](Result<std::string> id) {
                          answer(id ? Result<json::object>(imageToJson(*id)) : Result<json::object>(id.error()));
                      });
                  }));
    connect(&m_engine, &PodmanEngine::cellChanged, this,
            [&server](const CellEvent& event) { server.broadcast("cell", toJson(event)); });
}

} // namespace clawloops::runtime
