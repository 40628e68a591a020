# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the click (POST users/me/runtime/start) until the workspace can be used: the event stream says ready, the page comes
through Traefik, and OpenClaw's own /readyz answers 200.

The peer is the very `podman run` that made the cell (podman's own record of it), run by hand on the same directories, until
/readyz answers through the cell's socket, asked as often as the appliance asks: each question costs OpenClaw some 15 ms of the
start that is measured. Only its name and labels differ, so that the appliance leaves it alone. Rounds alternate; ours = the
difference of the medians. Processor time of the cell until it is ready stands beside each wall time: it tells OpenClaw's own
work from what the machine did meanwhile."""

import json
import pathlib
import time

from bench import USER, Unix, appliance, got, median, note, now_ms

ROUNDS = 3
EVERY = 0.25  # as the orchestrator (OrchestratorSettings::probeEvery)
READYZ = {"Host": "clawloops.internal", "X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "https", "X-Openclaw-Scopes": "operator.read"}


def until(condition, seconds=150, every=EVERY):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "not usable in time"
        time.sleep(every)


def processor_ms(bench, name):
    """What the container has used of the processors so far, by its control group (v1 or v2)."""
    pid = bench.podman("inspect", name, "--format", "{{.State.Pid}}").strip()
    for line in pathlib.Path(f"/proc/{pid}/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        for file, unit in ((f"/sys/fs/cgroup/{controllers}{path}/cpuacct.usage", 1e6), (f"/sys/fs/cgroup/cpuacct{path}/cpuacct.usage", 1e6),
                           (f"/sys/fs/cgroup{path}/cpu.stat", 1e3)):
            if pathlib.Path(file).is_file() and (controllers == "" or "cpuacct" in controllers.split(",")):
                return float(pathlib.Path(file).read_text().replace("usage_usec", "").split()[0]) / unit
    raise RuntimeError(f"the control group of {name} counts no processor time")


def events_of(bench):
    """The event stream that the portal and the desktop app live from: waiting on it costs the machine nothing."""
    connection = bench.page(bench.state["ports"]["portal"], timeout=150)
    connection.request("GET", "/api/v1/events", headers={"Authorization": f"Bearer {bench.api.token}"})
    answer = connection.getresponse()
    assert answer.status == 200, answer.status
    while answer.readline().strip() != b"event: snapshot":
        pass
    answer.readline()
    return connection, answer


def until_ready(events):
    for line in events:
        if line.startswith(b"data: ") and json.loads(line[6:]).get("ready") is True:
            return


def open_once(bench):
    """Milliseconds, the appliance's own times of its steps, the container's name, and the cell's socket."""
    page = bench.page()
    got(page, "/", {})  # the browser has a connection already
    connection, events = events_of(bench)
    began = now_ms()
    task = bench.call("POST", "/users/me/runtime/start", want=202)["task"]
    until_ready(events)
    until(lambda: got(page, f"/w/{USER}/", bench.page_headers()) == 200, every=0.025)
    took = now_ms() - began
    worked = processor_ms(bench, bench.cell_names()[0])
    connection.close()
    page.close()
    name = bench.cell_names()[0]
    door = bench.data / "cells" / name.rsplit("-", 1)[1] / "in/in.sock"
    assert got(Unix(door), "/readyz", READYZ) == 200, "the page came before OpenClaw was ready"
    steps = bench.call("GET", f"/runtime/tasks/{task['taskId']}")["steps"]
    return (took, worked), {step["name"]: step["durationMs"] for step in steps if step["durationMs"] is not None}, name, door


def wipe(bench):
    def observed():
        status, runtime, _ = bench.api.call("GET", "/api/v1/users/me/runtime/status")
        return runtime["observedState"] if status == 200 else "deleted"

    if observed() != "deleted":
        bench.call("POST", "/users/me/runtime/delete", {"retentionPolicy": "wipe_workspace"}, want=202)
        appliance.wait_for("the workspace's end", lambda: observed() == "deleted", 90)


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
    runs = now_ms()
    connection = Unix(door, timeout=3)
    until(lambda: got(connection, "/readyz", READYZ) == 200)
    took = runs - began, now_ms() - runs, processor_ms(bench, "clawloops-bench-peer")
    connection.close()
    # As the appliance stops it: OpenClaw that was killed would boot slower in the next round, which is the other side's.
    bench.podman("stop", "clawloops-bench-peer")
    appliance.wait_for("podman to let go of the container", lambda: appliance.podman("rm", "-i", "clawloops-bench-peer").returncode == 0, 20)
    return took


def measure(bench):
    note("the first click, into an empty workspace")
    wipe(bench)
    first, first_steps, name, door = open_once(bench)
    command = by_hand(json.loads(bench.podman("inspect", name, "--format", "{{json .Config.CreateCommand}}")))
    assert command[0].rsplit("/", 1)[-1] == "podman", command
    ours, theirs, steps = [], [], []
    try:
        for each in range(ROUNDS):
            stop(bench)
            note(f"round {each + 1} of {ROUNDS}: by hand")
            theirs.append(peer_once(bench, command, door))
            note(f"round {each + 1} of {ROUNDS}: click")
            took, own, _, _ = open_once(bench)
            ours.append(took)
            steps.append(own)
    finally:
        appliance.podman("rm", "-f", "-i", "-t", "2", "clawloops-bench-peer")
    # Of every round: peer = podman run until it returns, then OpenClaw's boot.
    whole = [run + boot for run, boot, _ in theirs]
    return {"first_open_ms": round(first[0]), "first_cell_cpu_ms": round(first[1]), "first_steps": first_steps, "open_rounds": [round(ms) for ms, _ in ours],
            "peer_rounds": [round(ms) for ms in whole], "open_ms": round(median([ms for ms, _ in ours])),
            "open_cell_cpu_ms": round(median([cpu for _, cpu in ours])), "peer_cell_cpu_ms": round(median([cpu for _, _, cpu in theirs])), "peer_ms": round(median(whole)),
            "peer_podman_ms": round(median([one[0] for one in theirs])), "peer_boot_ms": round(median([one[1] for one in theirs])),
            "ours_ms": round(median([ms for ms, _ in ours]) - median(whole)),
            "steps": {step: round(median([one.get(step, 0) for one in steps])) for step in steps[0]}}
