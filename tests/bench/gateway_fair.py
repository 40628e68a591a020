# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gateway's rules by themselves, without sockets: how evenly the queue shares a target among ten people of whom one is greedy, and
what queue, budgets, limits and brake cost. bench_fair says how."""

import json
import subprocess

from bench import note
from gateway_rig import BUILD, MEASURED_CORE, build


def measure():
    build()
    seen = subprocess.run(["taskset", "-c", str(MEASURED_CORE), str(BUILD / "bench/bench_fair")], check=True, capture_output=True, text=True).stdout
    figures = json.loads(seen)
    note(f"Jain index of tokens {figures['jain']:.4f}; a passage through the queue with 1,000 waiting {figures['queue_us']:.2f} µs, asking for a "
         f"position there {figures['position_us']:.2f} µs")
    note(f"budgets, limits and brake {figures['governance_us']:.2f} µs a request, with 1,000 people, 100 routes, five budgets")
    return figures
