#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts the gateway for openai_npm.test.mjs, then looks at what the upstream saw and what was booked."""

import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
from lone_gateway import LoneGateway, waited  # noqa: E402

TEXT = "One two three four five."

with LoneGateway() as gateway:
    known = gateway.scripted("known", [{"text": TEXT, "prompt": 11, "completion": 5}])
    slow = gateway.scripted("slow", [{"text": TEXT, "repeat": 200, "gap": 0.05}])
    gateway.configure(gateway.configuration({"known": [gateway.target(known)], "slow": [gateway.target(slow)]}))
    environment = {**os.environ, "GATEWAY_SOCKET": str(gateway.socket), "GATEWAY_TOKEN": gateway.token, "KNOWN_TEXT": TEXT}
    subprocess.run(["node", "--test", "--test-reporter=spec", HERE / "openai_npm.test.mjs"], env=environment, check=True, timeout=120)
    events = gateway.usage(3)
    booked = sorted((event["route"], event["outcome"], event["completionTokens"]) for event in events if event["route"] == "known")
    assert booked == [("known", "ok", 5)] * 2, booked
    left = [event for event in events if event["route"] == "slow"]
    assert [event["outcome"] for event in left] == ["client_gone"] and left[0]["estimated"], left
    waited(lambda: any(entry["event"] == "end" and not entry["ok"] for entry in gateway.journal("slow")), 10, "the upstream's noticing that nobody listens")
