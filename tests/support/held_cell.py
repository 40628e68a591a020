#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a cell serves when its owner has put a program of their own in OpenClaw's place: held_cell.py SOCKET FOLDER.

Every page is FOLDER/cell.html; what it was asked with goes to FOLDER/cell.log, if that can be written. It tries to set our
cookies, to let itself be framed and to widen a service worker: what of that gets out is the relay's matter."""

import http.server
import json
import pathlib
import socketserver
import sys

folder = pathlib.Path(sys.argv[2])


class Page(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode("utf-8", "replace")
        try:
            with open(folder / "seen/cell.log", "a", encoding="utf-8") as log:
                log.write(json.dumps({"method": self.command, "path": self.path, "headers": self.headers.items(), "body": body}) + "\n")
        except OSError:
            pass
        try:
            page = (folder / "cell.html").read_bytes()
        except OSError:
            page = b"" if self.path.endswith(".js") else b"<!doctype html><title>cell</title><h1>The cell's own page</h1>"
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript" if self.path.endswith(".js") else "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        for name in ("__Host-clawloops_session", "__Host-clawloops_workspace", "__Host-Http-clawloops_session", "__Host-Http-clawloops_workspace"):
            self.send_header("Set-Cookie", f"{name}=planted-by-the-cell; Path=/; Secure; HttpOnly")
        self.send_header("Service-Worker-Allowed", "/")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(page)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = answer

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    request_queue_size = 64

    def get_request(self):
        request, _ = super().get_request()
        return request, ("cell", 0)


server = Server(sys.argv[1], Page)
pathlib.Path(sys.argv[1]).chmod(0o666)
server.serve_forever()
