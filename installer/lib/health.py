# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ask the supervisor's control socket how the components are.

    health.py SOCKET running            exit 0 when a supervisor answers there
    health.py SOCKET wait SECONDS PID   print progress until every component runs; 0 then, 1 when one failed, 69 when the
                                        supervisor (process PID) ended or the time is over
    health.py SOCKET stop SECONDS       ask it to stop everything and wait until it is gone
"""

import json
import os
import socket
import sys
import time

GOOD = {"running", "external"}


def ask(path, verb):
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(10)
        # A path may be longer than an address can hold; a descriptor's name never is.
        folder = os.open(os.path.dirname(path), os.O_PATH | os.O_DIRECTORY)
        try:
            connection.connect(f"/proc/self/fd/{folder}/{os.path.basename(path)}")
        finally:
            os.close(folder)
        connection.sendall(json.dumps({"id": 1, "verb": verb, "args": {}}).encode() + b"\n")
        with connection.makefile("r", encoding="utf-8") as lines:
            for line in lines:
                message = json.loads(line)
                if message.get("id") == 1:
                    if "error" in message:
                        raise RuntimeError(message["error"].get("message", "refused"))
                    return message["ok"]
    raise ConnectionError("closed without an answer")


def status_of(path):
    try:
        return ask(path, "status")
    except (OSError, ValueError, ConnectionError):
        return None


def alive(pid):
    try:
        os.kill(pid, 0)
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError as error:
        return isinstance(error, PermissionError)


def wait(path, seconds, pid):
    deadline = time.monotonic() + seconds
    shown = None
    while time.monotonic() < deadline:
        status = status_of(path)
        components = status["components"] if status else []
        line = " · ".join(f"{one['name']} {one['state']}" for one in components if one["state"] not in GOOD)
        if line != shown:
            print(line or ("everything runs" if components else "starting"), flush=True)
            shown = line
        failed = [one for one in components if one["state"] == "failed"]
        if failed:
            print("clawloops: " + (failed[0].get("sentence") or f"{failed[0]['title']} failed to start; its log says why."), file=sys.stderr)
            return 1
        if components and not line:
            return 0
        if not status and pid and not alive(pid):
            return 69
        time.sleep(0.2)
    print(f"clawloops: Not everything ran within {seconds} s ({shown}). The logs in the data directory say why; "
          "it goes on trying, and running this again waits again.", file=sys.stderr)
    return 69


def stop(path, seconds):
    try:
        ask(path, "stop")
    except (ConnectionError, TimeoutError):
        pass
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if status_of(path) is None:
            return 0
        time.sleep(0.2)
    print(f"clawloops: The supervisor did not stop everything within {seconds} s; its log says what still runs.", file=sys.stderr)
    return 1


def main(arguments):
    path, verb = arguments[0], arguments[1]
    if verb == "running":
        return 0 if status_of(path) else 1
    if verb == "wait":
        return wait(path, int(arguments[2]), int(arguments[3]))
    if verb == "stop":
        return stop(path, int(arguments[2]))
    print(__doc__, file=sys.stderr)
    return 64


sys.exit(main(sys.argv[1:]))
