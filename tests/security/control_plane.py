# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real clawloopsd on a throw-away PostgreSQL, spoken to as Traefik would: over TLS with the one client certificate.

Only what stands beside it and is no part of the test is a double: ScriptedSupervisor and ScriptedRuntimed answer the control
verbs of internals.md. Everything is gone after close()."""

import http.client
import json
import os
import pathlib
import pwd
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PASSWORD = "correct horse battery staple 7"


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def postgres_bin():
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else pathlib.Path(shutil.which("initdb")).parent


class ScriptedPart:
    """One control socket: answers(verb, args) gives the reply's object or raises ValueError."""

    def __init__(self, path, answers):
        path.parent.mkdir(parents=True, exist_ok=True)
        self.answers = answers
        self.calls = []
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(path))
        self.listener.listen()
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(peer,), daemon=True).start()

    def serve(self, peer):
        # Two files: one for both directions forgets what it has read ahead when it is written to.
        with peer, peer.makefile("r", encoding="utf-8") as requests, peer.makefile("w", encoding="utf-8") as lines:
            for line in requests:
                request = json.loads(line)
                self.calls.append((request["verb"], request.get("args", {})))
                try:
                    reply = {"id": request["id"], "ok": self.answers(request["verb"], request.get("args", {}))}
                except ValueError as problem:
                    reply = {"id": request["id"], "error": {"code": "INVALID_REQUEST", "message": str(problem), "detail": ""}}
                lines.write(json.dumps(reply) + "\n")
                lines.flush()

    def called(self, verb):
        return [args for name, args in self.calls if name == verb]


def scripted_supervisor(log_lines):
    def answers(verb, args):
        if verb == "status":
            return {"instance": "00000000", "version": "test", "startedAt": "2026-01-01T00:00:00.000Z", "rootless": True,
                    "components": [{"name": "postgres", "title": "PostgreSQL", "state": "running", "since": "2026-01-01T00:00:00.000Z",
                                    "pid": 1, "restarts": 0, "sentence": "It answers.", "rssBytes": 1}]}
        if verb == "logs.find":
            return {"lines": [{"component": name, "line": line} for name, line in log_lines if args["rid"] in line]}
        raise ValueError(verb)
    return answers


def scripted_runtimed():
    cells = {}

    def answers(verb, args):
        if verb == "engine.info":
            return {"engine": "podman", "version": "4", "rootless": False, "ociRuntime": "runc", "canPause": True, "canLimit": True}
        if verb == "cell.start":
            fresh = args["cellId"] not in cells
            cells[args["cellId"]] = {"cellId": args["cellId"], "state": "running", "spec": "s" * 64, "startedAt": "2026-01-01T00:00:00.000Z",
                                     "pid": 1, "image": args["image"]}
            return {"spec": "s" * 64, "started": fresh}
        if verb in ("cell.stop", "cell.remove"):
            cells.pop(args["cellId"], None)
            return {}
        if verb == "cell.list":
            return {"cells": list(cells.values())}
        if verb == "cell.probe":
            return {"live": True, "ready": True, "detail": ""}
        if verb == "cell.logs":
            return {"lines": []}
        if verb in ("cell.prepare", "image.ensure"):
            return {"id": "sha256:0"} if verb == "image.ensure" else {}
        raise ValueError(verb)
    return answers


GATEWAY_LISTS = {"queue.list": "entries", "targets": "targets", "brake.list": "people", "budgets": "budgets", "refusals": "refusals"}


def scripted_gateway():
    def answers(verb, args):
        if verb == "configure":
            return {"opened": [cell["cellId"] for cell in args["cells"]], "missing": [], "refused": []}
        if verb == "usage.read":
            return {"events": []}
        if verb in GATEWAY_LISTS:
            return {GATEWAY_LISTS[verb]: []}
        return {"closed": 0} if verb == "cut" else {}
    return answers


def scripted_relay():
    def answers(verb, args):
        return {"connections": []} if verb == "connections" else {"closed": 0}
    return answers


class ControlPlane:
    def __init__(self, parts=True, program=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="cp-", dir="/tmp"))
        self.folder.chmod(0o755)
        self.data, self.run = self.folder / "d", self.folder / "r"
        self.data.mkdir()
        self.run.mkdir()
        self.children = []
        self.log_lines = []
        self.program = program or os.environ.get("CLAWLOOPSD") or str(ROOT / "build/dev/bin/clawloopsd")
        self.ports = {name: free_port() for name in ("portal", "workspace", "api", "check")}
        self.host = f"localhost:{self.ports['portal']}"
        self.workspace_host = f"localhost:{self.ports['workspace']}"
        try:
            self.make_certificates()
            self.start_postgres()
            self.parts = {}
            if parts:
                for name, answers in (("supervisor", scripted_supervisor(self.log_lines)), ("runtimed", scripted_runtimed()),
                                      ("gateway", scripted_gateway()), ("relay", scripted_relay())):
                    self.parts[name] = ScriptedPart(self.run / name / "control.sock", answers)
            self.start()
        except BaseException:
            self.close()
            raise

    # --- what it stands on
    def make_certificates(self):
        pki = self.data / "pki"
        (pki / "control").mkdir(parents=True)
        (pki / "edge").mkdir()

        def openssl(*words):
            subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)

        def authority(name):
            openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", f"/CN={name}",
                    "-keyout", pki / f"{name}.key", "-out", pki / f"{name}.crt")

        def leaf(ca, path, name, use):
            openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}",
                    "-keyout", f"{path}.key", "-out", f"{path}.csr")
            extensions = pathlib.Path(f"{path}.ext")
            extensions.write_text(f"subjectAltName=DNS:{name}\nextendedKeyUsage={use}\n", encoding="utf-8")
            openssl("x509", "-req", "-in", f"{path}.csr", "-CA", pki / f"{ca}.crt", "-CAkey", pki / f"{ca}.key", "-CAcreateserial",
                    "-days", "2", "-extfile", extensions, "-out", f"{path}.crt")

        for name in ("server-ca", "client-ca", "other-ca"):
            authority(name)
        leaf("server-ca", pki / "control/server", "clawloops.internal", "serverAuth")
        leaf("client-ca", pki / "edge/client", "traefik", "clientAuth")
        leaf("other-ca", pki / "edge/stranger", "traefik", "clientAuth")
        keys = self.data / "secrets/control"
        keys.mkdir(parents=True)
        self.grant_key = os.urandom(32)
        (keys / "grant.key").write_bytes(self.grant_key)
        (keys.parent / "vault").mkdir(mode=0o700)

    def start_postgres(self):
        cluster, sockets = self.folder / "pg", self.run / "pg"
        cluster.mkdir()
        sockets.mkdir()
        as_account = {}
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            for path in (cluster, sockets):
                os.chown(path, account.pw_uid, account.pw_gid)
            as_account = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        binaries = postgres_bin()
        subprocess.run([binaries / "initdb", "-D", cluster, "-U", "clawloops", "-A", "trust", "-E", "UTF8", "--no-sync"], check=True,
                       capture_output=True, cwd="/", **as_account)
        self.postgres = subprocess.Popen(
            [binaries / "postgres", "-D", cluster, "-c", "listen_addresses=", "-c", f"unix_socket_directories={sockets}", "-c", "fsync=off",
             "-c", "timezone=Pacific/Chatham"], stdout=subprocess.DEVNULL, stderr=open(self.folder / "pg.log", "w", encoding="utf-8"),
            cwd="/", **as_account)
        self.children.append(self.postgres)
        self.database = f"host={sockets} dbname=clawloops user=clawloops"
        end = time.monotonic() + 60
        while True:
            made = self.sql("CREATE DATABASE clawloops", database="postgres", check=False)
            if made.returncode == 0:
                return
            if time.monotonic() > end:
                raise AssertionError("PostgreSQL did not start: " + made.stderr)
            time.sleep(0.1)

    def sql(self, command, database="clawloops", check=True):
        return subprocess.run(["psql", "-h", str(self.run / "pg"), "-U", "clawloops", "-d", database, "-Atqc", command], check=check,
                              capture_output=True, text=True)

    def start(self):
        self.log = self.folder / "clawloopsd.log"
        words = {"data": self.data, "run": self.run, "share": ROOT / "resources", "instance": "00000000", "host": "localhost",
                 "allowed-hosts": "localhost,127.0.0.1", "portal-port": self.ports["portal"], "workspace-port": self.ports["workspace"],
                 "api-port": self.ports["api"], "check-port": self.ports["check"], "database": self.database,
                 "image": "localhost/clawloops/openclaw:test", "runtime-memory": 2 << 30, "runtime-cpus": 2, "runtime-pids": 512,
                 "small-prompt": "true", "starter-model": "true", "litellm": "true", "log-level": "info"}
        self.daemon = subprocess.Popen([self.program, *[str(word) for name, value in words.items() for word in ("--" + name, value)]],
                                       stderr=open(self.log, "a", encoding="utf-8"))
        self.children.append(self.daemon)
        end = time.monotonic() + 60
        while True:
            if self.daemon.poll() is not None:
                raise AssertionError("clawloopsd ended: " + self.log.read_text(encoding="utf-8"))
            try:
                if self.check({"X-Forwarded-Host": "nobody"})[0] == 404:
                    return
            except OSError:
                pass
            if time.monotonic() > end:
                raise AssertionError("clawloopsd is not ready: " + self.log.read_text(encoding="utf-8"))
            time.sleep(0.1)

    def close(self):
        for child in reversed(self.children):
            if child.poll() is None:
                child.send_signal(signal.SIGINT if child is getattr(self, "postgres", None) else signal.SIGTERM)
                try:
                    child.wait(20)
                except subprocess.TimeoutExpired:
                    child.kill()
                    child.wait()
        for part in getattr(self, "parts", {}).values():
            part.listener.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # --- speaking to it
    def context(self, certificate="client"):
        context = ssl.create_default_context(cafile=self.data / "pki/server-ca.crt")
        if certificate:
            context.load_cert_chain(self.data / f"pki/edge/{certificate}.crt", self.data / f"pki/edge/{certificate}.key")
        return context

    def connect(self, certificate="client"):
        raw = socket.create_connection(("127.0.0.1", self.ports["api"]), timeout=30)
        return self.context(certificate).wrap_socket(raw, server_hostname="clawloops.internal")

    def request(self, method, path, body=None, headers=None, raw=None):
        """(status, JSON or text, http.client message); body as JSON, raw as it is."""
        connection = http.client.HTTPConnection("127.0.0.1", self.ports["api"], timeout=60)
        connection.sock = self.connect()
        fields = {"Host": self.host, "X-Forwarded-For": "192.0.2.7"}
        if body is not None:
            raw = json.dumps(body).encode()
            fields["Content-Type"] = "application/json"
        fields.update(headers or {})
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in fields.items():
            for each in value if isinstance(value, list) else [value]:
                connection.putheader(name, each)
        if raw is not None:
            connection.putheader("Content-Length", str(len(raw)))
        connection.endheaders(raw)
        answer = connection.getresponse()
        if answer.headers.get("Content-Type", "").startswith("text/event-stream"):
            text = answer.readline()  # an open stream has no end to wait for
        else:
            text = answer.read()
        connection.close()
        if "json" in answer.headers.get("Content-Type", "") and text:
            return answer.status, json.loads(text), answer.headers
        return answer.status, text.decode("utf-8", "replace"), answer.headers

    def api(self, method, path, body=None, who=None, headers=None, raw=None):
        fields = dict(who.headers if who else {})
        fields.update(headers or {})
        return self.request(method, "/api/v1" + path, body, fields, raw)

    def check(self, headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.ports["check"], timeout=30)
        connection.request("GET", "/check", headers=headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        return answer.status, text, answer.headers

    # --- people
    def bootstrap(self, username="admin"):
        done = subprocess.run([self.program, "bootstrap-link", "--data", str(self.data), "--host", "localhost", "--portal-port",
                               str(self.ports["portal"]), "--database", self.database], capture_output=True, text=True, check=True)
        token = done.stdout.strip().partition("#bootstrap=")[2]
        return self.signed_in(*self.api("POST", "/auth/bootstrap", {"token": token, "username": username, "password": PASSWORD}))

    def invite(self, admin, username):
        status, made, _ = self.api("POST", "/admin/invitations", {"username": username}, admin)
        assert status == 201, made
        return made["link"].partition("#invitation=")[2], made

    def person(self, admin, username):
        token, _ = self.invite(admin, username)
        return self.signed_in(*self.api("POST", f"/public/invitations/{token}/accept", {"username": username, "password": PASSWORD}))

    def sign_in(self, username, kind="cookie"):
        return self.signed_in(*self.api("POST", "/auth/login", {"username": username, "password": PASSWORD, "kind": kind}))

    def signed_in(self, status, answer, headers):
        assert status in (200, 201), (status, answer)
        return Person(self, answer, headers)


class Person:
    """A signed-in browser (its cookies, and what it sends with same-origin requests) or a bearer client."""

    def __init__(self, plane, answer, headers):
        self.user = answer["user"]
        self.id = self.user["userId"]
        self.token = answer["token"]
        self.cookies = {}
        for line in headers.get_all("Set-Cookie") or []:
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        if self.token:
            self.headers = {"Authorization": "Bearer " + self.token}
        else:
            self.headers = {"Cookie": f"__Host-Http-clawloops_session={self.cookies['__Host-Http-clawloops_session']}",
                            "Origin": "https://" + plane.host, "Sec-Fetch-Site": "same-origin"}
        self.workspace = self.cookies.get("__Host-Http-clawloops_workspace", "")
