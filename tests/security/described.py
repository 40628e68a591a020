#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds the running API against resources/openapi.yaml with schemathesis: no 5xx, no answer that is not described.

Needs CLAWLOOPS_SCHEMATHESIS, the program (tests/env names it). Left out: logout, which would end the session in use, and the
event stream, which has no end; the matrix has both."""

import os
import socket
import subprocess
import sys
import threading

from control_plane import ROOT, ControlPlane

# Who may ask is the matrix's matter: with a fixed header schemathesis cannot take the sign-in away.
CHECKS = ("not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
          "response_schema_conformance,negative_data_rejection,unsupported_method")


def forward(plane):
    """What Traefik is: a listener under the portal's name that goes on with the client certificate."""
    listener = socket.create_server(("127.0.0.1", plane.ports["portal"]))

    def copy(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
        except OSError:
            pass
        finally:
            for end in (source, sink):
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    def accept():
        while True:
            near, _ = listener.accept()
            far = plane.connect()
            for pair in ((near, far), (far, near)):
                threading.Thread(target=copy, args=pair, daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()


def main():
    program = os.environ.get("CLAWLOOPS_SCHEMATHESIS")
    if not program:
        print('CLAWLOOPS_SCHEMATHESIS is not set: run `eval "$(tests/env)"` first, or use tests/run.')
        return 1
    with ControlPlane() as plane:
        plane.bootstrap()
        admin = plane.sign_in("admin", "bearer")
        forward(plane)
        done = subprocess.run(
            [program, "run", str(ROOT / "resources/openapi.yaml"), "--url", f"http://{plane.host}/api/v1", "--checks", CHECKS,
             "--header", "Authorization: Bearer " + admin.token, "--exclude-operation-id", "logout", "--exclude-operation-id", "streamEvents",
             "--max-examples", "12", "--seed", "20261122", "--request-timeout", "20", "--workers", "2", "--phases", "examples,coverage,fuzzing",
             "--suppress-health-check", "all", "--no-color", "--generation-database", "none"],
            cwd=plane.folder, timeout=170)
        return done.returncode


if __name__ == "__main__":
    sys.exit(main())
