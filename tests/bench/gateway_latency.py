# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is added to a small request when there is one at a time, divided by what nginx adds: rounds in turn, medians. The connections
take turns too, one of each person, as one alone would soon be told to wait."""

import statistics

from bench import note
from gateway_rig import Rig, build

ROUNDS = 7
REQUESTS = 6_000


def measure():
    build()
    runs = {"direct": [], "nginx": [], "gateway": []}
    with Rig() as rig:
        rig.start_nginx()
        rig.start_gateway()
        for _ in range(ROUNDS):
            for peer, seen in runs.items():
                seen.append(rig.closed(peer, "small", 1, REQUESTS, warm=REQUESTS // 4))
    out = {}
    for part in ("p50", "p99"):
        median = {peer: statistics.median(figures[f"{part}_us"] for figures in seen) for peer, seen in runs.items()}
        added = {peer: median[peer] - median["direct"] for peer in ("nginx", "gateway")}
        note(f"{part}: direct {median['direct']:.1f} µs, added by nginx {added['nginx']:.1f}, by the gateway {added['gateway']:.1f}")
        out[f"added_{part}_ratio"] = round(added["gateway"] / max(added["nginx"], 0.1), 3)
        out |= {f"added_{part}_us_{peer}": round(value, 2) for peer, value in added.items()}
    return out
