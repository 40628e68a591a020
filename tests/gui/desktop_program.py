#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The installed program `clawloops` as a person starts it: sign-in window, certificate question, live pages, closing, and what
the next start remembers. Real program, real API on a real database; typist.cpp presses the keys. CLAWLOOPS names the program,
CLAWLOOPS_TYPIST the folder of the plugin."""

import os
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "security"))
from control_plane import PASSWORD, ControlPlane  # noqa: E402

PROGRAM = os.environ["CLAWLOOPS"]
DEADLINE = 60


class Front:
    """What Traefik is to the program: TLS with a certificate of its own, joined to the API. Counts what is asked through it."""

    def __init__(self, plane):
        self.plane = plane
        self.asked = 0
        self.show("first")
        self.listener = socket.create_server(("127.0.0.1", plane.ports["portal"]))
        threading.Thread(target=self.accept, daemon=True).start()

    def show(self, name):
        folder = self.plane.folder
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
                        f"/CN={name}", "-addext", "subjectAltName=DNS:localhost", "-keyout", folder / f"{name}.key", "-out",
                        folder / f"{name}.crt"], check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / f"{name}.crt", folder / f"{name}.key")
        self.context = context

    def accept(self):
        while True:
            try:
                raw, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(raw, self.context), daemon=True).start()

    def serve(self, raw, context):
        try:
            near = context.wrap_socket(raw, server_side=True)
            first = near.recv(65536)
            if not first:
                return
            self.asked += 1
            far = self.plane.connect()
            far.settimeout(None)
            far.sendall(first)
        except OSError:
            return
        threading.Thread(target=self.copy, args=(far, near), daemon=True).start()
        self.copy(near, far)

    @staticmethod
    def copy(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


class Program:
    def __init__(self, home, *arguments):
        self.log = open(home / "stderr", "a+", encoding="utf-8")
        self.process = subprocess.Popen([PROGRAM, "--run", str(home / "no-appliance-here"), *arguments], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=self.log, text=True, bufsize=1,
                                        env=dict(os.environ, HOME=str(home), XDG_CONFIG_HOME=str(home / "config"), QT_QPA_PLATFORM="offscreen",
                                                 XDG_RUNTIME_DIR=str(home), QT_PLUGIN_PATH=os.environ["CLAWLOOPS_TYPIST"], QT_QPA_GENERIC_PLUGINS="typist"))

    def ask(self, command):
        self.process.stdin.write(command + "\n")
        return self.process.stdout.readline().rstrip("\n")

    def until(self, command, good, what):
        end = time.monotonic() + DEADLINE
        while not good(answer := self.ask(command)):
            if time.monotonic() > end or self.process.poll() is not None:
                self.log.seek(0)
                raise AssertionError(f"{what}: {answer!r}; shown: {self.ask('text')!r}; stderr: {self.log.read()}")
            time.sleep(0.05)
        return answer

    def ended(self):
        self.process.stdin.close()
        code = self.process.wait(DEADLINE)
        self.process.stdout.close()
        self.log.close()
        return code

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


class DesktopProgram(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.home = pathlib.Path(tempfile.mkdtemp(prefix="dp-", dir="/tmp"))
        cls.addClassCleanup(shutil.rmtree, cls.home, ignore_errors=True)
        cls.plane = ControlPlane()
        cls.addClassCleanup(cls.plane.close)
        cls.plane.bootstrap("marta")
        cls.front = Front(cls.plane)
        cls.addClassCleanup(cls.front.listener.close)
        cls.server = f"https://localhost:{cls.plane.ports['portal']}"

    def start(self, *arguments):
        program = Program(self.home, *arguments)
        self.addCleanup(program.kill)
        return program

    def test_1_a_person_signs_in_and_closes_the_window(self):
        program = self.start()
        program.until("look signIn", lambda answer: answer == "enabled", "no sign-in window")
        program.ask("type server " + self.server)
        program.ask("type username marta")
        program.ask("type password not the password of marta")
        program.ask("click signIn")
        program.until("look accept", lambda answer: answer == "enabled", "an unknown certificate was not asked about")
        self.assertEqual(self.front.asked, 0, "something was sent before the certificate was accepted")
        program.ask("click accept")
        program.until("look signIn", lambda answer: answer == "enabled", "a wrong password is not answered")
        self.assertEqual(program.ask("title"), "ClawLoops")
        program.ask("type password " + PASSWORD)
        program.ask("click signIn")
        program.until("text", lambda text: f"Live from localhost:{self.plane.ports['portal']}" in text, "not signed in")
        self.assertEqual(program.ask("title"), "ClawLoops, localhost")
        program.ask("resize 1110 707")
        self.assertEqual(program.ask("close"), "ok")
        self.assertEqual(program.ended(), 0)

    def test_2_the_next_start_goes_on_where_it_was_and_a_signal_closes_it(self):
        program = self.start()
        program.until("text", lambda text: "Live from localhost" in text, "the kept session was not taken up")
        self.assertEqual(program.ask("size"), "1110x707")
        program.ask("resize 1222 733")
        program.process.send_signal(signal.SIGTERM)
        self.assertEqual(program.ended(), 0)

    def test_3_another_certificate_gets_nothing(self):
        self.front.show("second")
        asked = self.front.asked
        program = self.start("--server", self.server)
        program.until("look accept", lambda answer: answer == "disabled", "another certificate was not asked about")
        self.assertIn("shows another certificate", program.ask("text"))
        self.assertEqual(program.ask("size"), "1222x733", "the signal did not keep the size")
        self.assertEqual(self.front.asked, asked)
        program.process.send_signal(signal.SIGTERM)
        self.assertEqual(program.ended(), 0)

    def test_4_wrong_usage_is_one_sentence(self):
        done = subprocess.run([PROGRAM, "--frobnicate"], env=dict(os.environ, QT_QPA_PLATFORM="offscreen"), capture_output=True, text=True,
                              timeout=DEADLINE, check=False)
        self.assertEqual(done.returncode, 64)
        self.assertIn("See clawloops --help.", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2, warnings="ignore")  # sockets of threads that end with their peer
