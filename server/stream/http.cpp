// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "stream/http.h"

#include "base/text_scan.h"

#include <algorithm>
#include <array>

namespace clawloops::stream {

namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

template <class Visit> void eachToken(std::string_view list, Visit visit) {
    while (!list.empty()) {
        const auto comma = list.find(',');
        const auto token = trimmed(list.substr(0, comma));
        if (!token.empty())
            visit(token);
        list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
    }
}

void appendClean(std::string& out, std::string_view text) {
    const std::size_t begin = out.size();
    out += text;
    const char* const end = out.data() + out.size();
    for (const char* at = skipPlain(out.data() + begin, end); at < end; at = skipPlain(at + 1, end))
        if (*at == '\r' || *at == '\n' || *at == '\0')
            out[static_cast<std::size_t>(at - out.data())] = ' ';
}

void appendFields(std::string& out, const Fields& fields, bool keepAlive) {
    for (const Field field : fields) {
        if (equalNoCase(field.name, "Content-Length") || equalNoCase(field.name, "Transfer-Encoding"))
            continue;
        appendClean(out, field.name);
        out += ": ";
        appendClean(out, field.value);
        out += "\r\n";
    }
    if (!keepAlive && !fields.has("Connection"))
        out += "Connection: close\r\n";
}

void appendFraming(std::string& out, const Framing& framing) {
    if (framing.kind == Framing::Kind::Length)
        out.append("Content-Length: ").append(std::to_string(framing.length)).append("\r\n");
    else if (framing.kind == Framing::Kind::Chunked)
        out += "Transfer-Encoding: chunked\r\n";
}

} // namespace

bool equalNoCase(std::string_view a, std::string_view b) {
    if (a.size() != b.size())
        return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (a[i] != b[i] && lower(a[i]) != lower(b[i]))
            return false;
    return true;
}

std::string_view Fields::get(std::string_view name) const {
    for (const Field field : *this)
        if (equalNoCase(field.name, name))
            return field.value;
    return {};
}

bool Fields::has(std::string_view name) const {
    return std::any_of(begin(), end(), [&](const Field& field) { return equalNoCase(field.name, name); });
}

std::size_t Fields::count(std::string_view name) const {
    return static_cast<std::size_t>(
        std::count_if(begin(), end(), [&](const Field& field) { return equalNoCase(field.name, name); }));
}

bool Fields::hasToken(std::string_view name, std::string_view token) const {
    bool found = false;
    for (const Field field : *this)
        if (equalNoCase(field.name, name))
            eachToken(field.value, [&](std::string_view one) { found = found || equalNoCase(one, token); });
    return found;
}

void Fields::add(std::string_view name, std::string_view value) {
    if (m_places.capacity() == 0) {
        m_places.reserve(16);
        m_text.reserve(512);
    }
    const std::size_t size = m_text.size() + name.size() + value.size();
    std::string outgrown; // what is given may be a look into these very fields
    if (size > m_text.capacity()) {
        outgrown = std::move(m_text);
        m_text = std::string();
        m_text.reserve(2 * size);
        m_text += outgrown;
    }
    m_places.push_back({m_text.size(), name.size(), value.size()});
    m_text.append(name).append(value);
}

void Fields::set(std::string_view name, std::string_view value) {
    const std::string kept(value); // may be a view into what is removed
    remove(name);
    add(name, kept);
}

void Fields::clear() {
    m_text.clear();
    m_places.clear();
}

void Fields::remove(std::string_view name) {
    removeIf([&](const Field& field) { return equalNoCase(field.name, name); });
}

std::string_view RequestHead::path() const {
    return std::string_view(target).substr(0, target.find('?'));
}

bool RequestHead::wantsUpgrade() const {
    return version == 11 && fields.hasToken("Connection", "upgrade") && fields.has("Upgrade");
}

void removeHopFields(Fields& fields) {
    std::vector<std::string> named;
    for (const Field field : fields)
        if (equalNoCase(field.name, "Connection"))
            eachToken(field.value, [&](std::string_view token) { named.emplace_back(token); });
    static constexpr std::array<std::string_view, 10> hop{"Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate",
                                                          "Proxy-Authorization", "Proxy-Authentication-Info", "TE", "Trailer",
                                                          "Transfer-Encoding", "Upgrade"};
    fields.removeIf([&](const Field& field) {
        const auto same = [&](std::string_view name) { return equalNoCase(name, field.name); };
        return std::any_of(hop.begin(), hop.end(), same) || std::any_of(named.begin(), named.end(), same);
    });
}

std::string writeHead(const RequestHead& head) {
    std::string out;
    out.reserve(1024);
    out += head.method;
    out += ' ';
    const std::size_t target = out.size();
    out += head.target;
    out.erase(std::remove_if(out.begin() + static_cast<std::ptrdiff_t>(target), out.end(), [](char c) { return static_cast<unsigned char>(c) <= ' '; }),
              out.end());
    out += " HTTP/1.1\r\n";
    appendFields(out, head.fields, head.keepAlive);
    appendFraming(out, head.framing);
    return out += "\r\n";
}

std::string writeHead(const ResponseHead& head) {
    std::string out;
    out.reserve(1024);
    out.append("HTTP/1.1 ").append(std::to_string(head.status)) += ' ';
    appendClean(out, head.reason.empty() ? standardReason(head.status) : std::string_view(head.reason));
    out += "\r\n";
    appendFields(out, head.fields, head.keepAlive);
    const bool bodyless = head.status / 100 == 1 || head.status == 204 || head.status == 304;
    if (!bodyless)
        appendFraming(out, head.framing.kind == Framing::Kind::None ? Framing::ofLength(0) : head.framing);
    return out += "\r\n";
}

std::string_view standardReason(int status) {
    switch (status) {
    case 100: return "Continue";
    case 101: return "Switching Protocols";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 402: return "Payment Required";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 411: return "Length Required";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 422: return "Unprocessable Content";
    case 426: return "Upgrade Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 499: return "Client Closed Request";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    default: return "Status";
    }
}

} // namespace clawloops::stream
