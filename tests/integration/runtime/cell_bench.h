// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#undef QT_NO_CAST_FROM_ASCII // a rule for the product
#include "link/control_client.h"
#include "runtime/cell_layout.h"
#include "wire/runtime_verbs.h"

#include <QProcess>
#include <QTemporaryDir>

#include <memory>
#include <string>
#include <vector>

namespace bench {

using namespace clawloops;
using namespace clawloops::runtime;

constexpr gid_t edgeGid = 64001;
constexpr uid_t modelUid = 64002;

struct Ran {
    int code = -1;
    QByteArray out; // both streams
};
Ran command(const QString& program, const QStringList& arguments, int timeoutMs = 60000);

// A clawloops-runtimed of its own on a data directory of its own, and a client of its control socket. Removes every container
// of its instance, its image and its folder at the end.
class CellBench {
public:
    explicit CellBench(std::int64_t diskBytes = 0); // with a size: on a file system of its own, of 8192 inodes
    ~CellBench();

    bool startRuntimed(); // accepts image(), which makeProbeImage() or setImage() chose before
    void killRuntimed(); // SIGKILL
    bool makeProbeImage(); // busybox, with a shell script in OpenClaw's place

    // Calls a verb and waits for the answer.
    Result<json::object> call(const std::string& verb, json::object args = {}, int timeoutMs = 90000);
    StartArgs args(const std::string& cellId, std::int64_t slot) const;
    Result<Started> start(const StartArgs& args);
    std::optional<Cell> cell(const std::string& cellId); // from cell.list

    Ran inside(const std::string& cellId, const QString& shell); // `podman exec`, as the cell's user
    bool waitReady(const std::string& cellId, int timeoutMs);
    bool waitState(const std::string& cellId, const std::string& state, int timeoutMs);

    CellLayout layout(const std::string& cellId) const { return {data() + "/cells", cellId}; }
    std::string data() const { return m_folder.path().toStdString(); }
    const std::string& instance() const { return m_instance; }
    const std::string& image() const { return m_image; }
    void reserveDisk(std::int64_t bytes) { m_reserve = bytes; } // before startRuntimed()
    void setImage(const std::string& image) { m_image = image; }
    const std::vector<CellEvent>& events() const { return m_events; }

private:
    QTemporaryDir m_folder{QStringLiteral("/tmp/cl-XXXXXX")};
    std::string m_instance;
    std::string m_image;
    bool m_ownImage = false;
    bool m_mounted = false;
    std::int64_t m_reserve = 0;
    std::unique_ptr<QProcess> m_runtimed;
    std::unique_ptr<ControlClient> m_client;
    std::vector<CellEvent> m_events;
};

} // namespace bench
