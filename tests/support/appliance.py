#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One throw-away appliance for tests: `up STATE.json` starts it through installer/up, `down STATE.json` removes every trace.

STATE.json then holds what a test needs: portal and workspace URLs, ports, data and prefix folders, the CA file and the
one-time sign-in link. Tests that go on with the story (users made, tokens) add to the same file with update().
Needs CLAWLOOPS_TEST_PREFIX (see tests/env).
"""

import contextlib
import fcntl
import json
import os
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def read(state_file):
    return json.loads(pathlib.Path(state_file).read_text(encoding="utf-8"))


def update(state_file, **values):
    """Adds values to the state; safe between processes."""
    with open(state_file, "r+", encoding="utf-8") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        state = json.load(handle)
        state.update(values)
        handle.seek(0)
        handle.truncate()
        json.dump(state, handle, indent=1)


class Api:
    """A client of the real API through the real entry, as scripts use it: bearer token, the appliance's own CA."""

    def __init__(self, state, token=None):
        self.base = state["portal"]
        self.token = token
        self.context = ssl.create_default_context(cafile=state["ca"])

    def call(self, method, path, body=None, headers=None, timeout=30):
        """Returns (status, parsed body or None, headers)."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data=data, method=method, headers=dict(headers or {}))
        if body is not None:
            request.add_header("Content-Type", "application/json")
        if self.token:
            request.add_header("Authorization", "Bearer " + self.token)
        try:
            answer = urllib.request.urlopen(request, context=self.context, timeout=timeout)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            text = answer.read().decode()
            kind = answer.headers.get("Content-Type", "")
            return answer.status, json.loads(text) if "json" in kind and text else None, answer.headers

    def get(self, path):
        status, body, _ = self.call("GET", path)
        if status != 200:
            raise AssertionError(f"GET {path} answered {status}: {body}")
        return body


def wait_for(what, condition, seconds=60, step=0.2):
    end = time.monotonic() + seconds
    last = None
    while time.monotonic() < end:
        with contextlib.suppress(OSError, AssertionError, KeyError):
            last = condition()
            if last:
                return last
        time.sleep(step)
    raise AssertionError(f"waited {seconds} s for {what}; last seen: {last!r}")


def up_command(state, extra=()):
    names = ("portal", "workspace", "api", "check", "relay", "gateway")
    command = [str(ROOT / "installer/up"), "--no-build", "--prefix", state["prefix"], "--data", state["data"], "--host", "localhost"]
    for name in names:
        command += [f"--{name}-port", str(state["ports"][name])]
    if os.environ.get("CLAWLOOPS_IMAGE"):
        command += ["--set", "runtime.image=" + os.environ["CLAWLOOPS_IMAGE"]]
    return command + list(extra)


def up(state_file, extra=()):
    prefix = os.environ.get("CLAWLOOPS_TEST_PREFIX")
    if not prefix:
        sys.exit('CLAWLOOPS_TEST_PREFIX is not set: run `eval "$(tests/env)"` first, or use tests/run.')
    folder = tempfile.mkdtemp(prefix="cl-", dir="/tmp")  # short: unix socket paths end at 107 characters
    os.chmod(folder, 0o755)
    names = ("portal", "workspace", "api", "check", "relay", "gateway")
    ports = dict(zip(names, free_ports(len(names))))
    state = {
        "folder": folder,
        "data": folder + "/d",
        "prefix": prefix,
        "host": "localhost",
        "ports": ports,
        "portal": f"https://localhost:{ports['portal']}",
        "workspace": f"https://localhost:{ports['workspace']}",
        "ca": folder + "/d/pki/lan-ca.crt",
        "up_log": folder + "/up.log",
    }
    pathlib.Path(state_file).write_text(json.dumps(state), encoding="utf-8")
    begin = time.monotonic()
    with open(state["up_log"], "w", encoding="utf-8") as log:
        done = subprocess.run(up_command(state, extra), stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, timeout=900)
    text = pathlib.Path(state["up_log"]).read_text(encoding="utf-8")
    if done.returncode != 0:
        print(text)
        keep_logs(state, "up-failed")
        sys.exit(f"installer/up ended with {done.returncode}")
    link = re.search(r"https://\S+#bootstrap=\S+", text)
    if not link:
        print(text)
        sys.exit("installer/up printed no sign-in link")
    update(state_file, link=link.group(0), up_seconds=round(time.monotonic() - begin, 2))
    print(f"up in {time.monotonic() - begin:.1f} s: {state['portal']}")


def keep_logs(state, name):
    """Copies the appliance's logs to build/test-logs/NAME, where tests/run points at after a failure."""
    target = ROOT / "build/test-logs" / name
    shutil.rmtree(target, ignore_errors=True)
    source = pathlib.Path(state["data"]) / "log"
    if source.is_dir():
        shutil.copytree(source, target, ignore_dangling_symlinks=True)
        print(f"logs kept in {target.relative_to(ROOT)}")


def instance_of(state):
    try:
        return json.loads((pathlib.Path(state["data"]) / ".clawloops").read_text(encoding="utf-8"))["instance"]
    except (OSError, ValueError, KeyError):
        return None


def podman(*arguments):
    return subprocess.run(["podman", *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)


def down(state_file):
    state = read(state_file)
    keep_logs(state, pathlib.Path(state_file).stem)
    instance = instance_of(state)
    stopped = subprocess.run([str(ROOT / "installer/down"), "--data", state["data"]],
                             stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=180)
    if instance:
        for name in podman("ps", "-aq", "--filter", f"label=io.clawloops.instance={instance}").stdout.split():
            podman("rm", "-f", "-t", "2", name)
    shutil.rmtree(state["folder"], ignore_errors=True)
    if stopped.returncode != 0:
        sys.exit(f"installer/down ended with {stopped.returncode}:\n{stopped.stdout}{stopped.stderr}")


if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[1] not in ("up", "down"):
        sys.exit("usage: appliance.py up|down STATE.json [flags for installer/up]")
    if sys.argv[1] == "up":
        up(sys.argv[2], sys.argv[3:])
    else:
        down(sys.argv[2])
