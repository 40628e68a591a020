# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests a second with everything switched on, divided by LiteLLM's: the pinned one, one worker, started as the supervisor starts it,
in front of the same upstream. By processor time per request where one of them did not fill its core."""

import os
import pathlib

from bench import ROOT, note
from gateway_rig import MEASURED_CORE, Rig, build
from gateway_throughput import ratio

REQUESTS, WARM = 600, 100


class LiteLlmRig(Rig):
    litellm = None

    def start_litellm(self):
        folder = self.folder
        config = folder / "litellm.yaml"
        config.write_text("model_list:\n  - model_name: starter\n    litellm_params: {model: openai/starter, api_base: http://starter.internal/v1, api_key: none}\n"
                          "general_settings: {master_key: os.environ/LITELLM_MASTER_KEY, disable_spend_logs: true}\n"
                          "litellm_settings: {telemetry: false, drop_params: true, num_retries: 0, request_timeout: 600}\n"
                          "router_settings: {num_retries: 0, disable_cooldowns: true}\n", encoding="utf-8")
        os.environ.update(LITELLM_LOCAL_MODEL_COST_MAP="True", LITELLM_TELEMETRY="False", DISABLE_ADMIN_UI="True", NO_DOCS="True", NO_REDOC="True",
                          LITELLM_MODE="PRODUCTION", PYTHONNOUSERSITE="1", PYTHONDONTWRITEBYTECODE="1")
        python = pathlib.Path(os.environ["CLAWLOOPS_COMPONENTS"]) / "litellm-venv/bin/python"
        self.litellm = self.start([python, ROOT / "resources/litellm/serve.py", "--socket", folder / "litellm.sock", "--config", config,
                                   "--starter-socket", folder / "whole.sock", "--master-key-file", folder / "litellm.key"], MEASURED_CORE,
                                  log=folder / "litellm.log")
        self.wait_for(folder / "litellm.sock", 120)

    def litellm_targets(self):
        path = self.folder / "targets-litellm"
        path.write_text(f"unix:{self.folder}/litellm.sock sk-bench starter\n" * 64, encoding="utf-8")
        return path


def measure():
    build()
    with LiteLlmRig() as rig:
        rig.start_gateway()
        ours = rig.closed("gateway", "small", 64, 40_000, warm=4_000)
        rig.start_litellm()
        theirs = rig.closed("litellm", "small", 16, REQUESTS, warm=WARM, targets=rig.litellm_targets())
        for name, seen in (("gateway", ours), ("LiteLLM", theirs)):
            note(f"{name:8} {seen['rps']:9.1f} requests/s, core {seen['busy']:4.0%} busy, {seen['cpu_us']:9.2f} µs a request")
        return {"litellm_ratio": round(ratio(ours, theirs), 1), "gateway_rps": round(ours["rps"]), "litellm_rps": round(theirs["rps"], 1),
                "gateway_cpu_us": round(ours["cpu_us"], 2), "litellm_cpu_us": round(theirs["cpu_us"], 1)}
