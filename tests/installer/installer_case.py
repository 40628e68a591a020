# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A copy of the installer that any account can read, and how its scripts, and parts of them alone, are run and judged."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
AS_ROOT = os.geteuid() == 0


class InstallerCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="cl-wrong-", dir="/tmp"))
        cls.folder.chmod(0o755)
        cls.tree = cls.folder / "tree"
        shutil.copytree(ROOT / "installer", cls.tree / "installer", ignore=shutil.ignore_patterns("__pycache__"))
        (cls.tree / "app").mkdir()
        cls.cache = cls.folder / "cache"
        cls.cache.mkdir()
        cls.cache.chmod(0o777)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder, ignore_errors=True)

    def setUp(self):
        self.data = self.folder / self._testMethodName / "data"
        self.data.parent.mkdir()
        self.data.parent.chmod(0o777)

    def run_it(self, *command, ordinary=False, environment=None, wrapper=(), stdin=""):
        """Runs a script of the copy; returns the exit code and everything it said."""
        variables = {**os.environ, "CLAWLOOPS_CACHE": str(self.cache), "LC_ALL": "C.UTF-8", **(environment or {})}
        line = [*wrapper, str(self.tree / "installer" / command[0]), *map(str, command[1:])]
        if ordinary and AS_ROOT:
            variables["HOME"] = str(self.folder / self._testMethodName)
            variables["CLAWLOOPS_CACHE"] = variables["HOME"] + "/cache"
            line = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", *line]
        done = subprocess.run(line, env=variables, input=stdin, capture_output=True, text=True, timeout=120)
        return done.returncode, done.stderr + done.stdout

    def up(self, *flags, **how):
        return self.run_it("up", "--no-build", "--prefix", self.folder / "prefix", "--data", self.data, *flags, **how)

    @staticmethod
    def other_ports(first):
        names = ("portal", "workspace", "api", "check", "relay", "gateway")
        return [part for number, name in enumerate(names) for part in (f"--{name}-port", first + number)]

    def shell(self, text, **how):
        """Runs a part of the library alone."""
        script = self.tree / "installer" / "part"
        script.write_text("#!/usr/bin/env bash\nset -euo pipefail\n. \"$(dirname \"$0\")/lib/common.sh\"\n"
                          + "".join(f'. "$INSTALLER/lib/{name}.sh"\n' for name in ("packages", "components", "image", "checks", "system")) + text)
        script.chmod(0o755)
        return self.run_it("part", **how)

    def refused(self, outcome, code, *parts):
        """Exactly one sentence of ours, with all of these parts, and that exit code."""
        self.assertEqual(outcome[0], code, outcome[1])
        sentences = [line for line in outcome[1].splitlines() if line.startswith("clawloops: ")]
        self.assertEqual(len(sentences), 1, outcome[1])
        for part in parts:
            self.assertIn(part, sentences[0])
