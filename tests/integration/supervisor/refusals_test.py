# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wrong input: each refusal is one sentence and its exit code, starts nothing, and leaves the next start unharmed."""
import os
import pathlib
import shutil
import socket
import subprocess
import unittest

from supervisor_fixture import PROGRAM, Fixture


class Refusals(unittest.TestCase):
    def setUp(self):
        self.fixture = Fixture()
        self.addCleanup(self.fixture.remove)

    def refuse(self, code, *words, **others):
        got, said = self.fixture.refused(**others)
        self.assertEqual(got, code, said)
        for word in words:
            self.assertIn(word, said)
        self.assertEqual(len(said.splitlines()), 1, said)
        self.assertEqual(self.fixture.processes(), [])

    def startsWell(self):
        self.fixture.start()
        self.fixture.wait_running()
        self.fixture.stop()

    def test_anUnknownSettingNamesItsLineAndTheNearest(self):
        self.fixture.data.mkdir()
        (self.fixture.data / "clawloops.conf").write_text("[ports]\nportall = 8443\n", encoding="utf-8")
        self.refuse(64, "line 2", "ports.portal")
        self.assertEqual([path.name for path in self.fixture.data.iterdir()], ["clawloops.conf"])

    def test_aTakenPortIsNamedAndTheNextStartWorks(self):
        with socket.create_server(("0.0.0.0", self.fixture.ports["portal"])):
            self.refuse(71, str(self.fixture.ports["portal"]), "ports.portal")
        self.startsWell()

    def test_aMissingComponentIsNamed(self):
        (self.fixture.components / "traefik").unlink()
        self.refuse(69, "Traefik is not installed")
        self.assertFalse(self.fixture.data.exists())

    def test_anAlteredComponentIsNamedWithBothHashes(self):
        real = (self.fixture.components / "traefik").resolve()
        manifest = (self.fixture.components / "components.sha256").read_text(encoding="utf-8")
        (self.fixture.components / "traefik").unlink()
        shutil.copy(real, self.fixture.components / "traefik")
        with open(self.fixture.components / "traefik", "r+b") as program:
            program.seek(100_000)
            program.write(b"altered")
        self.refuse(69, "traefik", manifest.split()[0], "installer/up")

    def test_aTruncatedModelIsNamed(self):
        (self.fixture.components / "starter.gguf").write_bytes(b"GGUF" + bytes(1000))
        self.fixture.write_manifest(["traefik", "starter.gguf"])
        os.truncate(self.fixture.components / "starter.gguf", 500)
        self.refuse(69, "model file", "500 of 1004 bytes")

    def test_aDirectoryThatIsNotOursIsLeftAlone(self):
        self.fixture.data.mkdir()
        (self.fixture.data / "holiday.jpg").write_bytes(b"x")
        self.refuse(73, "holiday.jpg")
        self.assertEqual(len(list(self.fixture.data.iterdir())), 1)

    def test_aLinkInTheDataDirectoryIsNotFollowed(self):
        self.startsWell()
        victim = self.fixture.folder / "victim"
        victim.mkdir(mode=0o751)
        shutil.rmtree(self.fixture.data / "spool")
        (self.fixture.data / "spool").symlink_to(victim)
        self.refuse(71, "spool", "symbolic link")
        self.assertEqual(victim.stat().st_mode & 0o777, 0o751)
        self.assertEqual(victim.stat().st_uid, os.geteuid())

    def test_aClusterOfAnotherVersionHasItsOwnExitCode(self):
        self.startsWell()
        (self.fixture.data / "pg/cluster/PG_VERSION").write_text("13\n", encoding="ascii")
        self.refuse(76, "PostgreSQL 13")

    def test_aHalfMadeClusterIsMadeAgain(self):
        # what an interrupted first start leaves: directories and a part of initdb's work
        self.fixture.data.mkdir()
        (self.fixture.data / ".clawloops").write_text('{"instance":"00000000","version":"0"}\n', encoding="ascii")
        half = self.fixture.data / "pg/cluster.new"
        half.mkdir(parents=True)
        (half / "PG_VERSION").write_text("15\n", encoding="ascii")
        if os.geteuid() == 0:
            for path in (half / "PG_VERSION", half, half.parent):
                shutil.chown(path, "mail", "mail")
        self.startsWell()
        self.assertFalse(half.exists())

    def test_aFullDiskIsRefused(self):
        self.refuse(71, "GiB", disk__least="1000000")

    def test_noPermissionIsSaid(self):
        ordinary = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 else []
        flags = self.fixture.flags()
        for key in ("account.control", "account.db", "account.edge", "account.model"):
            flags += ["--set", f"{key}="]
        flags[1] = "/usr/clawloops-data"
        program = self.fixture.bin / "clawloops-supervisor"
        shutil.copy(PROGRAM, program)
        done = subprocess.run([*ordinary, str(program), "run", *flags], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60)
        self.assertEqual(done.returncode, 71, done.stderr)
        self.assertIn("/usr/clawloops-data", done.stderr)
        self.assertFalse(pathlib.Path("/usr/clawloops-data").exists())

    def test_rootIsNoAccountForTheDatabase(self):
        if os.geteuid() == 0:
            self.refuse(64, "refuses to run as root", account__db="root")
        else:
            self.refuse(64, "only root", account__db="root")

    def test_aPasswordInTheDatabaseUrlIsRefusedAndNotRepeated(self):
        for url in ("postgresql://claw:s3cret@db.lan/claw", "postgresql://db.lan/claw?user=claw&pass%77ord=s3cret", "host=db.lan password = s3cret"):
            self.refuse(64, "database.url", "pgpass", database__url=url)
            self.assertNotIn("s3cret", self.fixture.refused(database__url=url)[1])

    def test_checkSaysTheSameAndMakesNothing(self):
        self.assertEqual(self.fixture.refused("check"), (0, ""))
        self.assertFalse(self.fixture.data.exists())
        self.assertEqual(self.fixture.refused("check", ports__api=self.fixture.ports["check"])[0], 64)


if __name__ == "__main__":
    unittest.main(verbosity=2)
