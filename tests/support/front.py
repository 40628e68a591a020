#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything in front of the cells, real: supervisor, PostgreSQL, Traefik, clawloopsd, relay and gateway, each under an account
of its own; behind them a runtime manager that stalls and fails on demand (held_runtimed.py). Up in seconds, on ports of its own.

  front.py STATE.json    brings it up, writes a state file as appliance.py does, prints "ready"; ends with its standard input

Needs CLAWLOOPS_PROGRAMS (the folder of the programs) and CLAWLOOPS_COMPONENTS."""

import json
import os
import pathlib
import pwd
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAMS = pathlib.Path(os.environ.get("CLAWLOOPS_PROGRAMS") or ROOT / "build/dev/bin")
os.environ.setdefault("CLAWLOOPS_SUPERVISOR", str(PROGRAMS / "clawloops-supervisor"))
sys.path.insert(0, str(ROOT / "tests/integration/supervisor"))
import supervisor_fixture  # noqa: E402


class Front(supervisor_fixture.Fixture):
    def __init__(self):
        super().__init__()
        here = ROOT / "tests/support"
        for name in ("clawloopsd", "clawloops-relay", "clawloops-gateway"):
            (self.bin / name).unlink()
            shutil.copy(PROGRAMS / name, self.bin / name)
        for name in ("held_runtimed.py", "held_cell.py"):
            shutil.copy(here / name, self.folder / name)
            (self.folder / name).chmod(0o755)
        (self.bin / "clawloops-runtimed").unlink()
        (self.bin / "clawloops-runtimed").symlink_to(self.folder / "held_runtimed.py")
        shutil.copytree(ROOT / "resources", self.folder / "share", ignore=shutil.ignore_patterns("docs", "litellm"))
        (self.folder / "seen").mkdir()
        (self.folder / "seen").chmod(0o777)

    def flags(self, **others):
        return super().flags(**{"host.name": "localhost", "paths.share": self.folder / "share", "log.level": "info", **others})

    def link(self):
        """A sign-in link for the first admin, made as installer/up makes it."""
        command = [str(self.bin / "clawloopsd"), "bootstrap-link", "--data", str(self.data), "--host", "localhost",
                   "--portal-port", str(self.ports["portal"])]
        if os.geteuid() == 0:
            account = pwd.getpwnam(supervisor_fixture.ACCOUNTS["control"])
            command = ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups", *command]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd="/")
        found = re.search(r"https://\S+#bootstrap=\S+", done.stdout)
        if not found:
            raise AssertionError(f"no sign-in link: {done.stdout}{done.stderr}")
        return found.group(0)

    def write_state(self, path):
        state = {"folder": str(self.folder), "data": str(self.data), "host": "localhost", "ports": self.ports,
                 "portal": f"https://localhost:{self.ports['portal']}", "workspace": f"https://localhost:{self.ports['workspace']}",
                 "ca": str(self.data / "pki/lan-ca.crt"), "link": self.link()}
        pathlib.Path(path).write_text(json.dumps(state), encoding="utf-8")


def main():
    front = Front()
    try:
        front.start()
        front.wait_running(90)
        front.write_state(sys.argv[1])
        print("ready", flush=True)
        sys.stdin.read()
    except BaseException:
        print((front.folder / "supervisor.log").read_text(encoding="utf-8", errors="replace")[-4000:], file=sys.stderr)
        raise
    finally:
        front.remove()


if __name__ == "__main__":
    main()
