# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests a second with everything switched on, divided by nginx's: rounds in turn, medians."""

import os
import statistics

from bench import note
from gateway_rig import Rig, build

ROUNDS = 5
INFLIGHT = 64
BUSY = 0.95


def compared(rig, body, requests):
    runs = {"gateway": [], "nginx": []}
    for round_number in range(ROUNDS + 1):
        for peer, seen in runs.items():
            figures = rig.closed(peer, body, INFLIGHT, requests if round_number else requests // 4)
            if round_number:
                seen.append(figures)
    return {peer: {name: statistics.median(figures[name] for figures in seen) for name in seen[0]} for peer, seen in runs.items()}


def ratio(gateway, nginx):
    """By requests a second where both had their core to themselves and used it, else by processor time."""
    busy = min(gateway["busy"], nginx["busy"]) >= BUSY
    return gateway["rps"] / nginx["rps"] if busy else nginx["cpu_us"] / gateway["cpu_us"]


def measure():
    build()
    out = {}
    with Rig() as rig:
        rig.start_nginx()
        rig.start_gateway()
        for key, body, requests in (("2k", "small", 20_000), ("60k", "agent", 8_000)):
            figures = compared(rig, body, requests)
            out[f"ratio_{key}"] = round(ratio(**figures), 3)
            for peer, seen in figures.items():
                note(f"{key} {peer:8} {seen['rps']:9.0f} requests/s, core {seen['busy']:4.0%} busy, {seen['cpu_us']:6.2f} µs a request, "
                     f"p50 {seen['p50_us']:.0f} µs, p99 {seen['p99_us']:.0f} µs")
                out[f"{peer}_{key}_cpu_us"] = round(seen["cpu_us"], 2)
                out[f"{peer}_{key}_rps"] = round(seen["rps"])
                out[f"{peer}_{key}_busy"] = round(seen["busy"], 3)
    return out
