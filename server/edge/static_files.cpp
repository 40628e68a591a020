// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "edge/static_files.h"

#include "base/digest.h"
#include "base/files.h"

namespace clawloops {

namespace {
std::string typeOf(const std::filesystem::path& path) {
    static const std::map<std::string, std::string, std::less<>> types{
        {".html", "text/html; charset=utf-8"}, {".css", "text/css; charset=utf-8"}, {".js", "text/javascript; charset=utf-8"},
        {".svg", "image/svg+xml"},             {".png", "image/png"},               {".crt", "application/x-x509-ca-cert"}};
    const auto found = types.find(path.extension().string());
    return found == types.end() ? std::string() : found->second;
}
} // namespace

Result<StaticFiles> StaticFiles::read(const std::filesystem::path& folder) {
    StaticFiles files;
    std::error_code problem;
    for (auto entry = std::filesystem::recursive_directory_iterator(folder, problem);
         !problem && entry != std::filesystem::recursive_directory_iterator(); entry.increment(problem)) {
        const std::string type = typeOf(entry->path());
        if (!entry->is_regular_file() || type.empty())
            continue;
        auto bytes = readFile(entry->path());
        if (!bytes)
            return bytes.error();
        const std::string etag = '"' + toHex(sha256(*bytes)).substr(0, 32) + '"';
        files.m_files["/" + std::filesystem::relative(entry->path(), folder).string()] = {type, etag, std::move(*bytes)};
    }
    const auto index = files.m_files.find("/index.html");
    if (index == files.m_files.end())
        return Error{ErrorCode::Unavailable, "The portal's pages are not in " + folder.string() + ". Install ClawLoops again.",
                     problem ? problem.message() : std::string()};
    files.m_files["/"] = index->second;
    return files;
}

HttpResponse StaticFiles::answer(const HttpRequest& request) const {
    if (request.method != "GET" && request.method != "HEAD")
        return {405, {{"Allow", "GET, HEAD"}, {"Content-Type", "text/plain; charset=utf-8"}}, "Only GET is possible here.\n"};
    const auto found = m_files.find(request.path);
    if (found == m_files.end())
        return {404, {{"Content-Type", "text/plain; charset=utf-8"}}, "There is no such page. Go to /.\n"};
    const File& file = found->second;
    HttpResponse response{200, {{"ETag", file.etag}, {"Cache-Control", "no-cache"}}, {}};
    if (request.header("if-none-match") == file.etag) {
        response.status = 304;
        return response;
    }
    response.headers.emplace_back("Content-Type", file.type);
    response.body = file.bytes;
    return response;
}

void addSecurityHeaders(HttpResponse& response) {
    response.headers.emplace_back("Content-Security-Policy",
                                  "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'");
    response.headers.emplace_back("X-Content-Type-Options", "nosniff");
    response.headers.emplace_back("X-Frame-Options", "DENY");
    response.headers.emplace_back("Referrer-Policy", "no-referrer");
    response.headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
    response.headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
}

} // namespace clawloops
