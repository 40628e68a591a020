// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/metrics.h"

#include "api/component_watch.h"
#include "api/live_view.h"
#include "api/parts.h"
#include "api/router.h"

#include <cstdio>

// admin/metrics: for a Prometheus that has an admin's bearer token.
namespace clawloops::api {

namespace {

std::string escaped(std::string_view label) {
    std::string text;
    for (const char c : label)
        text += c == '\n' ? std::string("\\n") : c == '"' || c == '\\' ? std::string{'\\', c} : std::string(1, c);
    return text;
}

class Text {
public:
    void family(std::string_view name, std::string_view type, std::string_view help) {
        m_name = name;
        m_text += "# HELP " + m_name + " " + std::string(help) + "\n# TYPE " + m_name + " " + std::string(type) + "\n";
    }
    // `labels`: name, value, name, value …
    void sample(const std::vector<std::string>& labels, const std::string& value) {
        std::string all;
        for (std::size_t i = 0; i + 1 < labels.size(); i += 2)
            all += (i == 0 ? "" : ",") + labels[i] + "=\"" + escaped(labels[i + 1]) + "\"";
        m_text += m_name + (all.empty() ? "" : "{" + all + "}") + " " + value + "\n";
    }
    void sample(const std::vector<std::string>& labels, std::int64_t value) { sample(labels, std::to_string(value)); }
    std::string take() { return std::move(m_text); }

private:
    std::string m_name;
    std::string m_text;
};

std::string dollars(std::int64_t nanos) {
    char text[40];
    std::snprintf(text, sizeof text, "%lld.%09lld", static_cast<long long>(nanos / 1'000'000'000), static_cast<long long>(nanos % 1'000'000'000));
    return text;
}

void writeRoutes(Text& text, const std::vector<wire::UsageRow>& routes) {
    text.family("clawloops_requests_total", "counter", "Model requests that were sent to a target.");
    for (const wire::UsageRow& route : routes)
        text.sample({"route", route.key}, route.requests);
    text.family("clawloops_requests_failed_total", "counter", "Those of them that did not end well.");
    for (const wire::UsageRow& route : routes)
        text.sample({"route", route.key}, route.failed);
    text.family("clawloops_tokens_total", "counter", "Tokens; cached ones are part of prompt, reasoning ones of completion.");
    for (const wire::UsageRow& route : routes) {
        text.sample({"route", route.key, "kind", "prompt"}, route.promptTokens);
        text.sample({"route", route.key, "kind", "cached"}, route.cachedTokens);
        text.sample({"route", route.key, "kind", "completion"}, route.completionTokens);
        text.sample({"route", route.key, "kind", "reasoning"}, route.reasoningTokens);
    }
    text.family("clawloops_cost_dollars_total", "counter", "What it cost at the prices of that time.");
    for (const wire::UsageRow& route : routes)
        text.sample({"route", route.key}, dollars(route.costNanos));
}

struct GatewayFigure {
    const char* member; // of its stats
    const char* name;
    const char* type;
    const char* help;
};
constexpr GatewayFigure gatewayFigures[] = {
    {"requests", "clawloops_gateway_requests_total", "counter", "Requests that came in since the gateway's start."},
    {"refused", "clawloops_gateway_refused_total", "counter", "Those that no target was asked for."},
    {"fallbacks", "clawloops_gateway_fallbacks_total", "counter", "Those that went on to another target."},
    {"open", "clawloops_gateway_open_connections", "gauge", "Connections under way."},
    {"heldBytes", "clawloops_gateway_body_bytes", "gauge", "Memory that requests' bodies take."},
};

} // namespace

std::string metricsText(const Measured& measured) {
    Text text;
    writeRoutes(text, measured.routes);
    text.family("clawloops_gateway_up", "gauge", "Whether the model gateway answers.");
    text.sample({}, measured.gateway.empty() ? 0 : 1);
    for (const GatewayFigure& figure : gatewayFigures) {
        const json::value* value = measured.gateway.if_contains(figure.member);
        if (!value || !value->is_number())
            continue;
        text.family(figure.name, figure.type, figure.help);
        text.sample({}, value->to_number<std::int64_t>());
    }
    text.family("clawloops_runtimes", "gauge", "Runtimes by state.");
    for (const auto& [state, count] : measured.runtimes)
        text.sample({"state", state}, count);
    text.family("clawloops_component_running", "gauge", "Whether a part of the appliance runs.");
    for (const wire::Component& component : measured.components)
        text.sample({"component", component.name}, component.state == "running" || component.state == "external" ? 1 : 0);
    return text.take();
}

void addMetrics(Router& router, Parts& parts) {
    // → text
    router.add({"GET", "/admin/metrics", Access::Admin, Body::None, [&parts](CallPtr call) {
                    parts.governance.watch.stats(parts.guard, [&parts, call](const Result<json::object>& stats) {
                        parts.governance.usage.routeTotals(parts.guard, [&parts, call, gateway = stats ? *stats : json::object()](Result<std::vector<wire::UsageRow>> routes) {
                            if (!routes)
                                return call->fail(routes.error());
                            Measured measured{std::move(*routes), gateway, {}, parts.components.components()};
                            for (const auto& [id, runtime] : parts.live.runtimes())
                                ++measured.runtimes[runtime.status.binding.observedState];
                            call->answer({200, {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}, {"Cache-Control", "no-store"}}, metricsText(measured)});
                        });
                    });
                }});
}

} // namespace clawloops::api
