// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// One HTTP exchange as values, free of any HTTP library: HttpServer makes and consumes them, everything else works on them.
// All of it lives on the event loop's thread.
namespace clawloops {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>; // request: lower-case names

struct HttpRequest {
    std::string method; // "GET", "POST" …; "?" for one the parser does not know
    std::string path; // as sent, percent-encoded, without the query
    std::string query;
    HttpHeaders headers;
    std::string body;
    std::string rid; // made by us for this request

    [[nodiscard]] std::string_view header(std::string_view lowerCaseName) const; // the first; empty when absent
    [[nodiscard]] bool has(std::string_view lowerCaseName) const;
    [[nodiscard]] std::string joined(std::string_view lowerCaseName, std::string_view separator) const; // all of them
    [[nodiscard]] bool isSafe() const { return method == "GET" || method == "HEAD" || method == "OPTIONS"; }
    // The peer as Traefik saw it: the last X-Forwarded-For element, which is Traefik's own.
    [[nodiscard]] std::string clientAddress() const;
};

struct HttpResponse {
    int status = 200;
    HttpHeaders headers;
    std::string body;

    static HttpResponse json(int status, std::string text);
    static HttpResponse redirect(std::string location); // 303
};

// The rest of an answer that is written bit by bit. A reader that leaves or falls behind by more than the limit is cut.
class HttpStream {
public:
    virtual ~HttpStream() = default;
    [[nodiscard]] virtual bool write(std::string_view bytes) = 0; // false: it is closed
    virtual void close() = 0;
    std::function<void()> onClosed; // once, for whatever reason
};

// Where the answer goes. Copies share one exchange; only the first answer counts. When the last copy dies unanswered the
// client gets a 503, so that no exchange hangs.
class HttpReply {
public:
    class Exchange {
    public:
        virtual ~Exchange() = default;
        virtual void send(HttpResponse response) = 0;
        virtual std::shared_ptr<HttpStream> startStream(HttpResponse head) = 0; // null: the client is gone
    };
    explicit HttpReply(std::shared_ptr<Exchange> exchange) : m_exchange(std::move(exchange)) {}
    void send(HttpResponse response) const { m_exchange->send(std::move(response)); }
    [[nodiscard]] std::shared_ptr<HttpStream> startStream(HttpResponse head) const {
        return m_exchange->startStream(std::move(head));
    }

private:
    std::shared_ptr<Exchange> m_exchange;
};

using HttpHandler = std::function<void(HttpRequest, HttpReply)>;

} // namespace clawloops
