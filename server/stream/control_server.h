// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "stream/task.h"
#include "wire/control.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace clawloops::stream {

// The control protocol of internals.md on a unix socket: one JSON object a line. Peers whose uid is not in the list (root and
// our own uid always are) are closed at accept. ≤ 16 connections; a line over 16 MiB or a peer that does not read its answers (8 MiB kept
// for it) is closed.
class ControlServer {
public:
    using Verb = std::function<Task<Result<json::object>>(control::Request)>;

    static Result<std::unique_ptr<ControlServer>> listen(asio::io_context& io, const std::filesystem::path& path, mode_t mode,
                                                         std::vector<uid_t> allowed, Verb verb);
    ~ControlServer();

    void push(std::string_view event, json::object data); // to every connection
    void close();

private:
    struct State;
    explicit ControlServer(std::shared_ptr<State> state);
    std::shared_ptr<State> m_state;
};

} // namespace clawloops::stream
