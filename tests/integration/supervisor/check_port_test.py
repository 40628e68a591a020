# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The session check's port while Traefik runs: whoever dies, no other account gets it, and no cookie arrives anywhere else.

Another account is `nobody` when we are root; else it is ourselves, which is no different to bind(2)."""
import json
import os
import pathlib
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import unittest

from supervisor_fixture import IN_ORDER, PROGRAM, Fixture, wait_for

# Binds the port as soon as it can, by every means an ordinary account has, and says what arrives there.
THIEF = """
import socket, sys, time
port = int(sys.argv[1])
print("ready", flush=True)
while True:
    for address in ("127.0.0.1", "0.0.0.0"):
        for option in (socket.SO_REUSEADDR, socket.SO_REUSEPORT):
            one = socket.socket()
            one.setsockopt(socket.SOL_SOCKET, option, 1)
            try:
                one.bind((address, port))
                one.listen()
            except OSError:
                one.close()
                continue
            print("bound", address, flush=True)
            while True:
                peer, _ = one.accept()
                print("read", peer.recv(65536), flush=True)
                peer.close()
    time.sleep(0.002)
"""
WITHOUT_PTRACE = ["setpriv", "--bounding-set=-sys_ptrace", "--inh-caps=-sys_ptrace"]


class Thief:
    def __init__(self, test):
        other = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 else []
        self.process = subprocess.Popen([*other, sys.executable, "-u", "-c", THIEF, str(test.fixture.ports["check"])], stdout=subprocess.PIPE, text=True, cwd="/")
        test.addCleanup(self.process.stdout.close)
        test.addCleanup(self.process.wait)
        test.addCleanup(self.process.kill)
        test.assertEqual(self.process.stdout.readline(), "ready\n")

    def caught(self):
        self.process.kill()
        return self.process.stdout.read()


class CheckPort(unittest.TestCase):
    def setUp(self):
        self.fixture = Fixture()
        self.addCleanup(self.fixture.remove)

    def start(self):
        self.fixture.start()
        self.fixture.wait_running()

    def open_workspace(self):
        """The status of one request with a cookie, through Traefik."""
        context = ssl.create_default_context(cafile=str(self.fixture.data / "pki/lan-ca.crt"))
        with socket.create_connection(("127.0.0.1", self.fixture.ports["workspace"]), timeout=25) as raw:
            with context.wrap_socket(raw, server_hostname="claw.test") as peer:
                peer.sendall(b"GET /w/alice/ HTTP/1.1\r\nHost: claw.test\r\nConnection: close\r\nCookie: session=swordfish\r\n\r\n")
                answer = b""
                while chunk := peer.recv(65536):
                    answer += chunk
        return int(answer.split()[1])

    def kill(self, *names):
        pids = self.fixture.pids()
        for name in names:
            os.kill(pids[name], signal.SIGKILL)
        return pids

    def kill_supervisor(self):
        self.fixture.process.kill()
        self.fixture.process.wait()

    def test_aKilledControlPlaneLeavesItsPortToNobodyAndItsRequestsWait(self):
        self.start()
        thief = Thief(self)
        statuses = []
        for _ in range(3):
            before = self.kill("clawloopsd")
            asking = [threading.Thread(target=lambda: statuses.append(self.open_workspace())) for _ in range(4)]
            for one in asking:
                one.start()
            wait_for("another control plane", lambda: self.fixture.pids().get("clawloopsd") not in (None, before["clawloopsd"]), 40)
            for one in asking:
                one.join()
            self.fixture.wait_running()
        self.assertEqual(thief.caught(), "")
        self.assertEqual(statuses, [200] * 12)

    def test_aStoppedControlPlaneLeavesItsPortToNobody(self):
        self.start()
        thief = Thief(self)
        self.fixture.call("component.stop", name="clawloopsd")
        statuses = []
        asking = threading.Thread(target=lambda: statuses.append(self.open_workspace()))
        asking.start()
        time.sleep(1)
        self.fixture.call("component.start", name="clawloopsd")
        asking.join()
        self.assertEqual(thief.caught(), "")
        self.assertEqual(statuses, [200])

    def test_withTheSupervisorDeadTraefikHoldsItAndTheNextOneTakesItBack(self):
        self.start()
        before = self.fixture.pids()
        thief = Thief(self)
        self.kill_supervisor()
        os.kill(before["clawloopsd"], signal.SIGKILL)
        time.sleep(0.5)
        self.fixture.start()
        self.fixture.wait_running(20)
        self.assertEqual(self.open_workspace(), 200)
        after = self.fixture.pids()
        self.assertEqual([name for name in IN_ORDER if after[name] != before[name]], ["clawloopsd"])
        before = self.kill("traefik", "clawloopsd")  # now the second supervisor alone holds it
        wait_for("both to be new", lambda: not {before["traefik"], before["clawloopsd"]} & set(self.fixture.pids().values()), 20)
        self.fixture.wait_running(20)
        self.assertEqual(self.open_workspace(), 200)
        self.assertEqual(thief.caught(), "")

    def test_aPortThatIsTakenBeforehandStopsTheStart(self):
        with socket.create_server(("127.0.0.1", self.fixture.ports["check"])):
            code, words = self.fixture.refused()
        self.assertEqual(code, 71, words)
        self.assertIn("ports.check", words)
        self.assertEqual(self.fixture.processes(), [])

    def test_nobodyButItsTwoHeirsHasTheSocket(self):
        self.start()
        inode = os.stat(f"/proc/{self.fixture.pids()['clawloopsd']}/fd/3").st_ino
        holders = set()
        for name, pid in {**self.fixture.pids(), "supervisor": self.fixture.process.pid}.items():
            for descriptor in pathlib.Path(f"/proc/{pid}/fd").iterdir():
                if os.stat(descriptor).st_ino == inode:
                    holders.add(name)
        self.assertEqual(holders, {"supervisor", "clawloopsd", "traefik"})

    def test_whereItCannotBeTakenBackTraefikDoesNotRunInFrontOfAnothersPort(self):
        """Without the right to look into its children, as in some containers, a second supervisor gets no descriptor back."""
        if os.geteuid() != 0:
            self.fail("this test takes CAP_SYS_PTRACE away from a supervisor that runs as root: run it as root")

        def start():
            with open(self.fixture.folder / "supervisor.log", "ab") as log:
                self.fixture.process = subprocess.Popen([*WITHOUT_PTRACE, PROGRAM, "run", *self.fixture.flags()], stdin=subprocess.DEVNULL,
                                                        stdout=log, stderr=log, start_new_session=True)

        start()
        self.fixture.wait_running()
        before = self.fixture.pids()
        self.kill_supervisor()
        start()
        self.fixture.wait_running(20)
        self.assertEqual(self.fixture.pids(), before)  # adopted all the same
        self.kill("clawloopsd")  # Traefik alone holds the port now: it is restarted so that the supervisor gets it
        wait_for("another Traefik", lambda: self.fixture.pids().get("traefik") not in (None, before["traefik"]), 30)
        self.fixture.wait_running(60)
        self.assertEqual(self.open_workspace(), 200)

        self.kill_supervisor()
        start()
        self.fixture.wait_running(20)
        pids = self.fixture.pids()
        self.fixture.process.send_signal(signal.SIGSTOP)  # so that another program is faster than its first back-off
        for name in ("traefik", "clawloopsd"):
            os.kill(pids[name], signal.SIGKILL)

        def bound():
            try:
                return socket.create_server(("127.0.0.1", self.fixture.ports["check"]))
            except OSError:
                return None

        with wait_for("the port", bound, 20):
            self.fixture.process.send_signal(signal.SIGCONT)
            for name in ("traefik", "clawloopsd"):
                said = wait_for(f"{name} to say why it does not run",
                                lambda: "is taken by another program" in (self.fixture.status()[name].get("sentence") or "") and self.fixture.status()[name], 30)
                self.assertIsNone(said.get("pid"), json.dumps(said))
            with self.assertRaises(OSError):
                self.open_workspace()
        self.fixture.wait_running(60)
        self.assertEqual(self.open_workspace(), 200)


if __name__ == "__main__":
    unittest.main(verbosity=2)
