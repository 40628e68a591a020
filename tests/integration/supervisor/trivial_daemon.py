#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands in for one of our daemons in the supervisor's tests, whose subject is how processes are started, watched and
stopped, and what Traefik does in front of them: takes the daemon's real flags, answers on its control socket, and writes each
start to <run>/<name>/starts. As clawloopsd it grants every session check; on clawloopsd's API port and
as relay it echoes what reached it over TLS, once it is there whole."""
import http.server
import json
import os
import signal
import socket
import ssl
import sys
import threading

name = os.path.basename(sys.argv[0]).removeprefix("clawloops-")
flags = dict(zip(sys.argv[1::2], sys.argv[2::2]))
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
print(f"trivial {name} started", file=sys.stderr, flush=True)


class Check(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        # A grant that tells the test which headers the check was asked with.
        asked = json.dumps({header.lower(): value for header, value in self.headers.items()})
        self.send_response(200)
        self.send_header("X-Clawloops-Grant", asked)
        self.send_header("X-Request-Id", "req_fromthecheck")
        self.send_header("Cookie", "kept=1")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Echo(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.rfile.read(int(self.headers["Content-Length"] or 0))
        body = json.dumps(self.headers.items()).encode()
        self.send_response(200)
        self.send_header("X-Request-Id", self.headers.get("X-Request-Id", ""))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 1024


def serve_http(address, handler, context=None, inherited=None):
    server = Server(address, handler, bind_and_activate=inherited is None)
    if inherited is not None:
        server.socket = socket.socket(fileno=inherited)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()


def serve_control(directory):
    with open(f"{directory}/starts", "a", encoding="ascii") as starts:
        starts.write(f"{os.getpid()}\n")
    path = f"{directory}/control.sock"
    if os.path.exists(path):
        os.unlink(path)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    os.chmod(path, 0o660)
    listener.listen(16)

    def answer(peer):
        with peer:
            for line in peer.makefile("rb"):
                peer.sendall(json.dumps({"id": json.loads(line)["id"], "ok": {"cells": []}}).encode() + b"\n")

    while True:
        peer, _ = listener.accept()
        threading.Thread(target=answer, args=(peer,), daemon=True).start()


def mutual_tls(certificate, key, client_ca):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    tls.load_verify_locations(client_ca)
    tls.verify_mode = ssl.CERT_REQUIRED
    return tls


if name == "clawloopsd":
    pki = flags["--data"] + "/pki"
    serve_http(("127.0.0.1", int(flags["--api-port"])), Echo, mutual_tls(f"{pki}/control/server.crt", f"{pki}/control/server.key", f"{pki}/client-ca.crt"))
    inherited = flags.get("--check-socket")
    serve_http(("127.0.0.1", int(flags["--check-port"])), Check, inherited=int(inherited) if inherited else None)
    threading.Event().wait()
else:
    if name == "relay":
        host, port = flags["--listen"].rsplit(":", 1)
        serve_http((host, int(port)), Echo, mutual_tls(flags["--cert"], flags["--key"], flags["--client-ca"]))
    serve_control(f"{flags['--run']}/{name}")
