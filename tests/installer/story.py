#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of one installation, told to the real scripts: refused, killed at every step, started, started again, stopped,
altered, put right, given another image and a cell from it that chats, removed with the data kept, taken up again and wiped. Every
fault is made on the one data directory that must run afterwards.

Needs CLAWLOOPS_TEST_PREFIX, CLAWLOOPS_IMAGE and CLAWLOOPS_NODE_MODULES (tests/env).
"""

import json
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

from image_registry import ImageRegistry

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
        self.environment = dict(os.environ)

    def script(self, name, *flags, stdin=""):
        began = time.monotonic()
        done = subprocess.run([ROOT / "installer" / name, *map(str, flags)], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, timeout=600, check=False, env=self.environment)
        took = time.monotonic() - began
        print(f"--- {name} {' '.join(map(str, flags))}: {done.returncode} after {took:.1f} s\n{done.stdout}", flush=True)
        return done.returncode, done.stdout, took

    def flags(self):
        ports = [part for name, port in self.ports.items() for part in (f"--{name}-port", str(port))]
        return ["--no-build", "--prefix", self.prefix, "--data", self.data, "--host", "localhost", *ports]

    def up(self, *flags):
        return self.script("up", *self.flags(), *flags)

    def killed_up(self, reached):
        """Runs `up` until reached(its last line) says so, then kills it without warning; what it started lives on."""
        run = subprocess.Popen([ROOT / "installer/up", *self.flags()], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               text=True, start_new_session=True, env=self.environment)
        for line in run.stdout:
            if reached(line):
                os.kill(run.pid, signal.SIGKILL)
                break
        else:
            raise AssertionError("up ended before it could be killed")
        run.wait()
        run.stdout.close()

    def arguments(self, component):
        return pathlib.Path(f"/proc/{self.pids()[component]}/cmdline").read_text().split("\0")

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

    def chat(self, secret):
        """From the sign-in link in Chromium to an answer of the model: the first person's cell starts from the image in use."""
        state = self.folder / "state.json"
        portal = f"https://localhost:{self.ports['portal']}"
        state.write_text(json.dumps({"portal": portal, "workspace": f"https://localhost:{self.ports['workspace']}",
                                     "link": f"{portal}/#bootstrap={secret}"}), encoding="utf-8")
        subprocess.run(["node", "--test", "--test-reporter=spec", ROOT / "tests/installer/first_chat.test.mjs"],
                       env={**os.environ, "CLAWLOOPS_STATE": str(state)}, timeout=900, check=True)

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

    # Killed without warning after every step, and at last with the supervisor started and the parts half-way.
    for title in ("checks", "component files"):
        story.killed_up(lambda line, title=title: re.search(rf"done .* {title}$", line))
    lock = story.data / "lock"

    def supervisor_started(line):
        end = time.monotonic() + 120
        while line.rstrip().endswith("component files") and time.monotonic() < end:
            if lock.exists() and lock.read_text().strip():
                return True
            time.sleep(0.05)
        return False

    story.killed_up(supervisor_started)
    first_supervisor = lock.read_text().split()[0]

    # The first start that is left alone goes on with what the killed ones began.
    code, text, _ = story.up()
    assert code == 0, "the start failed"
    assert lock.read_text().split()[0] == first_supervisor, "the supervisor of the killed run was started a second time"
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

    # A run that was killed after it wrote a setting and before the restart: the next one sees what runs, not what it did itself.
    assert "debug" not in story.arguments("clawloopsd")
    subprocess.run([sys.executable, ROOT / "installer/lib/settings.py", story.data / "clawloops.conf", "set", "log.level=debug"], check=True)
    assert story.up()[0] == 0 and "debug" in story.arguments("clawloopsd"), "a setting that was written was not brought to life"
    pids = story.pids()

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

    # An image of the admin's own choice, by digest, from a registry: one that is not there is refused, one that is gets used and
    # stays until it is said otherwise.
    conf = story.data / "clawloops.conf"
    written = conf.read_text()
    missing = story.registry.reference[:-64] + 64 * "0"
    story.refused(story.up("--image", missing), 69, missing, "could not be pulled", "Check the reference")
    assert conf.read_text() == written, "an image that is not there was written into the settings"
    code, text, _ = story.up("--image", story.registry.reference)
    assert code == 0
    assert any("/blobs/" in path for path in story.registry.asked), "the image was not pulled"
    assert story.registry.reference in story.arguments("clawloopsd"), "the chosen image is not the one in use"
    story.chat(story.link(text)[1])
    running = subprocess.run(["podman", "ps", "--format", "{{.Image}}"], capture_output=True, text=True, check=True).stdout.split()
    assert running.count(story.registry.reference) == 1, f"no cell runs the chosen image: {running}"

    # Killed without warning, then taken up again.
    before = story.pids()
    supervisor = int((story.data / "lock").read_text().split()[0])
    os.kill(supervisor, signal.SIGKILL)
    time.sleep(0.5)
    assert story.up()[0] == 0, "it did not come back after its supervisor was killed"
    assert story.pids() == before, "survivors were started a second time"
    assert story.registry.reference in conf.read_text(), "the chosen image did not stay"

    # Removed, although its supervisor was killed and the parts live on: the data stays; taken up again: the instance is the same; wiped only when the word is typed.
    mark = (story.data / ".clawloops").read_text()
    kept = story.folder / "kept"
    subprocess.run(["cp", "-a", story.prefix, kept], check=True)
    os.kill(int((story.data / "lock").read_text().split()[0]), signal.SIGKILL)
    assert story.script("uninstall", "--data", story.data, "--prefix", story.prefix)[0] == 0
    for pid in before.values():
        assert not pathlib.Path(f"/proc/{pid}").exists(), f"process {pid} outlived its installation"
    assert not story.prefix.exists() and (story.data / "pg/cluster").exists(), "uninstall took the data or left the programs"
    os.rename(kept, story.prefix)
    assert story.up("--image", "built")[0] == 0, "the kept data was not taken up again"
    assert any(one.startswith("localhost/clawloops/openclaw:") for one in story.arguments("clawloopsd")), "it did not go back to its own image"
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
        # The real one under another name, and with an id of its own: what is removed at the end is not what others use.
        other = f"localhost/{folder.name}:1"
        subprocess.run(["podman", "build", "--quiet", "--pull=never", "--tag", other, "--label", f"clawloops.test={folder.name}", "-"],
                       input=f"FROM {os.environ['CLAWLOOPS_IMAGE']}\n", text=True, check=True, stdout=subprocess.DEVNULL)
        with ImageRegistry(folder, other) as story.registry:
            story.environment["CONTAINERS_REGISTRIES_CONF"] = str(story.registry.settings)
            tell(story)
    except BaseException:
        for log in sorted((story.data / "log").glob("*.log")):
            print(f"=== {log.name}\n{log.read_text(errors='replace')[-2500:]}")
        raise
    finally:
        if (story.data / ".clawloops").exists():
            story.script("uninstall", "--data", story.data, "--prefix", story.prefix, "--wipe", stdin="wipe\n")
        for image in (f"localhost/{folder.name}:1", getattr(getattr(story, "registry", None), "reference", None)):
            subprocess.run(["podman", "rmi", "-f", str(image)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        shutil.rmtree(folder, ignore_errors=True)


main()
