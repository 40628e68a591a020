#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A runtime manager that stalls, refuses and crashes when it is told to: what the real one cannot be made to do on the second.

Takes clawloops-runtimed's flags and answers its verbs; a cell is held_cell.py, listening at the cell's real in.sock under the
cell's own user id, so relay and gateway see what they always see. <folder>/held.json, read at every look, says what to do:
  hold    [verb…]                   these are answered only once they are taken out
  refuse  {verb: [code, sentence]}  this answer instead
  live, ready                       what the probe says (true by default)
  exit    {code, lines}             every cell has ended by itself with this
"""

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

flags = dict(zip(sys.argv[1::2], sys.argv[2::2]))
data = pathlib.Path(flags["--data"])
folder = data.parent
root = os.geteuid() == 0
cells = {}  # id → {"slot", "process"}
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))


def told():
    try:
        return json.loads((folder / "held.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):  # being written
        return {}


def give(path, user, group, mode):
    path.mkdir(exist_ok=True)
    if root:
        os.chown(path, user, group)
        path.chmod(mode)
    else:
        path.chmod(0o700)


def prepare(cell, slot):
    own = 700_000_000 + 65536 * slot + 1000 if root else os.getuid()
    home = data / "cells" / cell
    give(home, 0, 0, 0o711)
    for name, user, group, mode in (("in", own, int(flags["--edge-gid"]), 0o2710), ("out", int(flags["--model-uid"]), own, 0o2750),
                                    ("config", 0, own, 0o750), ("home", own, own, 0o700)):
        give(home / name, user, group, mode)
    cells.setdefault(cell, {"process": None})["own"] = own


def start(cell):
    one = cells[cell]
    if one["process"] and one["process"].poll() is None:
        return False
    path = data / "cells" / cell / "in/in.sock"
    path.unlink(missing_ok=True)
    account = {"user": one["own"], "group": one["own"], "extra_groups": []} if root else {}
    one["process"] = subprocess.Popen([sys.executable, str(folder / "held_cell.py"), str(path), str(folder)], cwd="/",
                                      stdin=subprocess.DEVNULL, **account)
    while not path.exists():
        time.sleep(0.02)
    return True


def stop(cell):
    process = cells.get(cell, {}).get("process")
    if process:
        process.kill()
        process.wait()
    return {}


def listed():
    ended = told().get("exit")
    found = []
    for cell, one in cells.items():
        if not one["process"]:
            continue
        if ended:
            stop(cell)
        up = one["process"].poll() is None
        found.append({"cellId": cell, "state": "running" if up else "exited", "spec": "s" * 64, "startedAt": "2026-01-01T00:00:00.000Z",
                      "pid": one["process"].pid if up else 0, "image": "localhost/held:1",
                      **({} if up else {"exitCode": ended["code"] if ended else 0})})
    return {"cells": found}


def answer(verb, args):
    if verb == "engine.info":
        return {"engine": "podman", "version": "4.3.1", "rootless": not root, "ociRuntime": "runc", "canPause": True, "canLimit": True}
    if verb == "cell.prepare":
        prepare(args["cellId"], args["slot"])
        return {}
    if verb == "cell.start":
        return {"spec": "s" * 64, "started": start(args["cellId"])}
    if verb == "cell.stop":
        return stop(args["cellId"])
    if verb == "cell.remove":
        stop(args["cellId"])
        cells.pop(args["cellId"], None)
        if args["wipe"]:
            shutil.rmtree(data / "cells" / args["cellId"], ignore_errors=True)
        return {}
    if verb == "cell.list":
        return listed()
    if verb == "cell.probe":
        up = "exit" not in told()
        return {"live": up and told().get("live", True), "ready": up and told().get("ready", True), "detail": ""}
    if verb == "cell.logs":
        return {"lines": (told().get("exit") or {}).get("lines", [])}
    return {"id": "sha256:0"} if verb == "image.ensure" else {}


def serve(peer):
    writing = threading.Lock()

    def one(request):
        verb = request["verb"]
        while verb in told().get("hold", []):
            time.sleep(0.05)
        if verb in told().get("refuse", {}):
            code, sentence = told()["refuse"][verb]
            reply = {"error": {"code": code, "message": sentence, "detail": ""}}
        else:
            reply = {"ok": answer(verb, request.get("args", {}))}
        with writing:
            try:
                peer.sendall(json.dumps({"id": request["id"], **reply}).encode() + b"\n")
            except OSError:
                pass  # it has left

    with peer, peer.makefile("r", encoding="utf-8") as lines:
        for line in lines:  # as the real one: an answer that takes long keeps no other waiting
            threading.Thread(target=one, args=(json.loads(line),), daemon=True).start()


path = pathlib.Path(flags["--run"]) / "runtimed/control.sock"
path.unlink(missing_ok=True)
listener = socket.socket(socket.AF_UNIX)
listener.bind(str(path))
path.chmod(0o660)
listener.listen(16)
while True:
    accepted, _ = listener.accept()
    threading.Thread(target=serve, args=(accepted,), daemon=True).start()
