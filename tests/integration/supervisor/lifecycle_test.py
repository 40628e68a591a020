# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The supervisor with the real PostgreSQL and Traefik: start, adoption, restarts, accounts, the entry, stop."""
import json
import os
import signal
import ssl
import socket
import subprocess
import time
import unittest

from supervisor_fixture import ACCOUNTS, IN_ORDER, Fixture, wait_for


def owner(pid):
    return os.stat(f"/proc/{pid}").st_uid


class Lifecycle(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.fixture = Fixture()
        cls.addClassCleanup(cls.fixture.remove)
        cls.fixture.start()
        cls.fixture.wait_running()

    def connect(self, port, address="127.0.0.1"):
        context = ssl.create_default_context(cafile=str(self.fixture.data / "pki/lan-ca.crt"))
        raw = socket.create_connection(("127.0.0.1", self.fixture.ports[port]), timeout=30, source_address=(address, 0))
        return context.wrap_socket(raw, server_hostname="claw.test")

    def get(self, path, host="claw.test", port="workspace", headers=(), address="127.0.0.1", method="GET", body=b""):
        """One request over TLS, spoken by hand so that no client tidies the headers."""
        with self.connect(port, address) as peer:
            lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", "Connection: close", *headers]
            peer.sendall(("\r\n".join(lines) + "\r\n\r\n").encode() + body)
            answer = b""
            while chunk := peer.recv(65536):
                answer += chunk
        head, _, body = answer.partition(b"\r\n\r\n")
        return int(head.split()[1]), head.decode(), body.decode()

    def test_componentsRunAsTheirAccounts(self):
        pids = self.fixture.pids()
        self.assertNotEqual(owner(pids["postgres"]), 0)
        if os.geteuid() == 0:
            import pwd
            expected = {"postgres": "db", "relay": "edge", "traefik": "edge", "gateway": "model", "clawloopsd": "control"}
            for name, key in expected.items():
                self.assertEqual(owner(pids[name]), pwd.getpwnam(ACCOUNTS[key]).pw_uid, name)
            self.assertEqual(owner(pids["runtimed"]), 0)

    def test_onlyTheControlPlanesAccountEntersTheDatabase(self):
        command = ["psql", "-h", str(self.fixture.data / "run/pg"), "-U", "clawloops", "-d", "clawloops", "-Atc", "select current_user"]

        def ask(account):
            prefix = ["setpriv", f"--reuid={account}", f"--regid={account}", "--clear-groups"] if os.geteuid() == 0 else []
            return subprocess.run(prefix + command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=30)

        self.assertEqual(ask(ACCOUNTS["control"]).stdout, "clawloops\n")
        if os.geteuid() == 0:
            for other in (ACCOUNTS["edge"], ACCOUNTS["model"], "nobody"):
                self.assertNotEqual(ask(other).returncode, 0, other)
            # root passes the directory, so this is the peer check itself
            self.assertIn("Peer authentication failed", subprocess.run(command, capture_output=True, text=True, timeout=30).stderr)

    def test_theClientsGrantAndRequestIdReachNobody(self):
        status, head, body = self.get("/w/alice/", headers=("X-Clawloops-Grant: forged", "X-Request-Id: req_forged", "Cookie: secret=1; kept=1"))
        self.assertEqual(status, 200)
        reached = {name.lower(): value for name, value in json.loads(body)}
        asked = json.loads(reached["x-clawloops-grant"])
        self.assertNotIn("x-clawloops-grant", asked)
        self.assertNotIn("x-request-id", asked)
        self.assertEqual(asked["x-forwarded-uri"], "/w/alice/")
        self.assertEqual(reached["x-request-id"], "req_fromthecheck")
        self.assertEqual(reached["cookie"], "kept=1")
        self.assertIn("req_fromthecheck", head)

    def test_requestsThatNeverEndAreHeldForTheirSenderOnlyAndOnlySoMany(self):
        for method, path, most in (("POST", "/api/v1/auth/login", 128), ("GET", "/api/v1/events", 256)):
            held = []
            try:
                for _ in range(most + 10):
                    held.append(self.connect("portal"))
                    held[-1].sendall(f"{method} {path} HTTP/1.1\r\nHost: claw.test\r\nContent-Length: 1000\r\n\r\n".encode())
                wait_for("the sender's limit", lambda: self.get(path, port="portal", method=method)[0] == 429, 20)
                self.assertEqual(self.get(path, port="portal", method=method, address="127.0.0.2")[0], 200)
                self.assertEqual(self.get("/w/alice/")[0], 200)  # workspaces are not counted
            finally:
                for one in held:
                    one.close()
            wait_for("room again", lambda: self.get(path, port="portal", method=method)[0] == 200)

    def test_noMoreOfABodyIsHeldThanTheControlPlaneTakes(self):
        for size, body, status in ((200_000, b"x" * 200_000, 200), (300_000, b"", 413)):  # refused before it comes
            headers = (f"Content-Length: {size}",)
            self.assertEqual(self.get("/api/v1/auth/login", port="portal", method="POST", headers=headers, body=body)[0], status, size)

    def test_anotherHostIsNotServed(self):
        for port in ("portal", "workspace"):
            self.assertEqual(self.get("/w/alice/", host="evil.example", port=port)[0], 404)
        self.assertEqual(self.get("/w/alice/", host=f"claw.test:{self.fixture.ports['workspace']}")[0], 200)
        self.assertEqual(self.get("/w/alice/", host="localhost")[0], 200)

    def test_nothingButWorkspacesIsServedOnTheirOrigin(self):
        for path in ("/", "/api/v1/auth/me", "/dashboard/", "/api/rawdata", "/ping", "/metrics", "/v1/models"):
            self.assertEqual(self.get(path)[0], 404, path)

    def test_theRelayTakesTraefiksCertificateOnly(self):
        context = ssl.create_default_context(cafile=str(self.fixture.data / "pki/server-ca.crt"))
        with self.assertRaises(OSError):
            with socket.create_connection(("127.0.0.1", self.fixture.ports["relay"]), timeout=10) as raw:
                with context.wrap_socket(raw, server_hostname="clawloops.internal") as peer:
                    peer.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                    if not peer.recv(1):
                        raise ConnectionResetError

    def test_aRequestIsFoundInTheLogsByItsIdAndWithoutItsQuery(self):
        self.get("/w/alice/page?token=swordfish", headers=("X-Request-Id: req_iwanttobefound",))

        def lines(rid):
            return self.fixture.call("logs.find", rid=rid)["ok"]["lines"]

        found = wait_for("the access log", lambda: [one for one in lines("req_fromthecheck") if "/w/alice/page" in one["line"]], 20)
        self.assertEqual(found[0]["component"], "traefik")
        self.assertNotIn("swordfish", found[0]["line"])
        self.assertEqual(lines("req_iwanttobefound"), [])

    def test_aSecondSupervisorIsRefusedAndNamesTheFirst(self):
        code, words = self.fixture.refused()
        self.assertEqual(code, 73)
        self.assertIn(f"process id {self.fixture.process.pid}", words)

    def test_wrongVerbsAreRefusedByName(self):
        self.assertIn("nonsense", self.fixture.call("nonsense")["error"]["message"])
        self.assertIn("extra", self.fixture.call("component.restart", name="relay", extra=1)["error"]["message"])
        self.assertIn("mysql", self.fixture.call("component.restart", name="mysql")["error"]["message"])

    def test_aKilledChildIsAnnouncedAtOnceAndComesBackAlone(self):
        for name in ("relay", "traefik", "postgres", "clawloopsd"):
            before = self.fixture.pids()
            with socket.socket(socket.AF_UNIX) as events:
                events.settimeout(30)
                events.connect(str(self.fixture.data / "run/supervisor/control.sock"))
                events.sendall(b'{"id":1,"verb":"status","args":{}}\n')
                stream = events.makefile("rb")
                stream.readline()
                killed = time.monotonic()
                os.kill(before[name], signal.SIGKILL)
                said = json.loads(stream.readline())
                if said["data"]["state"] == "unhealthy":  # a question under way noticed it first
                    said = json.loads(stream.readline())
            self.assertEqual((said["event"], said["data"]["name"], said["data"]["state"]), ("component", name, "backoff"))
            self.assertLess(time.monotonic() - killed, 3)
            self.fixture.wait_running(30)
            after = self.fixture.pids()
            self.assertEqual([other for other in IN_ORDER if after[other] != before[other]], [name])

    def test_aStoppedComponentStaysStoppedUntilItIsStarted(self):
        self.assertEqual(self.fixture.call("component.stop", name="gateway")["ok"]["state"], "stopped")
        time.sleep(1.5)
        self.assertEqual(self.fixture.states()["gateway"], "stopped")
        self.fixture.call("component.start", name="gateway")
        self.fixture.wait_running()

    def test_theSupervisorsDeathHurtsNobodyAndNothingIsStartedTwice(self):
        before = self.fixture.pids()
        starts = {name: self.fixture.starts(name) for name in ("runtimed", "relay", "gateway")}
        for _ in range(3):
            self.fixture.process.kill()
            self.fixture.process.wait()
            time.sleep(0.3)
            for name, pid in before.items():
                os.kill(pid, 0)
            self.fixture.start()
            self.fixture.wait_running(5)
            self.assertEqual(self.fixture.pids(), before)
        self.assertEqual({name: self.fixture.starts(name) for name in starts}, starts)

    def test_aChildThatDiesWhileNobodyWatchesIsStartedAgain(self):
        before = self.fixture.pids()
        self.fixture.process.kill()
        self.fixture.process.wait()
        os.kill(before["relay"], signal.SIGKILL)
        self.fixture.start()
        self.fixture.wait_running(20)
        after = self.fixture.pids()
        self.assertEqual([name for name in IN_ORDER if after[name] != before[name]], ["relay"])

    def test_changedSettingsRestartOnlyWhatTheyConcern(self):
        before = self.fixture.pids()
        self.fixture.process.kill()
        self.fixture.process.wait()
        self.fixture.start(runtime__pids="300")
        wait_for("the control plane's replacement", lambda: self.fixture.pids().get("clawloopsd") not in (None, before["clawloopsd"]), 20)
        self.fixture.wait_running(20)
        after = self.fixture.pids()
        self.assertEqual([name for name in IN_ORDER if after[name] != before[name]], ["clawloopsd"])
        self.fixture.process.kill()
        self.fixture.process.wait()
        self.fixture.start()
        wait_for("the old settings", lambda: self.fixture.pids().get("clawloopsd") not in (None, after["clawloopsd"]), 20)
        self.fixture.wait_running(20)


class Stop(unittest.TestCase):
    def test_everythingStopsInReverseOrderAndLeavesNothing(self):
        fixture = Fixture()
        self.addCleanup(fixture.remove)
        fixture.start()
        fixture.wait_running()
        done = subprocess.run([os.environ["CLAWLOOPS_SUPERVISOR"], "stop", *fixture.flags()], capture_output=True, text=True, timeout=90)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(fixture.process.wait(10), 0)
        stopped = []
        for line in (fixture.folder / "supervisor.log").read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            if entry.get("state") == "stopped":
                stopped.append(entry["component"])
        self.assertEqual(stopped, IN_ORDER[::-1])
        self.assertEqual(fixture.processes(), [])
        postgres = (fixture.data / "log/postgres.log").read_text(encoding="utf-8")
        self.assertIn("database system is shut down", postgres.splitlines()[-1])
        # and the next start finds its database again
        fixture.start()
        fixture.wait_running()
        self.assertEqual(postgres.count("ready to accept"), 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
