# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A supervisor on a data directory of its own, with the real PostgreSQL and Traefik and trivial daemons. As root the
components run as accounts every Debian has, so that account rules are real without anything being installed."""
import hashlib
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
PROGRAM = os.environ["CLAWLOOPS_SUPERVISOR"]
ACCOUNTS = {"control": "games", "db": "mail", "edge": "news", "model": "uucp"}
DAEMONS = ("clawloopsd", "clawloops-runtimed", "clawloops-relay", "clawloops-gateway", "clawloops-cell")
IN_ORDER = ["postgres", "runtimed", "relay", "gateway", "clawloopsd", "traefik"]
PORTS = ("portal", "workspace", "api", "check", "relay", "gateway")


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def wait_for(what, condition, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds} s for {what}")


class Fixture:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="cls-", dir="/tmp"))
        self.folder.chmod(0o755)
        self.data = self.folder / "d"
        self.ports = dict(zip(PORTS, free_ports(len(PORTS))))
        self.process = None
        self.bin = self.folder / "bin"
        self.components = self.folder / "components"
        self.bin.mkdir()
        self.components.mkdir()
        shutil.copy(HERE / "trivial_daemon.py", self.folder / "trivial_daemon.py")
        (self.folder / "trivial_daemon.py").chmod(0o755)
        for name in DAEMONS:
            (self.bin / name).symlink_to(self.folder / "trivial_daemon.py")
        (self.components / "traefik").symlink_to(pathlib.Path(os.environ["CLAWLOOPS_COMPONENTS"]) / "traefik")
        self.write_manifest(["traefik"])

    def write_manifest(self, names):
        lines = []
        for name in names:
            data = (self.components / name).read_bytes()
            lines.append(f"{hashlib.sha256(data).hexdigest()}  {len(data)}  {name}\n")
        (self.components / "components.sha256").write_text("".join(lines), encoding="utf-8")

    def flags(self, **others):
        values = {"paths.bin": self.bin, "paths.components": self.components, "paths.share": self.folder, "model.starter": "false",
                  "model.litellm": "false", "host.name": "claw.test", "disk.least": "0"}
        values.update({f"ports.{name}": port for name, port in self.ports.items()})
        if os.geteuid() == 0:
            values.update({f"account.{key}": name for key, name in ACCOUNTS.items()})
        values.update({key.replace("__", "."): value for key, value in others.items()})
        flags = ["--data", str(self.data)]
        for key, value in values.items():
            flags += ["--set", f"{key}={value}"]
        return flags

    def start(self, **others):
        with open(self.folder / "supervisor.log", "ab") as log:
            self.process = subprocess.Popen([PROGRAM, "run", *self.flags(**others)], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            start_new_session=True)

    def refused(self, command="run", **others):
        """The exit code and the words of a start that must not happen."""
        done = subprocess.run([PROGRAM, command, *self.flags(**others)], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
        # Our log lines are JSON; what is left is for people.
        words = [line for line in done.stderr.splitlines() if not line.startswith("{")]
        return done.returncode, "\n".join(words)

    def call(self, verb, **args):
        with socket.socket(socket.AF_UNIX) as peer:
            peer.settimeout(30)
            peer.connect(str(self.data / "run/supervisor/control.sock"))
            peer.sendall(json.dumps({"id": 1, "verb": verb, "args": args}).encode() + b"\n")
            for line in peer.makefile("rb"):
                answer = json.loads(line)
                if answer.get("id") == 1:
                    return answer
        raise AssertionError("the control socket closed")

    def status(self):
        try:
            return {one["name"]: one for one in self.call("status")["ok"]["components"]}
        except OSError:
            return {}

    def states(self):
        return {name: one["state"] for name, one in self.status().items()}

    def pids(self):
        return {name: one["pid"] for name, one in self.status().items()}

    def wait_running(self, seconds=60):
        wait_for("every component to run", lambda: self.states() == {name: "running" for name in IN_ORDER}, seconds)

    def starts(self, name):
        return [int(line) for line in (self.data / "run" / name / "starts").read_text(encoding="ascii").split()]

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(90)

    def processes(self):
        """Every process that has our folder on its command line."""
        found = []
        for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
            try:
                if str(self.folder).encode() in path.read_bytes() and int(path.parent.name) != os.getpid():
                    found.append(int(path.parent.name))
            except OSError:
                pass
        return found

    def remove(self):
        self.stop()
        for pid in self.processes():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        shutil.rmtree(self.folder, ignore_errors=True)
