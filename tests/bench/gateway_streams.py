# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Paced event streams, an event each 100 ms, begun anew every two seconds: 2,000 of them (gaps against the same run without the
gateway, memory of each), and 100 of them (time to the first event, and an event's way, against nginx without buffering)."""

import statistics

from bench import note
from gateway_rig import Rig, build, memory_mb

FRAMES = 20
MANY, MANY_SECONDS = 2_000, 20
FEW, FEW_SECONDS, ROUNDS = 100, 8, 3
GAP_MS = 200


def crowd(rig):
    before = memory_mb(rig.gateway)
    direct, _ = rig.streams("direct", MANY, MANY_SECONDS)
    through, resident = rig.streams("gateway", MANY, MANY_SECONDS, gap=direct["gap_ms"] + GAP_MS, meanwhile=lambda: memory_mb(rig.gateway))
    note(f"{MANY} streams: widest gap {direct['gap_ms']:.0f} ms without, {through['gap_ms']:.0f} ms with the gateway; "
         f"resident {before:.1f} → {resident:.1f} MB; {through['frames']} events")
    return {"streams_clean": through["clean"], "stream_kb": round((resident - before) * 1024 / MANY, 1), "gap_ms_direct": direct["gap_ms"],
            "gap_ms_gateway": through["gap_ms"], "stream_frames": through["frames"]}


def added(rig):
    runs = {"direct": [], "nginx": [], "gateway": []}
    for _ in range(ROUNDS):
        for peer, seen in runs.items():
            seen.append(rig.streams(peer, FEW, FEW_SECONDS)[0])
    out = {}
    for key, name in (("ttft", "first"), ("frame", "way")):
        median = {peer: statistics.median(figures[f"{name}_p99_us"] for figures in seen) for peer, seen in runs.items()}
        over = {peer: median[peer] - median["direct"] for peer in ("nginx", "gateway")}
        note(f"{key} p99: direct {median['direct']:.0f} µs, added by nginx {over['nginx']:.0f}, by the gateway {over['gateway']:.0f}")
        out[f"{key}_p99_ratio"] = round(over["gateway"] / max(over["nginx"], 1), 3)
        out |= {f"{key}_p99_us_{peer}": round(value, 1) for peer, value in median.items()}
    return out


def measure():
    build()
    with Rig() as rig:
        rig.start_upstream(frames=FRAMES)
        rig.start_nginx()
        rig.start_gateway()
        return crowd(rig) | added(rig)
