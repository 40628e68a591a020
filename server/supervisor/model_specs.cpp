// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "supervisor/component_specs.h"

namespace clawloops::supervisor {

namespace {
constexpr std::int64_t trainedContext = 8192; // of SmolLM2: more is stretched by YaRN

// The starter model is an ordinary OpenAI endpoint for it; the host name is joined to the unix socket by the launcher.
// Nothing else is switched on: no database, no user interface, no telemetry, no retries (the gateway decides about those).
constexpr const char* liteLlmYaml = R"yaml(model_list:
  - model_name: starter
    litellm_params:
      model: openai/starter
      api_base: http://starter.internal/v1
      api_key: none
general_settings:
  master_key: os.environ/LITELLM_MASTER_KEY
  disable_spend_logs: true
  forward_client_headers_to_llm_api: true
litellm_settings:
  telemetry: false
  drop_params: true
  num_retries: 0
  request_timeout: 600
router_settings:
  num_retries: 0
  disable_cooldowns: true
)yaml";
}

ComponentSpec starterModelSpec(const Settings& settings, const Places& places) {
    ComponentSpec spec = plainSpec("starter-model", "Starter model", places.model, places);
    const std::int64_t context = settings.integer("model.starter_context");
    const std::filesystem::path socket = places.run / "model" / "starter.sock";
    spec.program = places.components / "llama-server";
    spec.arguments = {"--host", socket, "--model", places.components / "starter.gguf", "--alias", "starter", "--ctx-size", std::to_string(context)};
    if (context > trainedContext) {
        const std::int64_t scale = (context + trainedContext - 1) / trainedContext;
        spec.arguments.insert(spec.arguments.end(), {"--rope-scaling", "yarn", "--rope-scale", std::to_string(scale), "--yarn-orig-ctx",
                                                     std::to_string(trainedContext), "--override-kv",
                                                     "llama.context_length=int:" + std::to_string(context)});
    }
    // Two conversations share the context; more would each be slower than they are worth on a small machine.
    spec.arguments.insert(spec.arguments.end(), {"--parallel", "2", "--kv-unified", "--cache-ram", "256", "--no-webui", "--offline", "--jinja"});
    if (const std::int64_t threads = settings.integer("model.starter_threads"); threads > 0)
        spec.arguments.insert(spec.arguments.end(), {"--threads", std::to_string(threads)});
    spec.environment.emplace_back("HOME", (places.run / "model").string());
    // Its threads wait for each other several thousand times a token. Spinning there, as is the default, takes the processor from the very
    // thread that is waited for as soon as anything else runs: 5 tokens a second instead of 27 beside a compiler.
    spec.environment.emplace_back("OMP_WAIT_POLICY", "PASSIVE");
    spec.staleSockets = {socket};
    spec.probe = {.kind = Probe::Kind::UnixHttp, .socket = socket, .host = "localhost", .path = "/health"};
    spec.startLimit = std::chrono::seconds(180);
    spec.unhealthyLimit = std::chrono::seconds(180); // a long prompt can hold its threads
    return spec;
}

ComponentSpec liteLlmSpec(const Settings&, const Places& places) {
    ComponentSpec spec = plainSpec("litellm", "LiteLLM", places.model, places);
    const std::filesystem::path config = places.data / "render" / "litellm" / "config.yaml";
    const std::filesystem::path socket = places.run / "model" / "litellm.sock";
    spec.program = places.components / "litellm-venv" / "bin" / "python";
    spec.arguments = {places.share / "litellm" / "serve.py", "--socket", socket, "--config", config, "--starter-socket",
                      places.run / "model" / "starter.sock", "--master-key-file", places.data / "secrets/model/litellm.key"};
    for (const auto& [name, value] : std::initializer_list<std::pair<const char*, const char*>>{
             {"LITELLM_LOCAL_MODEL_COST_MAP", "True"}, {"LITELLM_TELEMETRY", "False"}, {"DISABLE_ADMIN_UI", "True"},
             {"NO_DOCS", "True"}, {"NO_REDOC", "True"}, {"LITELLM_MODE", "PRODUCTION"}, {"PYTHONNOUSERSITE", "1"},
             {"PYTHONDONTWRITEBYTECODE", "1"}, {"PYTHONUNBUFFERED", "1"}})
        spec.environment.emplace_back(name, value);
    spec.environment.emplace_back("HOME", (places.run / "model").string());
    spec.staleSockets = {socket};
    spec.files = {{config, liteLlmYaml, places.self.uid, places.model.gid, 0640}};
    spec.probe = {.kind = Probe::Kind::UnixHttp, .socket = socket, .host = "localhost", .path = "/health/liveliness"};
    spec.startLimit = std::chrono::seconds(240);
    return spec;
}

} // namespace clawloops::supervisor
