# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the parts share: a running appliance with one signed-in admin, clocks in milliseconds, the control sockets."""

import contextlib
import http.client
import json
import os
import pathlib
import secrets
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/support"))
import appliance  # noqa: E402

USER = "ada"


def figures_file(part):
    folder = ROOT / "build/bench"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"chain-{part}.json"


def note(text):
    print(f"  ... {text}", file=sys.stderr, flush=True)


def median(values):
    return round(statistics.median(values), 2)


def waited_for_quiet(most=float(os.environ.get("CLAWLOOPS_BENCH_LOAD", "1.5")), seconds=120):
    """Waits a while for others to be done; measures all the same after that, and the load is kept with the figures."""
    end = time.monotonic() + seconds
    while os.getloadavg()[0] > most and time.monotonic() < end:
        time.sleep(2)


class Unix(http.client.HTTPConnection):
    def __init__(self, path, timeout=5):
        super().__init__("localhost", timeout=timeout)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def control(path, verb, **arguments):
    """One verb of a control socket (internals.md)."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(60)
        connection.connect(str(path))
        connection.sendall(json.dumps({"id": 1, "verb": verb, "args": arguments}).encode() + b"\n")
        with connection.makefile(encoding="utf-8") as lines:
            for line in lines:
                answer = json.loads(line)
                if answer.get("id") == 1:
                    if "error" in answer:
                        raise RuntimeError(f"{verb}: {answer['error']}")
                    return answer["ok"]
    raise RuntimeError(f"{verb}: the socket was closed")


class Appliance:
    """A throw-away appliance, its admin and the admin's cell; everything is gone after the with block."""

    def __enter__(self):
        handle, self.file = tempfile.mkstemp(prefix="clbench-", suffix=".json", dir="/tmp")
        os.close(handle)
        note("starting an appliance")
        try:
            appliance.up(self.file)
            self.state = appliance.read(self.file)
            self.data = pathlib.Path(self.state["data"])
            self.run = self.data / "run"
            self.sign_in()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        note("removing the appliance")
        with contextlib.suppress(ValueError):  # it never got as far as a state
            appliance.down(self.file)
        pathlib.Path(self.file).unlink(missing_ok=True)

    def sign_in(self):
        password = secrets.token_hex(16)
        self.api = appliance.Api(self.state)
        body = {"token": self.state["link"].split("=", 1)[1], "username": USER, "password": password, "kind": "bearer"}
        self.api.token = self.call("POST", "/auth/bootstrap", body, want=201)["token"]
        own = {"Origin": self.state["portal"], "Sec-Fetch-Site": "same-origin"}
        status, answer, headers = appliance.Api(self.state).call(
            "POST", "/api/v1/auth/login", {"username": USER, "password": password}, headers=own)
        assert status == 200, answer
        # As a browser that has shown this person's workspace before; another one is sent round once, to drop what it stored.
        reader = f"__Host-Http-clawloops_reader={answer['user']['userId']}"
        self.cookie = "; ".join([value.split(";", 1)[0] for value in headers.get_all("Set-Cookie")] + [reader])

    def call(self, method, path, body=None, want=200):
        status, answer, _ = self.api.call(method, "/api/v1" + path, body)
        assert status == want, f"{method} {path} answered {status}: {answer}"
        return answer

    def status(self):
        return self.call("GET", "/users/me/runtime/status")

    def podman(self, *arguments):
        done = appliance.podman(*arguments)
        assert done.returncode == 0, f"podman {arguments[0]}: {done.stderr}"
        return done.stdout

    def cell_names(self):
        instance = appliance.instance_of(self.state)
        return self.podman("ps", "--filter", f"label=io.clawloops.instance={instance}", "--format", "{{.Names}}").split()

    def start_cell(self):
        """Starts the admin's cell if it does not run; returns its container's name and its directory."""
        self.call("POST", "/users/me/runtime/start", want=202)
        appliance.wait_for("the workspace", lambda: self.status()["ready"], 180)
        name = self.cell_names()[0]
        return name, self.data / "cells" / name.rsplit("-", 1)[1]

    def page(self, port=None, timeout=10):
        """A keep-alive connection to the workspace's entry (or the portal's), as the browser has one."""
        context = ssl.create_default_context(cafile=self.state["ca"])
        return http.client.HTTPSConnection("localhost", port or self.state["ports"]["workspace"], context=context, timeout=timeout)

    def page_headers(self):
        return {"Cookie": self.cookie, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "none",
                "Accept": "text/html"}


def got(connection, path, headers):
    """Status of a GET, or 0 while nobody answers; the connection can be used again either way."""
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except (OSError, http.client.HTTPException):
        connection.close()
        return 0


def now_ms():
    return time.monotonic() * 1000


def run(command, **more):
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True, **more).stdout
