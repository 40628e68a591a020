// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "supervisor/traefik_config.h"

#include "base/json.h"

namespace clawloops::supervisor {

namespace {
constexpr int largestRequest = 256 * 1024; // edge/incoming_limit.h: the control plane takes no more
constexpr int requestsAtOnce = 128; // of each router
constexpr int streamsAtOnce = 256; // a person has eight at the most

std::string listenAddress(const Settings& settings, std::string_view port) {
    const std::string address = settings.text("listen.address");
    const bool six = address.find(':') != std::string::npos;
    return (six ? "[" + address + "]" : address) + ":" + settings.text(port);
}

json::object entryPoint(const std::string& address, std::string_view readTimeout) {
    // No write timeout: answers are streams. The read limit covers a whole request, a slow sender's head included. Heads come before
    // any router can count them: none larger than what the control plane takes, and fewer at once on a connection than by default.
    return {{"address", address},
            {"transport", {{"lifeCycle", {{"graceTimeOut", "2s"}}},
                           {"respondingTimeouts", {{"readTimeout", readTimeout}, {"writeTimeout", "0s"}, {"idleTimeout", "180s"}}}}},
            {"http2", {{"maxConcurrentStreams", 100}}},
            {"http", {{"tls", json::object()}, {"maxHeaderBytes", largestRequest}}}};
}

// Requests under way from one address; more get a 429. All people may sit behind one address (a NAT, this machine), so these are
// limits for twenty people with several tabs each, not for one. IPv6 addresses are had for nothing: a whole /64 is one.
json::object atOnce(int amount) {
    return {{"inFlightReq", {{"amount", amount}, {"sourceCriterion", {{"ipStrategy", {{"ipv6Subnet", 64}}}}}}}};
}

// Exactly these hosts (DNS rebinding); another one matches no router and gets a 404.
std::string hostRule(const Places& places) {
    std::string rule;
    for (const std::string& host : places.allowedHosts)
        rule += (rule.empty() ? "Host(`" : " || Host(`") + host + "`)";
    return "(" + rule + ")";
}

json::object router(std::string_view entry, const std::string& rule, int priority, json::array middlewares, std::string_view service,
                    bool logged = true) {
    return {{"entryPoints", json::array{entry}}, {"rule", rule}, {"priority", priority}, {"middlewares", std::move(middlewares)},
            {"service", service}, {"tls", json::object()}, {"observability", {{"accessLogs", logged}}}};
}

json::object service(const Settings& settings, std::string_view port) {
    return {{"loadBalancer", {{"servers", json::array{json::object{{"url", "https://127.0.0.1:" + settings.text(port)}}}},
                              {"serversTransport", "internal"},
                              {"responseForwarding", {{"flushInterval", "1ms"}}}}}};
}
}

std::string traefikStatic(const Settings& settings, const Places& places) {
    const json::object configuration{
        {"global", {{"checkNewVersion", false}, {"sendAnonymousUsage", false}}},
        {"entryPoints", {{"portal", entryPoint(listenAddress(settings, "ports.portal"), "60s")},
                         {"workspace", entryPoint(listenAddress(settings, "ports.workspace"), "300s")}}},
        {"providers", {{"providersThrottleDuration", "100ms"},
                       {"file", {{"filename", (places.data / "render/traefik/dynamic.yml").string()}, {"watch", true}}}}},
        {"log", {{"level", "INFO"}, {"format", "json"}}},
        // No header but the request id is kept; the request line would repeat the path.
        {"accessLog", {{"format", "json"},
                       {"fields", {{"defaultMode", "keep"},
                                   {"names", {{"RequestLine", "drop"}, {"ClientUsername", "drop"}}},
                                   {"queryParameters", {{"defaultMode", "drop"}}},
                                   {"headers", {{"defaultMode", "drop"}, {"names", {{"X-Request-Id", "keep"}}}}}}}}},
    };
    return json::serialize(configuration) + "\n";
}

std::string traefikDynamic(const Settings& settings, const Places& places) {
    const std::string hosts = hostRule(places);
    const std::filesystem::path edge = places.data / "pki/edge";
    const bool own = settings.isSet("traefik.cert");
    const json::object lan{{"certFile", own ? settings.text("traefik.cert") : (edge / "lan.crt").string()},
                           {"keyFile", own ? settings.text("traefik.key") : (edge / "lan.key").string()}};
    const std::string page = " && Method(`GET`) && Header(`Sec-Fetch-Dest`, `document`)";
    const json::object routers{
        {"probe", router("portal", "Path(`" + std::string(entryProbePath) + "`)", 100, {}, "noop@internal", false)},
        // An invitation's token is in its path: clawloopsd logs these requests, redacted.
        {"invitations", router("portal", hosts + " && PathPrefix(`/api/v1/public/invitations/`)", 60, {"strip", "at-once", "limit"}, "control", false)},
        // Not buffered, as buffering would hold back the stream; whatever else is sent there is.
        {"events", router("portal", hosts + " && Method(`GET`) && Path(`/api/v1/events`)", 50, {"strip", "streams-at-once"}, "control")},
        {"models", router("portal", hosts + " && PathPrefix(`/v1/`)", 40, {"strip"}, "gateway")},
        {"portal", router("portal", hosts, 10, {"strip", "at-once", "limit"}, "control")},
        {"workspace", router("workspace", hosts + " && PathPrefix(`/w/`)", 50, {"strip", "check"}, "relay")},
        // What a person navigates to is a page of ours even when who should answer is gone: the other one says so.
        {"portal-pages", router("portal", hosts + page, 20, {"strip", "control-gone", "at-once", "limit"}, "control")},
        {"workspace-pages", router("workspace", hosts + " && PathPrefix(`/w/`)" + page, 60, {"strip", "relay-gone", "check"}, "relay")},
    };
    const json::object middlewares{
        // A client's own grant and request id go before anything of ours looks at them.
        {"strip", {{"headers", {{"customRequestHeaders", {{"X-Clawloops-Grant", ""}, {"X-Request-Id", ""}}}}}}},
        {"check", {{"forwardAuth", {{"address", "http://127.0.0.1:" + settings.text("ports.check") + "/check"},
                                    {"trustForwardHeader", false},
                                    {"maxResponseBodySize", 65536},
                                    {"authResponseHeaders", json::array{"X-Clawloops-Grant", "X-Request-Id", "Cookie"}}}}}},
        {"control-gone", {{"errors", {{"status", json::array{"502-504"}}, {"service", "relay"}, {"query", "/unavailable/portal"}}}}},
        {"relay-gone", {{"errors", {{"status", json::array{"502"}}, {"service", "control"}, {"query", "/unavailable/workspace"}}}}},
        // Before a body is buffered: without an account one may send any number of bodies that never end.
        {"at-once", atOnce(requestsAtOnce)},
        {"streams-at-once", atOnce(streamsAtOnce)},
        {"limit", {{"buffering", {{"maxRequestBodyBytes", largestRequest}}}}},
    };
    const json::object configuration{
        {"http", {{"routers", routers},
                  {"middlewares", middlewares},
                  {"services", {{"control", service(settings, "ports.api")},
                                {"relay", service(settings, "ports.relay")},
                                {"gateway", service(settings, "ports.gateway")}}},
                  {"serversTransports",
                   {{"internal", {{"serverName", "clawloops.internal"},
                                  {"rootCAs", json::array{(places.data / "pki/server-ca.crt").string()}},
                                  {"certificates", json::array{json::object{{"certFile", (edge / "client.crt").string()}, {"keyFile", (edge / "client.key").string()}}}},
                                  {"maxIdleConnsPerHost", 200},
                                  {"disableHTTP2", true},
                                  {"forwardingTimeouts", {{"dialTimeout", "5s"}, {"responseHeaderTimeout", "0s"}, {"idleConnTimeout", "60s"}}}}}}}}},
        {"tls", {{"certificates", json::array{lan}},
                 {"stores", {{"default", {{"defaultCertificate", lan}}}}},
                 {"options", {{"default", {{"minVersion", "VersionTLS12"}}}}}}},
    };
    return json::serialize(configuration) + "\n";
}

} // namespace clawloops::supervisor
