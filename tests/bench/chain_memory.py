# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resident memory of an idle appliance with one running cell. Each figure is a process with all its children, from
/proc/PID/smaps_rollup: `rss_mb` counts a page in every process that has it (PostgreSQL's shared buffers many times),
`pss_mb` shares it out. The cell is clawloops-cell and everything beneath it; podman's conmon is counted apart."""

import collections
import os
import pathlib
import re
import subprocess
import tempfile
import time

from bench import control, note


def children():
    below = collections.defaultdict(list)
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                below[int(entry.joinpath("stat").read_text().rsplit(")", 1)[1].split()[1])].append(int(entry.name))
            except OSError:
                continue
    return below


def tree(pid, below, without=()):
    todo, found = [pid], []
    while todo:
        one = todo.pop()
        if one in without:
            continue
        found.append(one)
        todo += below[one]
    return found


def memory_of(pids):
    total = collections.Counter()
    for pid in pids:
        try:
            text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:  # it ended meanwhile, or it is a zombie
            continue
        total["processes"] += 1
        for name, kib in re.findall(r"^(Rss|Pss): +(\d+) kB", text, re.M):
            total[name] += int(kib)
    return {"rss_mb": round(total["Rss"] / 1024, 1), "pss_mb": round(total["Pss"] / 1024, 1), "processes": total["processes"]}


def desktop(bench):
    """The desktop app offscreen at its sign-in page, with a home of its own."""
    program = pathlib.Path(bench.state["prefix"]) / "bin/clawloops"
    if not program.exists():
        return None
    with tempfile.TemporaryDirectory(prefix="clb-") as home:
        environment = {**os.environ, "HOME": home, "XDG_CONFIG_HOME": home, "XDG_RUNTIME_DIR": home, "QT_QPA_PLATFORM": "offscreen"}
        app = subprocess.Popen([str(program), "--server", bench.state["portal"], "--run", str(bench.run)], env=environment,
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            time.sleep(5)
            return memory_of([app.pid])
        finally:
            app.kill()
            app.wait()


def measure(bench):
    name, _ = bench.start_cell()
    note("letting it come to rest")
    time.sleep(15)
    components = control(bench.run / "supervisor/control.sock", "status")["components"]
    pids = {component["name"]: component["pid"] for component in components}
    below = children()
    everything = {}
    supervisor = int((bench.data / "lock").read_text())
    everything["supervisor"] = memory_of([supervisor])
    cell = int(bench.podman("inspect", name, "--format", "{{.State.Pid}}"))
    monitor = int(bench.podman("inspect", name, "--format", "{{.State.ConmonPid}}"))
    for component, pid in pids.items():
        everything[component] = memory_of(tree(pid, below, without=(cell, monitor)))
    everything["clawloops-cell"] = memory_of([cell])
    everything["openclaw"] = memory_of([pid for pid in tree(cell, below) if pid != cell])
    everything["conmon"] = memory_of([monitor])
    if app := desktop(bench):
        everything["desktop app"] = app
    return {"processes": everything}
