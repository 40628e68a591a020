#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9 of each component of a running appliance, one after the other: within three seconds its state, and its alone, is no
longer `running`, with a sentence that says why; then it runs again as a new process, and every other process and every cell
is the one it was.

What the desktop app lives from, GET /api/v1/events, is watched through the entry; the supervisor's control socket beside it,
and alone while the entry or the control plane is the victim. Needs CLAWLOOPS_STATE, root (or the appliance's own account).
"""

import contextlib
import json
import os
import pathlib
import signal
import socket
import sys
import threading
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import appliance  # noqa: E402
import people  # noqa: E402

SEEN_WITHIN = 3.0
BEHIND_THE_EVENTS = {"clawloopsd", "traefik"}  # without these there is no event stream to see it by
AGAIN_WITHIN = {"litellm": 240, "starter-model": 180, "postgres": 90}  # its own start, on a busy machine


class Watch(threading.Thread):
    """Every state of every component as one source says it, with the time it came: notes = [(time, name, state, sentence)]."""

    def __init__(self):
        super().__init__(daemon=True)
        self.notes = []
        self.listening = threading.Event()
        self.ended = None

    def run(self):
        try:
            self.listen()
        except (OSError, ValueError) as error:
            self.ended = str(error)

    def note(self, component):
        self.notes.append((time.monotonic(), component["name"], component["state"], component.get("sentence") or ""))

    def wait_listening(self):
        if not self.listening.wait(30):
            raise AssertionError(f"{type(self).__name__} did not begin: {self.ended}")


class ControlWatch(Watch):
    """The supervisor's own events."""

    def __init__(self, state):
        super().__init__()
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(str(pathlib.Path(state["data"]) / "run/supervisor/control.sock"))

    def listen(self):
        self.socket.sendall(b'{"id":1,"verb":"status","args":{}}\n')
        with self.socket.makefile("r", encoding="utf-8") as lines:
            for line in lines:
                message = json.loads(line)
                if message.get("id") == 1:
                    self.listening.set()
                elif message.get("event") == "component":
                    self.note(message["data"])

    def close(self):
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


class EventWatch(Watch):
    """The API's event stream, through the entry."""

    def __init__(self, api):
        super().__init__()
        request = urllib.request.Request(api.base + "/api/v1/events", headers={"Authorization": "Bearer " + api.token})
        self.answer = urllib.request.urlopen(request, context=api.context, timeout=60)

    def listen(self):
        event = None
        for raw in self.answer:
            line = raw.decode().rstrip("\n")
            if line.startswith("event: "):
                event = line.removeprefix("event: ")
            elif line.startswith("data: ") and event == "snapshot":
                self.listening.set()
            elif line.startswith("data: ") and event == "component":
                self.note(json.loads(line.removeprefix("data: ")))

    def close(self):  # its thread ends with the process, or with the connection
        pass


def ask_supervisor(state):
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(10)
        connection.connect(str(pathlib.Path(state["data"]) / "run/supervisor/control.sock"))
        connection.sendall(b'{"id":1,"verb":"status","args":{}}\n')
        with connection.makefile("r", encoding="utf-8") as lines:
            for line in lines:
                message = json.loads(line)
                if message.get("id") == 1:
                    return {one["name"]: one for one in message["ok"]["components"]}
    raise AssertionError("the supervisor closed the connection without an answer")


def all_running(state):
    now = ask_supervisor(state)
    return now if all(one["state"] == "running" for one in now.values()) else None


def running_as(pid):
    return {"state": "running", "pid": pid}


def shown(api):
    """name → what the API shows of it."""
    return {one["name"]: {key: one[key] for key in ("state", "pid")} for one in api.get("/api/v1/admin/components")["items"]}


def kill(state, api, victim):
    """Kills it and looks; returns the problems found, as sentences."""
    before = appliance.wait_for("everything to run", lambda: all_running(state), 120)
    cells = people.cells(state)
    watches = [ControlWatch(state)]
    if victim not in BEHIND_THE_EVENTS:
        watches.append(EventWatch(api))
    for watch in watches:
        watch.start()
        watch.wait_listening()

    killed = time.monotonic()
    os.kill(before[victim]["pid"], signal.SIGKILL)

    def again():
        now = all_running(state)
        return now if now and now[victim]["pid"] != before[victim]["pid"] else None

    after = appliance.wait_for(f"{victim} to run again", again, AGAIN_WITHIN.get(victim, 60))
    back = time.monotonic() - killed
    # What the API shows follows the control socket; it has to say so too, and be right about the process.
    appliance.wait_for(f"the API to show {victim} running", lambda: shown(api).get(victim) == running_as(after[victim]["pid"]), 30)
    time.sleep(1.5)  # longer than the supervisor's next look at everybody: a neighbour that suffers would show now
    problems = []
    first = []
    for watch in watches:
        source = type(watch).__name__
        watch.close()
        bad = [note for note in watch.notes if note[0] >= killed and note[2] != "running"]
        own = [note for note in bad if note[1] == victim]
        first.append(f"{own[0][0] - killed:.2f}" if own else "never")
        if not own or own[0][0] - killed > SEEN_WITHIN:
            problems.append(f"{source}: {victim} turned bad after {first[-1]} s")
        elif not own[0][3]:
            problems.append(f"{source}: {victim} turned {own[0][2]} without a sentence")
        others = sorted({f"{note[1]} {note[2]} ({note[3]})" for note in bad if note[1] != victim})
        if others:
            problems.append(f"{source}: not {victim} alone: {', '.join(others)}")
    changed = [name for name in before if before[name]["pid"] != after[name]["pid"]]
    if changed != [victim]:
        problems.append(f"other processes than {victim} are new: {changed}")
    if people.cells(state) != cells:
        problems.append(f"the cells changed from {cells} to {people.cells(state)}")
    print(f"{victim}: seen after {' / '.join(first)} s, runs again after {back:.1f} s" + "".join("\n  " + one for one in problems), flush=True)
    return [f"{victim}: {one}" for one in problems]


def main():
    state_file = os.environ.get("CLAWLOOPS_STATE")
    if not state_file:
        sys.exit("CLAWLOOPS_STATE is not set: it names the state file of tests/support/appliance.py.")
    state = appliance.read(state_file)
    api = people.ensure_admin(state_file)
    people.ensure_runtime(api)
    names = sys.argv[1:] or list(ask_supervisor(state))
    expected = {"postgres", "starter-model", "litellm", "runtimed", "relay", "gateway", "clawloopsd", "traefik"}
    problems = []
    if not sys.argv[1:] and set(names) != expected:
        problems.append(f"the components are {sorted(names)}, not {sorted(expected)}")
    for victim in names:
        problems += kill(state, api, victim)
    people.ensure_runtime(api)  # and it is usable after all that
    if problems:
        sys.exit("\n".join(problems))


if __name__ == "__main__":
    main()
