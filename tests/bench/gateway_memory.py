# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the gateway holds: idle with everything configured, and after a million requests compared with after ten thousand. The usage
events are taken meanwhile, as clawloopsd does. As fast as the people's own pace allows, which takes a minute and a half."""

import threading

from bench import note
from gateway_rig import Rig, build, memory_mb

FIRST, ALL = 10_000, 1_000_000
RATE = 11_000


def measure():
    build()
    with Rig() as rig:
        rig.start_gateway()
        idle = memory_mb(rig.gateway)
        stop = threading.Event()
        taken = []
        drain = threading.Thread(target=lambda: taken.append(rig.drain(stop)))
        drain.start()
        try:
            rig.closed("gateway", "small", 64, FIRST, rate=RATE)
            early = memory_mb(rig.gateway)
            rig.closed("gateway", "small", 64, ALL - FIRST, rate=RATE)
            late = memory_mb(rig.gateway)
        finally:
            stop.set()
            drain.join()
    note(f"idle {idle:.1f} MB, after {FIRST} requests {early:.1f} MB, after {ALL} {late:.1f} MB; {taken} usage events were taken")
    return {"rss_idle_mb": round(idle, 1), "rss_growth": round(late / early, 3), "rss_early_mb": round(early, 1), "rss_late_mb": round(late, 1),
            "usage_events": taken[0] if taken else 0}
