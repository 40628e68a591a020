# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the parts of the gateway's bench share: the programs, each in a folder of its own below /tmp and pinned to its core, the
gateway's configuration, processor time by the kernel's own count."""

import contextlib
import hashlib
import json
import os
import pathlib
import resource
import shutil
import socket
import subprocess
import tempfile
import time

import gateway_bodies
from bench import ROOT, control

BUILD = ROOT / "build/release"
PEOPLE = 1000
ROUTES = 100
MEASURED_CORE, OTHER_CORE = 0, min(1, os.cpu_count() - 1)


def build():
    if not (BUILD / "build.ninja").exists():
        subprocess.run(["cmake", "--preset", "release"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    programs = ["clawloops-gateway", "bench_closed", "bench_fair", "bench_streams", "bench_upstream"]
    subprocess.run(["cmake", "--build", str(BUILD), "-j2", "--target", *programs], check=True, stdout=subprocess.DEVNULL)


def cell_id(number):
    return f"c{number:012x}"


def token(number):
    return "token-" + hashlib.sha256(f"cell {number}".encode()).hexdigest()


def cpu_seconds(pid):
    """Processor time of all its threads, user and system, in the scheduler's nanoseconds."""
    total = 0
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            total += int((task / "schedstat").read_text().split()[0])
    return total / 1e9


def memory_mb(pid):
    """Resident, all of it: pages of the program's own file and of libraries too."""
    fields = dict(line.split(":", 1) for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines() if ":" in line)
    return int(fields["VmRSS"].split()[0]) / 1024


class Rig:
    """A folder, the upstream, and what is asked for by start_…(); everything ends with the with block."""

    def __enter__(self):
        resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="gwb-", dir="/tmp"))
        self.processes = []
        self.gateway = self.nginx = None
        for name, body in (("small", gateway_bodies.small()), ("agent", gateway_bodies.agent()), ("stream", gateway_bodies.small(stream=True)),
                           ("answer", gateway_bodies.answer())):
            (self.folder / name).write_bytes(body)
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, command, core, ready=False, log=None):
        with open(log or os.devnull, "ab") as sink:
            process = subprocess.Popen(["taskset", "-c", str(core), *map(str, command)], stdin=subprocess.DEVNULL,
                                       stdout=subprocess.PIPE if ready else sink, stderr=sink)
        self.processes.append(process)
        if ready:
            assert process.stdout.readline().strip() == b"ready", f"{command[0]} did not start"
        return process.pid

    def wait_for(self, path, seconds=20):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as probe:
                probe.connect(str(path))
                return
            time.sleep(0.05)
        raise RuntimeError(f"nobody listens at {path}")

    def start_upstream(self, frames=50, every=100, whole=False):
        """Paced streams; whole answers too where the client has no model server of its own."""
        more = ["--whole", f"unix:{self.folder}/whole.sock", "--answer", self.folder / "answer"] if whole else []
        self.start([BUILD / "bench/bench_upstream", "--paced", f"unix:{self.folder}/paced.sock", "--frames", frames, "--every", every, *more],
                   OTHER_CORE, ready=True)

    def start_nginx(self):
        folder = self.folder
        user = subprocess.run(["id", "-un"], check=True, capture_output=True, text=True).stdout.strip()
        text = (ROOT / "tests/bench/nginx.conf").read_text(encoding="utf-8").replace("{FOLDER}", str(folder)).replace("{USER}", user)
        (folder / "nginx.conf").write_text(text, encoding="utf-8")
        master = self.start([shutil.which("nginx", path="/usr/sbin:/usr/bin"), "-p", folder, "-c", folder / "nginx.conf"], MEASURED_CORE,
                            log=folder / "nginx.err")
        self.wait_for(folder / "nginx-whole.sock")
        self.nginx = int(pathlib.Path(f"/proc/{master}/task/{master}/children").read_text().split()[0])

    def start_gateway(self):
        folder = self.folder
        for number in range(PEOPLE):
            (folder / "cells" / cell_id(number) / "out").mkdir(parents=True)
        for below in ("spool", "run/gateway", "run/model"):
            (folder / below).mkdir(parents=True)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
                        "/CN=clawloops.internal", "-keyout", folder / "server.key", "-out", folder / "server.crt"], check=True, capture_output=True)
        (folder / "litellm.key").write_text("sk-bench\n", encoding="utf-8")
        self.gateway = self.start([BUILD / "bin/clawloops-gateway", "--data", folder, "--run", folder / "run", "--listen", "127.0.0.1:0", "--cert",
                                   folder / "server.crt", "--key", folder / "server.key", "--client-ca", folder / "server.crt", "--litellm-key",
                                   folder / "litellm.key", "--control-uid", os.getuid()], MEASURED_CORE, log=folder / "gateway.log")
        self.wait_for(folder / "run/gateway/control.sock")
        self.configure()

    def control(self, verb, **arguments):
        return control(self.folder / "run/gateway/control.sock", verb, **arguments)

    def configure(self):
        """Everybody, every route and a rule of each kind for everybody; nobody comes near what they allow."""
        def route(number):
            socket_name = "paced" if number % 2 else "whole"
            return {"name": f"bench-{number:03}", "title": f"Bench {number}", "enabled": True, "everyone": True, "contextTokens": 200_000,
                    "outputTokens": 1024,
                    "targets": [{"name": "upstream", "kind": "openai", "url": f"unix:{self.folder}/{socket_name}.sock", "model": "upstream",
                                 "weight": 1, "price": {"in": 150_000_000, "cachedIn": 75_000_000, "out": 600_000_000}}]}
        people = [{"user": f"usr_{number:016}", "name": f"person-{number}", "role": "user", "groups": [f"grp_{number % 20:016}"],
                   "usualNanosPerHour": 10 ** 15} for number in range(PEOPLE)]
        cells = [{"cellId": cell_id(number), "user": people[number]["user"], "tokenHash": hashlib.sha256(token(number).encode()).hexdigest(),
                  "routes": []} for number in range(PEOPLE)]
        budgets = [{"id": f"bud_{number:016}", "name": scope, "scope": scope, "subject": "", "unit": unit, "window": window, "limit": 10 ** 17}
                   for number, (scope, unit, window) in enumerate([("person", "money", "month"), ("person", "tokens", "day"),
                                                                   ("route", "money", "week"), ("all", "money", "month")])]
        limits = [{"scope": "person", "subject": "", "requestsPerMinute": 1_000_000, "tokensPerMinute": 10 ** 12, "streams": 1000},
                  {"scope": "route", "subject": "", "requestsPerMinute": 100_000_000, "tokensPerMinute": 10 ** 14, "streams": 100_000}]
        answer = self.control("configure", revision=1, routes=[route(number) for number in range(ROUTES)], people=people, cells=cells,
                              budgets=budgets, limits=limits)
        assert len(answer["opened"]) == PEOPLE and not answer["refused"], answer

    def targets(self, name, socket_of, paced=False, count=PEOPLE):
        """A file with a line for each connection: its address, its cell's token, its route."""
        lines = [f"unix:{socket_of(number)} {token(number % PEOPLE)} bench-{number % (ROUTES // 2) * 2 + paced:03}" for number in range(count)]
        path = self.folder / f"targets-{name}-{paced}-{count}"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    def targets_of(self, peer, paced=False, count=PEOPLE):
        kind = "paced" if paced else "whole"
        sockets = {"gateway": lambda number: self.folder / "cells" / cell_id(number % PEOPLE) / "out/model.sock",
                   "nginx": lambda _: self.folder / f"nginx-{kind}.sock", "direct": lambda _: self.folder / f"{kind}.sock"}
        return self.targets(peer, sockets[peer], paced, count)

    def drain(self, stop):
        """Takes the usage events as clawloopsd does, until `stop` is set and none is left; how many there were."""
        taken = 0
        while True:
            ended = stop.is_set()
            events = self.control("usage.read", after=taken, limit=1000)["events"]
            if events:
                taken = events[-1]["seq"]
                self.control("usage.ack", through=taken)
            elif ended:
                return taken
            else:
                time.sleep(0.05)

    def load(self, program, **arguments):
        """One run of a client; its last line."""
        flags = [text for name, value in arguments.items() for text in (f"--{name}", str(value))]
        done = subprocess.run(["taskset", "-c", str(OTHER_CORE), str(BUILD / "bench" / f"bench_{program}"), *flags], capture_output=True, text=True,
                              check=False)
        assert done.returncode == 0, f"{program}: {done.stderr.strip()[:2000]}"
        return json.loads(done.stdout.splitlines()[-1])

    def streams(self, peer, count, seconds, gap=0, meanwhile=None):
        """Paced streams through one of the peers; `meanwhile(pid)` is called when all of them have run for half of the time."""
        flags = ["--targets", self.targets_of(peer, True, count), "--body", self.folder / "stream", "--seconds", seconds, "--gap", round(gap), "--spread",
                 min(1, 2000 / count)]
        client = subprocess.Popen(["taskset", "-c", str(OTHER_CORE), str(BUILD / "bench/bench_streams"), *map(str, flags)], stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, text=True)
        assert client.stdout.readline().strip() == "counting", f"streams: {client.stderr.read().strip()[:2000]}"
        time.sleep(seconds / 2)
        seen = meanwhile() if meanwhile else None
        out, problem = client.communicate(timeout=seconds + 60)
        assert client.returncode == 0, f"streams: {problem.strip()[:2000]}"
        return json.loads(out.splitlines()[-1]), seen

    def closed(self, peer, body, inflight, requests, count=PEOPLE, warm=0, targets=None, rate=0):
        """A closed loop against one of the peers, with the processor time that the measured program took meanwhile."""
        pid = getattr(self, peer, None)
        targets = targets or self.targets_of(peer, count=count)
        before = cpu_seconds(pid) if pid else 0
        figures = self.load("closed", targets=targets, body=self.folder / body, inflight=inflight, requests=requests, warm=warm, rate=rate,
                            upstream=f"unix:{self.folder}/whole.sock", answer=self.folder / "answer")
        if pid:
            figures["cpu_us"] = (cpu_seconds(pid) - before) * 1e6 / (requests + warm)
            figures["busy"] = (cpu_seconds(pid) - before) / figures["seconds"] * requests / (requests + warm)
        figures["rps"] = figures["requests"] / figures["seconds"]
        return figures
