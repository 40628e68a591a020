#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Threat 2: what another local account reaches of a running appliance: no socket, no port behind the entry, no file but those
that are meant to be read, no process. `attack(state)` raises with what was reached; CLAWLOOPS_STATE names one for the command.

The attack runs as `nobody`; what there is to attack is listed beforehand, as root."""

import json
import os
import pathlib
import socket
import ssl
import stat
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import appliance  # noqa: E402
import canary  # noqa: E402

NOBODY = 65534
# For everybody to read: no secret in them.
PUBLIC = {".clawloops", "clawloops.conf", "pki/lan-ca.crt", "pki/client-ca.crt", "pki/server-ca.crt"}


def targets(state):
    """Every socket and file of the appliance, its ports behind the entry, and its processes; found as root."""
    data = pathlib.Path(state["data"])
    sockets, files = [], []
    for folder, _, names in os.walk(data):
        for name in names:
            path = os.path.join(folder, name)
            kind = os.lstat(path).st_mode
            (sockets if stat.S_ISSOCK(kind) else files).append(path) if not stat.S_ISLNK(kind) else None
    processes = []
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if str(data).encode() in path.read_bytes() and int(path.parent.name) != os.getpid():
                processes.append(int(path.parent.name))
        except OSError:
            continue
    return {"data": str(data), "sockets": sockets, "files": files, "processes": processes, "ports": state["ports"]}


def asked(port, tls, path, headers):
    """The first bytes of an answer to this request on 127.0.0.1, or '' when there is none."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=15) as raw:
            connection = ssl._create_unverified_context().wrap_socket(raw, server_hostname="clawloops.internal") if tls else raw
            lines = [f"GET {path} HTTP/1.1", "Connection: close", *(f"{name}: {value}" for name, value in headers.items())]
            connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
            return connection.recv(4096).decode("latin-1")
    except OSError:
        return ""


def attempts(found):
    """Runs as nobody; the problems, as sentences."""
    problems = []
    data = found["data"]
    for path in found["sockets"]:
        try:
            with socket.socket(socket.AF_UNIX) as one:
                one.connect(path)
            problems.append(f"connected to {path}")
        except OSError:
            pass
    with open("/proc/self/net/unix", encoding="utf-8") as lines:
        for line in lines:
            name = line.split()[-1]
            if name.startswith("@") and "clawloops" in name:
                problems.append(f"an abstract socket that anybody may connect to: {name}")
    for path in found["files"]:
        shown = os.path.relpath(path, data)
        if os.access(path, os.W_OK):
            problems.append(f"may write {shown}")
        try:
            with open(path, "rb") as handle:
                handle.read(1)
        except OSError:
            continue
        if shown not in PUBLIC:
            problems.append(f"may read {shown}")
    for folder in {os.path.dirname(path) for path in found["files"] + found["sockets"]}:
        if os.access(folder, os.W_OK):
            problems.append(f"may write in {os.path.relpath(folder, data)}")
    host = f"localhost:{found['ports']['portal']}"
    for name, path in (("api", "/api/v1/auth/access"), ("relay", "/w/ada/"), ("gateway", "/v1/models")):
        answer = asked(found["ports"][name], True, path, {"Host": host, "X-Clawloops-User": "ada", "X-Forwarded-For": "192.0.2.9"})
        if answer:
            problems.append(f"the {name} port answered without a client certificate: {answer[:80]!r}")
    grant = asked(found["ports"]["check"], False, "/check", {"Host": "x", "X-Forwarded-Method": "GET", "X-Forwarded-Uri": "/w/ada/",
                                                         "X-Forwarded-Host": f"localhost:{found['ports']['workspace']}"})
    if "X-Clawloops-Grant" in grant or " 200 " in grant.split("\r\n")[0]:
        problems.append(f"the session check granted without a session: {grant[:80]!r}")
    for pid in found["processes"]:
        for name in ("environ", "mem", "maps"):
            try:
                with open(f"/proc/{pid}/{name}", "rb") as handle:
                    handle.read(1)
                problems.append(f"may read /proc/{pid}/{name}")
            except OSError:
                pass
        try:
            os.kill(pid, 0)
            problems.append(f"may send signals to {pid}")
        except OSError:
            pass
    return problems


def attack(state):
    found = targets(state)
    names = {os.path.relpath(path, state["data"]) for path in found["sockets"]}
    for wanted in ("run/runtimed/control.sock", "run/supervisor/control.sock", "run/relay/control.sock", "run/gateway/control.sock", "run/pg/.s.PGSQL.5432"):
        assert wanted in names, f"{wanted} is not there, so nothing was attacked: {sorted(names)}"
    assert len(found["processes"]) >= 6, found["processes"]
    assert len(found["files"]) >= 20, found["files"]
    done = subprocess.run(["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", sys.executable, str(pathlib.Path(__file__)), "--as-nobody"],
                          input=json.dumps(found), capture_output=True, text=True, timeout=240, cwd="/")
    assert done.returncode == 0, done.stderr[-2000:]
    problems = json.loads(done.stdout)
    assert not problems, "threat 2: another account " + "\n  ".join(problems)
    secrets = canary.secrets_of({"link": "=", **state})
    for name in PUBLIC:
        path = pathlib.Path(state["data"]) / name
        text = path.read_bytes() if path.exists() else b""
        for what, secret in secrets.items():
            assert secret.encode() not in text, f"threat 2: {what} stands in {name}, which everybody may read"


if __name__ == "__main__":
    if sys.argv[1:] == ["--as-nobody"]:
        json.dump(attempts(json.load(sys.stdin)), sys.stdout)
    else:
        attack(appliance.read(os.environ["CLAWLOOPS_STATE"]))
        print("another account gets through no socket, port or file")
