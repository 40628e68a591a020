// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "edge/http.h"

#include <filesystem>
#include <map>
#include <string>

namespace clawloops {

// The portal's files, read once at start (they are few and small) and served from memory: no path of a client ever reaches the
// file system. "/" is index.html. Answers carry an ETag and are asked for again each time.
class StaticFiles {
public:
    // Unavailable when the folder or its index.html is not there.
    [[nodiscard]] static Result<StaticFiles> read(const std::filesystem::path& folder);
    [[nodiscard]] HttpResponse answer(const HttpRequest& request) const; // 404 as a plain sentence; 405 but for GET and HEAD

private:
    struct File {
        std::string type;
        std::string etag;
        std::string bytes;
    };
    std::map<std::string, File, std::less<>> m_files; // by path
};

// What every answer of the portal origin carries, pages and API alike.
void addSecurityHeaders(HttpResponse& response);

} // namespace clawloops
