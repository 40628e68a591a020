# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gateway alone, release build, on one core, against its peers in the same run: tests/bench/run gateway PART.

  throughput   requests/s with a small body and with an agent's turn, against nginx
  fair         how evenly a full target is shared, and what the rules cost, without sockets

Prints what it saw; the last line is one JSON object. Where the measured core could not be kept busy in both runs, requests/s are
compared by processor time per request. 1,000 people and 100 routes are loaded, everybody's rules with them."""

import importlib
import json
import os
import statistics
import sys

from bench import ROOT, note

PARTS = {"throughput": "gateway_throughput", "fair": "gateway_fair"}


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
