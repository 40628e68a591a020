// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/runtime_service.h"

#include "base/log.h"
#include "runtime/cell_policy.h"
#include "runtime/cell_probe.h"
#include "runtime/openclaw_config.h"

#include <algorithm>
#include <memory>

namespace clawloops::runtime {

namespace {
constexpr Log logger("runtime");
constexpr int stopSeconds = RuntimeSpec().stopSeconds;
constexpr int diskSeconds = 5; // what fills the disk gets little more time for it
constexpr int removeSeconds = 5; // what is removed with its data has nothing to save
}

RuntimeService::RuntimeService(Site site, CellDirectories directories, PodmanEngine& engine, DiskWatch& disk, QObject* parent)
    : QObject(parent), m_site(std::move(site)), m_directories(std::move(directories)), m_engine(engine), m_disk(disk) {
    connect(&m_disk, &DiskWatch::growing, this, &RuntimeService::relieveDisk);
    connect(&m_disk, &DiskWatch::starving, this, [this] { relieveDisk({}); });
}

void RuntimeService::inTurn(const std::string& cellId, std::function<void(Done)> operation) {
    auto& turns = m_turns[cellId];
    turns.push_back(std::move(operation));
    if (turns.size() == 1)
        next(cellId);
}

void RuntimeService::next(const std::string& cellId) {
    const auto turns = m_turns.find(cellId);
    if (turns == m_turns.end())
        return;
    const auto operation = turns->second.front();
    operation([this, cellId] {
        auto& left = m_turns[cellId];
        left.pop_front();
        if (left.empty())
            m_turns.erase(cellId);
        else
            next(cellId);
    });
}

template <class T> RuntimeService::Callback<T> RuntimeService::ending(Done done, Callback<T> callback) {
    return [done = std::move(done), callback = std::move(callback)](Result<T> result) {
        callback(std::move(result));
        done();
    };
}

void RuntimeService::prepare(const PrepareArgs& args, Callback<void> callback) {
    for (const Status& status : {checkCellId(args.cellId), checkSlot(args.slot)})
        if (!status)
            return callback(status);
    inTurn(args.cellId, [this, args, callback = std::move(callback)](Done done) {
        callback(m_directories.prepare(args.cellId, args.slot));
        done();
    });
}

void RuntimeService::start(const StartArgs& args, Callback<Started> callback) {
    if (const Status status = checkArguments(args, m_site); !status)
        return callback(status.error());
    inTurn(args.cellId, [this, args, callback = std::move(callback)](Done done) {
        auto end = ending<Started>(std::move(done), callback);
        m_engine.info(this, [this, args, end](Result<EngineInfo> info) { // settles the plan before it is used
            if (!info)
                return end(info.error());
            m_engine.list(this, [this, args, end](Result<std::vector<ListedCell>> cells) {
                if (!cells)
                    return end(cells.error());
                startListed(args, *cells, end);
            });
        });
    });
}

void RuntimeService::startListed(const StartArgs& args, const std::vector<ListedCell>& cells, Callback<Started> callback) {
    const RuntimeSpec spec = planCell(args, m_site, m_engine.plan());
    if (const Status status = checkSpec(spec, m_site); !status) {
        logger.error("the policy refused a spec", {}, {{"cell", args.cellId}, {"why", status.error().message}});
        return callback(status.error());
    }
    const auto own = std::find_if(cells.begin(), cells.end(), [&](const auto& c) { return c.cell.cellId == args.cellId; });
    for (const ListedCell& other : cells)
        if (other.slot == args.slot && other.cell.cellId != args.cellId && !spec.rootless)
            return callback(Error{ErrorCode::RuntimeActionConflict, "Another cell holds this cell's range of user ids.",
                                  other.cell.cellId});
    const std::string hash = specHash(spec, m_engine.plan().ociRuntime, args);
    const auto fresh = [this, args, spec, hash, callback](bool replace) {
        if (const Status room = m_disk.admits(); !room)
            return callback(room.error());
        startFresh(args, spec, hash, replace, callback);
    };
    if (own == cells.end())
        return fresh(false);
    const bool same = own->cell.spec == hash;
    if (same && own->cell.state == "running")
        return callback(Started{hash, false});
    if (same && own->cell.state == "paused")
        return m_engine.unpause(args.cellId, this, [hash, callback](Status resumed) {
            if (!resumed)
                return callback(resumed.error());
            callback(Started{hash, false});
        });
    if (own->cell.state == "exited" || own->cell.state == "created")
        return fresh(true);
    // Its end is asked for with the full time to save its work.
    m_engine.remove(args.cellId, stopSeconds, this, [fresh, callback](Status removed) {
        if (!removed)
            return callback(removed.error());
        fresh(false);
    });
}

void RuntimeService::startFresh(const StartArgs& args, const RuntimeSpec& spec, const std::string& hash, bool replace,
                                Callback<Started> callback) {
    Status status = m_directories.prepare(args.cellId, args.slot);
    if (status)
        status = m_directories.writeConfig(args.cellId, args.slot, renderOpenclawConfig(args), args.token);
    if (!status)
        return callback(status.error());
    m_endedBecause.erase(args.cellId);
    auto command = podmanRun(spec, m_engine.plan().ociRuntime, hash);
    if (replace) // the container that ended: one call of podman less than removing it first
        command.insert(std::find(command.begin(), command.end(), "run") + 1, "--replace");
    m_engine.run(command, this,
                 [this, args, spec, hash, replace, cellId = args.cellId, callback](Status started) {
                     if (!started && replace) // podman's own clean-up may still hold it: remove() is patient
                         return m_engine.remove(cellId, stopSeconds, this, [this, args, spec, hash, callback](Status removed) {
                             if (!removed)
                                 return callback(removed.error());
                             startFresh(args, spec, hash, false, callback);
                         });
                     if (!started) {
                         logger.warning("a cell did not start", {}, {{"cell", cellId}, {"why", started.error().message}});
                         return callback(started.error());
                     }
                     logger.info("started a cell", {}, {{"cell", cellId}});
                     callback(Started{hash, true});
                 });
}

void RuntimeService::stop(const std::string& cellId, Callback<void> callback) {
    if (const Status status = checkCellId(cellId); !status)
        return callback(status);
    inTurn(cellId, [this, cellId, callback = std::move(callback)](Done done) {
        auto end = ending<void>(std::move(done), callback);
        m_engine.list(this, [this, cellId, end](Result<std::vector<ListedCell>> cells) {
            if (!cells)
                return end(cells.error());
            const auto own = std::find_if(cells->begin(), cells->end(), [&](const auto& c) { return c.cell.cellId == cellId; });
            const auto stopNow = [this, cellId, end](Status) { m_engine.stop(cellId, stopSeconds, this, end); };
            if (own == cells->end() || own->cell.state == "exited" || own->cell.state == "created")
                return end({});
            if (own->cell.state == "paused") // frozen, it could not save anything
                return m_engine.unpause(cellId, this, stopNow);
            stopNow({});
        });
    });
}

void RuntimeService::remove(const RemoveArgs& args, Callback<void> callback) {
    if (const Status status = checkCellId(args.cellId); !status)
        return callback(status);
    inTurn(args.cellId, [this, args, callback = std::move(callback)](Done done) {
        auto end = ending<void>(std::move(done), callback);
        m_engine.remove(args.cellId, args.wipe ? removeSeconds : stopSeconds, this, [this, args, end](Status removed) {
            // Never wipe beneath a container that may still run.
            if (!removed || !args.wipe)
                return end(removed);
            wipe(args.cellId, end);
        });
    });
}

void RuntimeService::relieveDisk(const std::vector<Growth>& grown) {
    m_engine.list(this, [this, grown](Result<std::vector<ListedCell>> cells) {
        std::vector<std::pair<std::string, std::string>> chosen; // with the reason
        const auto runs = [&](const std::string& cellId) {
            return cells && std::any_of(cells->begin(), cells->end(), [&](const ListedCell& one) {
                       return one.cell.cellId == cellId && one.cell.state == "running"; // a paused one writes nothing
                   });
        };
        for (const Growth& growth : grown)
            if (chosen.empty() && runs(growth.cellId))
                chosen.emplace_back(growth.cellId, "This workspace was stopped because the disk was almost full and its files had grown most, by " +
                                                       growthText(growth) + ". Start it when there is room again, or delete it.");
        if (grown.empty() && cells)
            for (const ListedCell& one : *cells)
                if (runs(one.cell.cellId))
                    chosen.emplace_back(one.cell.cellId, "All workspaces were stopped because the disk was all but full. Start it when there is room again.");
        auto left = std::make_shared<std::size_t>(chosen.size());
        if (chosen.empty())
            m_disk.relieved();
        for (const auto& [cellId, why] : chosen)
            end(cellId, why, [this, left] {
                if (--*left == 0)
                    m_disk.relieved();
            });
    });
}

void RuntimeService::end(const std::string& cellId, const std::string& why, std::function<void()> ended) {
    logger.warning("stops a cell because the disk is short", {}, {{"cell", cellId}, {"why", why}});
    m_endedBecause[cellId] = why;
    // A cell whose turn is taken is being started or stopped by somebody: the disk does not wait for that.
    m_engine.stop(cellId, diskSeconds, this, [ended = std::move(ended), cellId](Status stopped) {
        if (!stopped)
            logger.error("could not stop a cell that fills the disk", {}, {{"cell", cellId}, {"why", stopped.error().message}});
        ended();
    });
}

void RuntimeService::wipe(const std::string& cellId, Callback<void> callback) {
    m_wipers.start([this, directories = m_directories, cellId, callback = std::move(callback)] {
        Status status = directories.wipe(cellId);
        if (!status)
            logger.error("could not wipe a cell", {}, {{"cell", cellId}, {"why", status.error().message}});
        QMetaObject::invokeMethod(
            this, [status, callback] { callback(status); }, Qt::QueuedConnection);
    });
}

void RuntimeService::probe(const std::string& cellId, Callback<Probe> callback) {
    if (const Status status = checkCellId(cellId); !status)
        return callback(status.error());
    auto socket = m_directories.openInSocket(cellId);
    if (!socket)
        return callback(Probe{false, false, socket.error().message});
    probeCell(*socket, this, [callback = std::move(callback)](Probe probe) { callback(std::move(probe)); });
}

} // namespace clawloops::runtime
