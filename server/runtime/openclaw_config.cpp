// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/openclaw_config.h"

#include "runtime/cell_layout.h"

namespace clawloops::runtime {

namespace {

// The starter model is served with a context of 16,384 tokens; below 16,000 OpenClaw refuses a model.
constexpr std::int64_t smallContext = 16'384;
constexpr std::int64_t smallAnswer = 1'024;
constexpr std::int64_t usualContext = 131'072;
constexpr std::int64_t usualAnswer = 8'192;

json::object gateway(const StartArgs& args) {
    json::object trustedProxy{
        {"userHeader", "x-clawloops-user"},
        {"allowUsers", json::array{args.username}},
        {"allowLoopback", true},
        {"deviceAutoApprove", json::object{{"enabled", true}}}, // the owner's browser needs no pairing
    };
    return {
        {"mode", "local"},
        {"bind", "loopback"},
        {"port", inside::gatewayPort},
        {"trustedProxies", json::array{"127.0.0.1"}},
        // Admin for the connection, not for the device; x-openclaw-scopes, which the relay always sends, caps both.
        {"auth", json::object{{"mode", "trusted-proxy"},
                              {"trustedProxy", std::move(trustedProxy)},
                              {"identityScopes", json::object{{args.username, json::array{"operator.admin"}}}}}},
        {"controlUi",
         json::object{{"enabled", true},
                      {"basePath", "/w/" + args.username},
                      {"allowedOrigins", json::array(args.origins.begin(), args.origins.end())}}},
    };
}

json::object model(const CellModel& route, bool small) {
    json::object entry{
        {"id", route.name},
        {"name", route.title},
        {"api", "openai-completions"},
        {"reasoning", false},
        {"input", json::array{"text"}},
        {"cost", json::object{{"input", 0}, {"output", 0}, {"cacheRead", 0}, {"cacheWrite", 0}}},
        {"contextWindow", small ? smallContext : usualContext},
        {"maxTokens", small ? smallAnswer : usualAnswer},
    };
    if (small)
        entry["compat"] = json::object{{"supportsTools", false}};
    return entry;
}

json::object agentDefaults(const StartArgs& args) {
    json::object defaults{{"workspace", std::string(inside::home) + "/workspace"}};
    if (!args.defaultModel.empty())
        defaults["model"] = json::object{{"primary", "clawloops/" + args.defaultModel}};
    json::object selectable; // what the Control UI's model picker offers
    for (const CellModel& route : args.models)
        selectable["clawloops/" + route.name] = json::object{{"alias", route.title}};
    defaults["models"] = std::move(selectable);
    if (args.smallPrompt) { // 51 kB of prompt become 9: a small model answers in seconds
        defaults["skipBootstrap"] = true;
        defaults["contextInjection"] = "never";
        defaults["skills"] = json::array{};
        defaults["bootstrapMaxChars"] = 500;
        defaults["bootstrapTotalMaxChars"] = 1000;
        defaults["experimental"] = json::object{{"localModelLean", true}};
        defaults["heartbeat"] = json::object{{"every", "0m"}};
    }
    return defaults;
}

}

std::string renderOpenclawConfig(const StartArgs& args) {
    json::array models;
    for (const CellModel& route : args.models)
        models.push_back(model(route, args.smallPrompt));
    json::object provider{
        {"baseUrl", "http://127.0.0.1:" + std::to_string(inside::modelPort) + "/v1"},
        // A reference, never the token: a file that stays the same from start to start spares OpenClaw its migrations, and neither
        // this file nor what OpenClaw derives from it in the workspace holds a secret.
        {"apiKey", json::object{{"source", "file"}, {"provider", "cell"}, {"id", "value"}}},
        {"api", "openai-completions"},
        {"models", std::move(models)},
    };
    json::object config{
        {"gateway", gateway(args)},
        {"models", json::object{{"mode", "replace"}, {"providers", json::object{{"clawloops", std::move(provider)}}}}},
        {"secrets", json::object{{"providers", json::object{{"cell", json::object{{"source", "file"},
                                                                                  {"path", std::string(inside::token)},
                                                                                  {"mode", "singleValue"}}}}}}},
        {"agents", json::object{{"defaults", agentDefaults(args)}}},
        {"update", json::object{{"checkOnStart", false}}},
        {"discovery", json::object{{"mdns", json::object{{"mode", "off"}}}}},
    };
    if (args.smallPrompt) {
        config["tools"] = json::object{{"profile", "minimal"}, {"deny", json::array{"*"}}};
        config["skills"] = json::object{
            {"limits", json::object{{"maxSkillsInPrompt", 0}, {"maxSkillsPromptChars", 0}}}};
    }
    return json::serialize(config);
}

} // namespace clawloops::runtime
