# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""orphans.py STATE: the process numbers of parts that the supervisor's state file (state/supervisor.json) knows and that still
run, one a line. A number that another process has by now, or that was noted before the machine's last start, is none."""

import json
import pathlib
import sys


def start_time(pid):
    try:
        return int(pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[19])
    except (OSError, IndexError, ValueError):
        return None


def main(file):
    try:
        state = json.loads(pathlib.Path(file).read_text(encoding="utf-8"))
        if state["boot"] != pathlib.Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip():
            return
        noted = [(process["pid"], process["startTime"]) for process in state["processes"].values()]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return
    for pid, started in noted:
        if start_time(pid) == started:
            print(pid)


main(sys.argv[1])
