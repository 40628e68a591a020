# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Usage in a throw-away PostgreSQL, through the control plane's own statements: how many events a second are stored, and how long the
usage page takes by person, route and day. bench_usage says how."""

import json
import subprocess

from bench import ROOT, note
from gateway_rig import BUILD


def measure(events=1_000_000):
    if not (BUILD / "build.ninja").exists():
        subprocess.run(["cmake", "--preset", "release"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", str(BUILD), "-j2", "--target", "bench_usage"], check=True, stdout=subprocess.DEVNULL)
    seen = subprocess.run([str(BUILD / "bench/bench_usage"), str(events)], check=True, stdout=subprocess.PIPE, text=True).stdout
    figures = json.loads(seen)
    note(f"{events} events, stored {figures['usage_stored_s']:.0f} a second; the usage page by person, route or day: p50 {figures['usage_p50_ms']:.1f} ms, "
         f"p99 {figures['usage_p99_ms']:.1f} ms; by target: p99 {figures['usage_target_p99_ms']:.1f} ms")
    return figures
