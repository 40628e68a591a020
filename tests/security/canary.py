#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""No secret the stories used may stand in a log, the database, the usage spool, a process's words or its environment.

Reads the secrets out of the appliance's state file (passwords, tokens, cookies, links) and its data folder (keys of both kinds,
cell tokens), then searches. Runs after every other test on the appliance. Before that it leaks one of its own into each place and
demands that the search finds it there: a search that finds nothing because it looks nowhere is no proof.
"""

import base64
import os
import pathlib
import re
import subprocess
import sys
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import appliance  # noqa: E402


def secrets_of(state):
    """name → text that must appear nowhere. Binary keys in each form a careless line would print them."""
    found = {}
    for name, values in state.items():
        if re.search(r"_(password|token|tokens|cookies)$", name):
            for i, value in enumerate([values] if isinstance(values, str) else values):
                found[f"{name}[{i}]"] = value
    for i, link in enumerate([state["link"], *state.get("invitation_links", [])]):
        found[f"link[{i}]"] = link.split("=", 1)[1]
    data = pathlib.Path(state["data"])
    for path in (data / "secrets").rglob("*"):
        if path.is_file():
            raw = path.read_bytes().strip()
            name = str(path.relative_to(data))
            if raw.isascii():
                found[name] = raw.decode()
            else:
                found[name + " hex"] = raw.hex()
                found[name + " base64"] = base64.b64encode(raw).decode().rstrip("=")
                found[name + " base64url"] = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    for path in (data / "pki").rglob("*.key"):
        lines = [line for line in path.read_text(encoding="ascii").splitlines() if line and "-----" not in line]
        found[str(path.relative_to(data))] = lines[1] if len(lines) > 1 else lines[0]  # the first line is much the same in all of a kind
    for folder in data.glob("cells/*/config"):
        found[f"cell token {folder.parent.name}"] = cell_token(folder)
    return {name: text for name, text in found.items() if len(text) >= 12}


def cell_token(folder):
    """What this cell says to the model gateway: in a file of its own, or in OpenClaw's configuration."""
    if (folder / "token").exists():
        return (folder / "token").read_text(encoding="ascii").strip()
    return re.search(r'"apiKey"\s*:\s*"([^"]{20,})"', (folder / "openclaw.json").read_text(encoding="utf-8")).group(1)


def as_account(account, *command):
    if os.geteuid() != 0:
        return list(command)
    return ["setpriv", "--reuid", account, "--regid", account, "--init-groups", *command]


def database_dump(state):
    command = as_account("clawloops", "pg_dump", "-h", state["data"] + "/run/pg", "-U", "clawloops", "--inserts", "clawloops")
    done = subprocess.run(command, capture_output=True, timeout=120, cwd="/")
    if done.returncode != 0:
        sys.exit(f"the database could not be read: {done.stderr.decode()}")
    return done.stdout


def places(state):
    """(where, bytes) of everything that could hold a leak."""
    data = pathlib.Path(state["data"])
    for folder in ("log", "spool", "state"):
        for path in sorted((data / folder).rglob("*")):
            if path.is_file():
                yield f"{folder}/{path.relative_to(data / folder)}", path.read_bytes()
    for path in sorted((data / "pg").rglob("*.log")):
        yield f"pg/{path.name}", path.read_bytes()
    yield "up's output", pathlib.Path(state["up_log"]).read_bytes()
    yield "database", database_dump(state)
    for path in pathlib.Path("/proc").iterdir():
        # Command lines are every local account's to read. This test and the stories name no secret on theirs.
        if path.name.isdigit():
            try:
                yield f"process {path.name}", (path / "cmdline").read_bytes()
                yield f"environment {path.name}", (path / "environ").read_bytes()
            except OSError:
                continue


def search(state, secrets):
    hits = []
    needles = {}
    for name, text in secrets.items():
        needles[name] = {text.encode(), urllib.parse.quote(text, safe="").encode()}
    for where, content in places(state):
        for name, forms in needles.items():
            if any(form in content for form in forms):
                # The sign-in link is printed once, on purpose, to whoever ran installer/up.
                if where == "up's output" and name == "link[0]":
                    continue
                hits.append((where, name))
    return hits


def leak_on_purpose(state):
    """Puts a secret of our own into each kind of place; returns what was leaked where, and how to take it back."""
    data = pathlib.Path(state["data"])
    canary = "canary-" + base64.b32encode(os.urandom(20)).decode().lower()
    undo = []
    for folder in ("log", "spool"):
        path = data / folder / "canary.log"
        path.write_text(f'{{"msg":"{canary}"}}\n')
        undo.append(path.unlink)
    sql = f"CREATE TABLE canary AS SELECT '{canary}'::text AS leaked"
    psql = as_account("clawloops", "psql", "-q", "-h", state["data"] + "/run/pg", "-U", "clawloops", "clawloops", "-c")
    subprocess.run([*psql, sql], check=True, cwd="/", timeout=60)
    undo.append(lambda: subprocess.run([*psql, "DROP TABLE canary"], check=True, cwd="/", timeout=60))
    for words, more in ((["sh", "-c", "read line", canary], {}), (["sh", "-c", "read line"], {"CANARY": canary})):
        process = subprocess.Popen(words, stdin=subprocess.PIPE, env={**os.environ, **more})  # waits without a child of its own
        undo.append(process.kill)
    time.sleep(0.5)  # until both are the program that they are to be
    return canary, undo


def main():
    state = appliance.read(os.environ["CLAWLOOPS_STATE"])
    canary, undo = leak_on_purpose(state)
    try:
        where = {hit[0].split("/")[0].split(" ")[0] for hit in search(state, {"canary": canary})}
    finally:
        for step in undo:
            step()
    missing = {"log", "spool", "database", "process", "environment"} - where
    if missing:
        sys.exit(f"a secret leaked on purpose was not found in: {', '.join(sorted(missing))}")
    secrets = secrets_of(state)
    wanted = {"admin_password", "admin_token", "admin_cookies", "user_password", "user_token", "user_cookies", "session_tokens", "link",
              "secrets", "pki", "cell"}
    kinds = {re.split(r"[\[/ ]", name)[0] for name in secrets}
    if wanted - kinds:
        sys.exit(f"the stories before this one left no {', '.join(sorted(wanted - kinds))}: nothing to search for")
    hits = search(state, secrets)
    for place, name in hits:
        print(f"LEAK: {name} stands in {place}")
    print(f"searched for {len(secrets)} secrets; {len(hits)} leaks")
    return 1 if hits else 0


if __name__ == "__main__":
    sys.exit(main())
