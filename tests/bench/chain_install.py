# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""installer/up as a person runs it, into a prefix and a data directory of its own; the cache is the account's or an empty one.

Debian's packages are what the machine has: a machine without them adds apt's time, which says more about its mirror.
CLAWLOOPS_BENCH_BUILD names the build directory of `warm`; without it that is build/release, or build/dev where only that was
made, since what `warm` measures begins after the build."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time

from bench import ROOT, appliance, note

PORTS = ("portal", "workspace", "api", "check", "relay", "gateway")


class Installation:
    def __init__(self, **environment):
        # Under /var/tmp: gigabytes, and a unix socket's path must stay short.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="clb-", dir="/var/tmp"))
        self.folder.chmod(0o755)
        self.data = self.folder / "d"
        self.environment = {**os.environ, **environment}
        self.ports = dict(zip(PORTS, appliance.free_ports(len(PORTS))))

    def __enter__(self):
        return self

    def up(self, build):
        """Seconds, and what installer/up itself says of each step."""
        command = [str(ROOT / "installer/up"), "--prefix", str(self.folder / "prefix"), "--data", str(self.data), "--host", "localhost",
                   "--build-dir", str(build)]
        for name, port in self.ports.items():
            command += [f"--{name}-port", str(port)]
        log = self.folder / "up.log"
        began = time.monotonic()
        with log.open("w", encoding="utf-8") as output:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=self.environment)
        seconds = round(time.monotonic() - began, 2)
        text = log.read_text(encoding="utf-8")
        if done.returncode != 0:
            raise SystemExit(f"{text}\ninstaller/up ended with {done.returncode}")
        steps = [(float(s), name) for s, name in re.findall(r"^ +([0-9.]+) s  (.+)$", text.split("Where the time went:")[-1], re.M)]
        return seconds, [step for step in steps if step[0] >= 0.1]

    def __exit__(self, *_):
        note("removing the installation")
        if (self.data / ".clawloops").exists():
            # Its unit too, where systemd runs.
            done = subprocess.run([str(ROOT / "installer/uninstall"), "--wipe", "--data", str(self.data), "--prefix", str(self.folder / "prefix")],
                                  input="wipe\n", text=True, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=600)
            if done.returncode != 0:
                note(f"installer/uninstall ended with {done.returncode}: {done.stdout}")
        store = self.folder / "store"
        if store.exists():
            # Its own image store: nothing of it is mounted any more once podman took the image back.
            subprocess.run(["podman", "rmi", "-af"], env=self.environment, stdin=subprocess.DEVNULL, capture_output=True)
            for mount in reversed(pathlib.Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()):
                where = mount.split()[1]
                if where.startswith(str(self.folder) + "/"):
                    subprocess.run(["umount", where], capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)


def warm():
    made = [ROOT / "build" / name for name in ("release", "dev") if (ROOT / "build" / name / "build.ninja").exists()]
    build = pathlib.Path(os.environ.get("CLAWLOOPS_BENCH_BUILD") or (made or [ROOT / "build/release"])[0])
    note(f"bringing {build.name} up to date, not timed")
    subprocess.run(["bash", "-c", '. "$0/installer/lib/common.sh"; . "$0/installer/lib/system.sh"; build_programs "$1"', str(ROOT), str(build)],
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
    with Installation() as installation:
        note("up with an empty prefix and data directory")
        seconds, steps = installation.up(build)
        note("up with nothing to do")
        again, _ = installation.up(build)
    return {"up_s": seconds, "again_s": again, "steps": steps, "build": build.name}


def fresh():
    """Cache, build directory, compiler cache and image store all begin empty; the account's own stay as they are."""
    with Installation() as installation:
        folder = installation.folder
        store = folder / "store"
        store.mkdir()
        configuration = folder / "storage.conf"
        configuration.write_text(f'[storage]\ndriver = "overlay"\ngraphroot = "{store}/graph"\nrunroot = "{store}/run"\n', encoding="utf-8")
        installation.environment.update(CLAWLOOPS_CACHE=str(folder / "cache"), CCACHE_DIR=str(folder / "ccache"), XDG_CACHE_HOME=str(folder / "xdg"),
                                        CONTAINERS_STORAGE_CONF=str(configuration))
        note("up with nothing downloaded and nothing built: many minutes")
        seconds, steps = installation.up(folder / "build")
    return {"up_s": seconds, "steps": steps}
