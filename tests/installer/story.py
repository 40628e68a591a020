#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of one installation, told to the real scripts: refused, started, started again, stopped, altered, put right,
removed with the data kept, taken up again and wiped. Every fault is made on the one data directory that must run afterwards.

Needs CLAWLOOPS_TEST_PREFIX (tests/env).
"""

import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PORTS = ("portal", "workspace", "api", "check", "relay", "gateway")


def free_ports():
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in PORTS]
    ports = {name: one.getsockname()[1] for name, one in zip(PORTS, sockets)}
    for one in sockets:
        one.close()
    return ports


class Story:
    def __init__(self, folder):
        self.folder = folder
        self.prefix = folder / "p"
        self.data = folder / "d"
        self.ports = free_ports()

    def script(self, name, *flags, stdin=""):
        began = time.monotonic()
        done = subprocess.run([ROOT / "installer" / name, *map(str, flags)], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, timeout=600, check=False)
        took = time.monotonic() - began
        print(f"--- {name} {' '.join(map(str, flags))}: {done.returncode} after {took:.1f} s\n{done.stdout}", flush=True)
        return done.returncode, done.stdout, took

    def up(self, *flags):
        ports = [part for name, port in self.ports.items() for part in (f"--{name}-port", port)]
        return self.script("up", "--no-build", "--prefix", self.prefix, "--data", self.data, "--host", "localhost", *ports, *flags)

    def refused(self, outcome, code, *parts):
        assert outcome[0] == code, f"ended with {outcome[0]}, not {code}"
        sentences = [line for line in outcome[1].splitlines() if line.startswith("clawloops: ")]
        assert len(sentences) == 1, f"said {len(sentences)} sentences"
        for part in parts:
            assert part in sentences[0], f"'{part}' is not in: {sentences[0]}"

    def status(self):
        done = subprocess.run([self.prefix / "bin/clawloops-supervisor", "status", "--data", self.data], capture_output=True, text=True, timeout=30, check=False)
        return {line.split()[0]: line for line in done.stdout.splitlines()} if done.returncode == 0 else {}

    def pids(self):
        return {name: re.search(r"pid (\d+)", line).group(1) for name, line in self.status().items() if "running" in line}

    def link(self, text):
        found = re.search(r"https://localhost:(\d+)/#bootstrap=(\S{40,})", text)
        return found and (int(found.group(1)), found.group(2))


def tell(story):
    # Wrong settings: nothing is written, so the right ones have nothing to trip over.
    story.refused(story.up("--set", "ports.portl=1"), 64, "ports.portl", "ports.portal")
    story.refused(story.up("--set", "log.level=loud"), 64, "log.level")
    assert not (story.data / "clawloops.conf").exists(), "a refused setting was written"

    # An altered component and a truncated model, found before anything starts.
    traefik, model = story.prefix / "components/traefik", story.prefix / "components/starter.gguf"
    for file, harm, word in ((traefik, lambda path: path.write_bytes(b"#!/bin/sh\n" + bytes(path.stat().st_size - 10)), "altered"),
                             (model, lambda path: os.truncate(path, 1_000_000), "truncated")):
        kept = file.with_name("kept")
        shutil.copy2(file, kept)
        harm(file)
        story.refused(story.up(), 69, str(file), word, "--repair")
        os.replace(kept, file)

    # The first start.
    code, text, _ = story.up()
    assert code == 0, "the start failed"
    first = story.link(text)
    assert first and first[0] == story.ports["portal"], "no sign-in link for this portal was printed"
    pids = story.pids()
    assert {"postgres", "starter-model", "litellm", "runtimed", "relay", "gateway", "clawloopsd", "traefik"} <= set(pids), f"not everything runs: {pids}"
    answer = subprocess.run(["curl", "--silent", "--show-error", "--cacert", story.data / "pki/lan-ca.crt", "-o", "/dev/null", "-w", "%{http_code}",
                             f"https://localhost:{story.ports['portal']}/"], capture_output=True, text=True, timeout=30, check=False)
    assert answer.stdout == "200", f"the portal answered {answer.stdout} {answer.stderr}"

    # The second run has nothing to do: it touches no process, and is quick. 10 s is what the product promises.
    code, text, took = story.up()
    assert code == 0 and story.pids() == pids, "the second run restarted something"
    assert took <= 10, f"the second run took {took:.1f} s"
    second = story.link(text)
    assert second and second[1] != first[1], "the second run printed no link of its own"

    # A port taken by somebody else stops the next start with a sentence; freed, it starts.
    code, text, _ = story.script("down", "--data", story.data)
    assert code == 0 and not story.status(), "down left something running"
    for pid in pids.values():
        assert not pathlib.Path(f"/proc/{pid}").exists(), f"process {pid} outlived down"
    with socket.create_server(("0.0.0.0", story.ports["portal"])):
        story.refused(story.up(), 71, f"port {story.ports['portal']}", "already used")

    # Another version's database is left alone.
    version = story.data / "pg/cluster/PG_VERSION"
    was = version.read_text()
    version.write_text("9\n")
    story.refused(story.up(), 76, "PostgreSQL 9")
    version.write_text(was)

    # Killed without warning, then taken up again.
    assert story.up()[0] == 0
    before = story.pids()
    supervisor = int((story.data / "lock").read_text().split()[0])
    os.kill(supervisor, signal.SIGKILL)
    time.sleep(0.5)
    assert story.up()[0] == 0, "it did not come back after its supervisor was killed"
    assert story.pids() == before, "survivors were started a second time"

    # Removed: the data stays; taken up again: the instance is the same; wiped only when the word is typed.
    mark = (story.data / ".clawloops").read_text()
    kept = story.folder / "kept"
    subprocess.run(["cp", "-a", story.prefix, kept], check=True)
    assert story.script("uninstall", "--data", story.data, "--prefix", story.prefix)[0] == 0
    assert not story.prefix.exists() and (story.data / "pg/cluster").exists(), "uninstall took the data or left the programs"
    os.rename(kept, story.prefix)
    assert story.up()[0] == 0, "the kept data was not taken up again"
    assert (story.data / ".clawloops").read_text() == mark
    story.refused(story.script("uninstall", "--data", story.data, "--prefix", story.prefix, "--wipe", stdin="no\n"), 64, "Nothing was removed")
    assert len(story.pids()) >= 8, "a wipe that was not confirmed stopped something"
    assert story.script("uninstall", "--data", story.data, "--prefix", story.prefix, "--wipe", stdin="wipe\n")[0] == 0
    assert not story.data.exists() and not story.prefix.exists(), "the wipe left something"


def main():
    built = os.environ.get("CLAWLOOPS_TEST_PREFIX")
    if not built:
        sys.exit('CLAWLOOPS_TEST_PREFIX is not set: run `eval "$(tests/env)"` first, or use tests/run.')
    folder = pathlib.Path(tempfile.mkdtemp(prefix="cl-", dir="/tmp"))
    folder.chmod(0o755)
    story = Story(folder)
    try:
        subprocess.run(["cp", "-a", built, story.prefix], check=True)
        tell(story)
    except BaseException:
        for log in sorted((story.data / "log").glob("*.log")):
            print(f"=== {log.name}\n{log.read_text(errors='replace')[-2500:]}")
        raise
    finally:
        if (story.data / ".clawloops").exists():
            story.script("uninstall", "--data", story.data, "--prefix", story.prefix, "--wipe", stdin="wipe\n")
        shutil.rmtree(folder, ignore_errors=True)


main()
