# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real clawloops-gateway alone, with a scratch directory, its control socket and real or scripted upstreams: for clients and
measurements that need no control plane.

    with LoneGateway() as gateway:
        gateway.scripted("up", [{"text": "Hello"}])
        gateway.configure(gateway.configuration({"m": [gateway.target("up")]}))
        gateway.socket                                 # the cell's model.sock, whose token is gateway.token
"""

import contextlib
import hashlib
import json
import os
import pathlib
import secrets
import shutil
import socket
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CELL = "c0123456789ab"


def waited(condition, seconds, what):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            if condition():
                return
        time.sleep(0.05)
    raise RuntimeError(f"{what} did not come about within {seconds} s")


def listens(path):
    with socket.socket(socket.AF_UNIX) as connection:
        return connection.connect_ex(str(path)) == 0


class LoneGateway:
    def __init__(self, build=None):
        self.programs = pathlib.Path(build or os.environ.get("CLAWLOOPS_BUILD", ROOT / "build/dev")) / "bin"
        self.token = secrets.token_hex(16)
        self.processes = []

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="cl-lone-", dir="/tmp"))
        for below in (f"cells/{CELL}/out", "spool", "run/gateway", "run/model", "up"):
            (self.folder / below).mkdir(parents=True)
        self.socket = self.folder / f"cells/{CELL}/out/model.sock"
        self.control_socket = self.folder / "run/gateway/control.sock"
        try:
            self.make_certificates()
            (self.folder / "litellm.key").write_text("sk-" + secrets.token_hex(16) + "\n")
            self.gateway = self.run("gateway", self.programs / "clawloops-gateway", "--data", self.folder, "--run", self.folder / "run", "--listen",
                                    "127.0.0.1:0", "--cert", self.folder / "leaf.crt", "--key", self.folder / "leaf.key", "--client-ca",
                                    self.folder / "leaf.crt", "--litellm-key", self.folder / "litellm.key", "--control-uid", os.getuid())
            waited(lambda: listens(self.control_socket), 20, "the gateway's control socket")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    # Nobody speaks to this listener here; it must be able to start all the same.
    def make_certificates(self):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
                        "/CN=clawloops.internal", "-keyout", self.folder / "leaf.key", "-out", self.folder / "leaf.crt"], check=True, capture_output=True)

    def run(self, name, *command, **how):
        log = open(self.folder / f"{name}.log", "ab")  # noqa: SIM115 - the process keeps it
        process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=how.pop("stdout", log), stderr=log, **how)
        log.close()
        self.processes.append(process)
        return process

    def log(self, name="gateway"):
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def scripted(self, name, answers):
        """A scripted upstream on a unix socket; its journal is what it saw."""
        script = self.folder / f"up/{name}.json"
        script.write_text(json.dumps(answers))
        path = self.folder / f"up/{name}.sock"
        self.run(name, "python3", ROOT / "tests/support/scripted_upstream.py", "--socket", path, "--script", script, "--journal", self.journal_of(name))
        waited(lambda: listens(path), 20, f"the scripted upstream {name}")
        return path

    def journal_of(self, name):
        return self.folder / f"up/{name}.journal"

    def journal(self, name):
        return [json.loads(line) for line in self.journal_of(name).read_text().splitlines()]

    def llama(self):
        """The real model server with the starter model, at the place where the appliance has it."""
        components = pathlib.Path(os.environ["CLAWLOOPS_COMPONENTS"])  # tests/env says so
        path = self.folder / "run/model/starter.sock"
        self.run("llama", components / "llama-server", "--host", path, "--model", components / "starter.gguf", "--alias", "starter", "--ctx-size", "4096",
                 "--parallel", "1", "--no-webui", "--offline", "--jinja")

        def healthy():
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(5)
                connection.connect(str(path))
                connection.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                return connection.recv(64).startswith(b"HTTP/1.1 200")
        waited(healthy, 120, "the model server's health")
        return path

    def target(self, socket_path, name="t", model="starter", **more):
        return {"name": name, "kind": "openai", "url": f"unix:{socket_path}", "model": model, **more}

    def configuration(self, routes, **more):
        """`routes`: public name → targets. One person with one cell, who may use all of them."""
        return {"revision": 1,
                "routes": [{"name": name, "title": name, "enabled": True, "everyone": True, "targets": targets} for name, targets in routes.items()],
                "people": [{"user": "usr_a", "name": "anna", "role": "user"}],
                "cells": [{"cellId": CELL, "user": "usr_a", "tokenHash": hashlib.sha256(self.token.encode()).hexdigest(), "routes": list(routes)}],
                **more}

    def configure(self, configuration):
        reply = self.control("configure", **configuration)
        if reply["opened"] != [CELL] or reply["refused"]:
            raise RuntimeError(f"configure: {reply}")

    def control(self, verb, **arguments):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(30)
            connection.connect(str(self.control_socket))
            connection.sendall(json.dumps({"id": 1, "verb": verb, "args": arguments}).encode() + b"\n")
            with connection.makefile(encoding="utf-8") as lines:
                for line in lines:
                    answer = json.loads(line)
                    if answer.get("id") == 1:
                        if "error" in answer:
                            raise RuntimeError(f"{verb}: {answer['error']}")
                        return answer["ok"]
        raise RuntimeError(f"{verb}: the socket was closed")

    def usage(self, count, seconds=10):
        """The usage events, once there are `count`."""
        waited(lambda: len(self.control("usage.read", after=0, limit=1000)["events"]) >= count, seconds, f"usage event {count}")
        return self.control("usage.read", after=0, limit=1000)["events"]
