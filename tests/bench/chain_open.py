# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the click (POST users/me/runtime/start) until the workspace can be used: the API says ready, the page comes through
Traefik, and OpenClaw's own /readyz answers 200.

The peer is the very `podman run` that made the cell (podman's own record of it), run by hand on the same directories, until
/readyz answers through the cell's socket. Only its name and labels differ, so that the appliance leaves it alone. Rounds
alternate, both sides ask every 25 ms; ours = the difference of the medians."""

import json
import time

from bench import USER, Unix, appliance, got, median, note, now_ms

ROUNDS = 3
EVERY = 0.025
READYZ = {"Host": "clawloops.internal", "X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "https", "X-Openclaw-Scopes": "operator.read"}


def until(condition, seconds=150):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "not usable in time"
        time.sleep(EVERY)


def open_once(bench):
    page = bench.page()
    began = now_ms()
    bench.call("POST", "/users/me/runtime/start", want=202)
    until(lambda: got(page, f"/w/{USER}/", bench.page_headers()) == 200)
    took = now_ms() - began
    until(lambda: bench.status()["ready"])
    names = bench.cell_names()
    door = bench.data / "cells" / names[0].rsplit("-", 1)[1] / "in/in.sock"
    assert got(Unix(door), "/readyz", READYZ) == 200, "the page came before OpenClaw was ready"
    page.close()
    return took, names[0], door


def task_steps(bench):
    """How long the appliance says that each step of the last start took."""
    task = bench.status()["task"] or {"steps": []}
    return {step["name"]: step["durationMs"] for step in task["steps"] if step["durationMs"] is not None}


def stop(bench):
    bench.call("POST", "/users/me/runtime/stop", want=202)
    appliance.wait_for("the cell's end", lambda: bench.status()["observedState"] == "stopped" and not bench.cell_names(), 90)


def by_hand(command):
    """The cell's own command under another name."""
    mine = list(command)
    for index, word in enumerate(mine[:-1]):
        if word == "--name":
            mine[index + 1] = "clawloops-bench-peer"
        elif word == "--label":
            mine[index + 1] = mine[index + 1].replace("io.clawloops.", "io.clawloops-bench.", 1)
    return mine


def peer_once(bench, command, door):
    door.unlink(missing_ok=True)
    began = now_ms()
    bench.podman(*command[1:])
    connection = Unix(door, timeout=3)
    until(lambda: got(connection, "/readyz", READYZ) == 200)
    took = now_ms() - began
    connection.close()
    bench.podman("rm", "-f", "-t", "10", "clawloops-bench-peer")
    return took


def measure(bench):
    note("the first click")
    first, name, door = open_once(bench)
    command = by_hand(json.loads(bench.podman("inspect", name, "--format", "{{json .Config.CreateCommand}}")))
    assert command[0].rsplit("/", 1)[-1] == "podman", command
    ours, theirs, steps = [], [], {}
    try:
        for each in range(ROUNDS):
            stop(bench)
            note(f"round {each + 1} of {ROUNDS}: by hand")
            theirs.append(peer_once(bench, command, door))
            note(f"round {each + 1} of {ROUNDS}: click")
            ours.append(open_once(bench)[0])
            steps = task_steps(bench)
    finally:
        appliance.podman("rm", "-f", "-i", "-t", "2", "clawloops-bench-peer")
    return {"first_open_ms": round(first), "open_rounds": [round(ms) for ms in ours], "peer_rounds": [round(ms) for ms in theirs],
            "open_ms": round(median(ours)), "peer_ms": round(median(theirs)), "ours_ms": round(median(ours) - median(theirs)),
            "steps": steps}
