# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gateway alone, release build, on one core, against its peers in the same run: tests/bench/run gateway PART.

  throughput   requests/s with a small body and with an agent's turn, against nginx
  latency      what is added to one request at a time, against nginx
  streams      2,000 paced streams, and what is added to the events of 100, against nginx without buffering
  memory       resident when idle, and after a million requests
  litellm      requests/s against LiteLLM with one worker
  fair         how evenly a full target is shared, and what the rules cost, without sockets
  usage        events stored a second, and the usage page, with a million rows in PostgreSQL; usage-large: ten million

Prints what it saw; the last line is one JSON object. Where the measured core could not be kept busy in both runs, requests/s are
compared by processor time per request. 1,000 people and 100 routes are loaded, everybody's rules with them."""

import importlib
import json
import os
import statistics
import sys

from bench import ROOT, note

PARTS = {"throughput": "gateway_throughput", "latency": "gateway_latency", "streams": "gateway_streams", "memory": "gateway_memory",
         "litellm": "gateway_litellm", "fair": "gateway_fair", "usage": "gateway_usage",
         "usage-large": "gateway_usage_large"}


def main():
    if len(sys.argv) != 2 or sys.argv[1] not in PARTS:
        sys.exit(f"usage: tests/bench/run gateway {'|'.join(PARTS)}")
    part = sys.argv[1]
    figures = importlib.import_module(PARTS[part]).measure()
    figures["load"] = os.getloadavg()[0]
    folder = ROOT / "build/bench"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"gateway-{part}.json").write_text(json.dumps(figures) + "\n", encoding="utf-8")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
