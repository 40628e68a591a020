#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""tests/bench/run chain [PART]: one chat through the whole product, in times and memory.

    warm    installer/up into an empty prefix and data directory with everything downloaded and built; then once more
    open    click until the workspace is usable, against the same `podman run` by hand
    rss     resident memory of each process of ours, each component and one cell
    hops    a model request and a page request, hop by hop
    fresh   installer/up with an empty cache and an empty image store: many minutes, so only when it is asked for
    show    the table of what was measured last

Without a part: warm, open, rss and hops. Every part leaves its figures in build/bench/chain-PART.json; the table and the
last line (one JSON object) are made from those, with null for what was never measured.
"""

import datetime
import json
import os
import sys
import traceback

import chain_hops
import chain_install
import chain_memory
import chain_open
from bench import Appliance, figures_file, waited_for_quiet

ON_APPLIANCE = {"open": chain_open.measure, "rss": chain_memory.measure, "hops": chain_hops.measure}
ALONE = {"warm": chain_install.warm, "fresh": chain_install.fresh}
USUAL = ["warm", "open", "rss", "hops"]


def keep(part, figures):
    figures["at"] = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
    figures["load"] = round(os.getloadavg()[0], 2)
    figures_file(part).write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def last(part):
    try:
        return json.loads(figures_file(part).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}


def rows(part, figures):
    if part in ("warm", "fresh"):
        yield f"up, {part}", f"{figures['up_s']:.1f} s"
        if "again_s" in figures:
            yield "up, again with nothing to do", f"{figures['again_s']:.1f} s"
        yield from ((f"  {name}", f"{seconds:.1f} s") for seconds, name in figures["steps"])
    elif part == "open":
        yield "click until the workspace is usable", f"{figures['open_ms']:.0f} ms"
        yield from ((f"  step {name}", f"{ms} ms") for name, ms in figures["steps"].items())
        yield "the same podman run by hand until /readyz", f"{figures['peer_ms']:.0f} ms"
        yield "  podman run", f"{figures['peer_podman_ms']} ms"
        yield "  OpenClaw's boot", f"{figures['peer_boot_ms']} ms"
        yield "ours: the difference", f"{figures['ours_ms']:.0f} ms"
        yield "the cell's processor time until ready: click / by hand", f"{figures['open_cell_cpu_ms']} / {figures['peer_cell_cpu_ms']} ms"
        yield "rounds: click / by hand", f"{figures['open_rounds']} / {figures['peer_rounds']}"
        yield "very first click (empty workspace) / its processor time", f"{figures['first_open_ms']:.0f} / {figures['first_cell_cpu_ms']} ms"
        yield from ((f"  step {name}", f"{ms} ms") for name, ms in figures["first_steps"].items())
    elif part == "rss":
        for name, entry in figures["processes"].items():
            yield name, f"{entry['rss_mb']:8.1f} MB resident {entry['pss_mb']:8.1f} MB proportional  {entry['processes']} processes"
    elif part == "hops":
        for name, ms in {**figures["measured_ms"], **figures["hops_ms"], **figures["logged_ms"]}.items():
            yield name, f"{ms:.2f} ms"


def show():
    parts = {part: last(part) for part in ["fresh", *USUAL]}
    for part, figures in parts.items():
        if not figures:
            print(f"\n{part}: not measured here; tests/bench/run chain {part}")
            continue
        print(f"\n{part} (measured {figures['at']}, load {figures['load']})")
        try:
            for name, value in rows(part, figures):
                print(f"  {name:<58} {value}")
        except KeyError as missing:
            print(f"  measured by an earlier version of this bench (no {missing}); tests/bench/run chain {part}")
    opened = parts["open"]
    summary = {
        "up_fresh_s": parts["fresh"].get("up_s"),
        "up_warm_s": parts["warm"].get("up_s"),
        "open_ms": opened.get("open_ms"),
        "ours_ms": opened.get("ours_ms"),
        "rss_mb": {name: entry["rss_mb"] for name, entry in parts["rss"].get("processes", {}).items()} or None,
        "hops_ms": parts["hops"].get("hops_ms"),
    }
    print()
    print(json.dumps(summary))


def main(arguments):
    wanted = arguments or USUAL
    if "-h" in wanted or "--help" in wanted:
        print(__doc__)
        return
    failed = False
    if wanted != ["show"]:
        if unknown := [part for part in wanted if part not in ON_APPLIANCE and part not in ALONE]:
            print(__doc__)
            sys.exit(64 if unknown else 0)
        for part in [part for part in wanted if part in ALONE]:
            waited_for_quiet()
            keep(part, ALONE[part]())
        on_appliance = [part for part in wanted if part in ON_APPLIANCE]
        if on_appliance:
            with Appliance() as appliance:
                for part in on_appliance:
                    waited_for_quiet()
                    try:
                        keep(part, ON_APPLIANCE[part](appliance))
                    except Exception:  # the other parts are still worth their time
                        traceback.print_exc()
                        failed = True
    show()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
