#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `installer/up`, `down` and `uninstall` say when something is wrong: one sentence, the documented exit code, nothing left behind.

Runs the real scripts, as root where the tests are root and as an ordinary account where the fault is one of permission. Nothing is
installed: every case ends before the first package is asked for.
"""

import fcntl
import os
import pathlib
import socket
import subprocess
import unittest

from installer_case import AS_ROOT, InstallerCase


class WrongInput(InstallerCase):
    # --- what the machine or the place refuses ---

    def test_a_port_that_is_taken_names_who_has_it(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            self.refused(self.up("--portal-port", port), 71, f"The portal port {port} is already used by",
                         f"(process {os.getpid()})", "--portal-port")
        self.assertFalse(self.data.exists())

    def test_a_port_that_is_none(self):
        for port in ("0", "65536", "many"):
            self.refused(self.up("--relay-port", port), 64, f"'{port}' is not a port number", "--relay-port")

    def test_a_low_port_for_an_ordinary_account(self):
        least = int(pathlib.Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text())
        if least > 1:
            self.refused(self.up("--portal-port", least - 1, "--rootless", ordinary=True), 71, "only root may use", str(least))

    def test_a_clock_off_by_years(self):
        for day, part in (("1999-03-01", "before this release"), ("2044-03-01", "more than ten years after")):
            with self.subTest(day=day):
                self.refused(self.up(wrapper=("faketime", f"{day} 12:00:00")), 71, day, part, "Set the clock")
        self.assertFalse(self.data.exists())

    def test_a_disk_with_too_little_space(self):
        self.refused(self.up("--set", "disk.least=9999999"), 71, "GB free and 9999999 GB are needed", "--data")
        self.assertFalse(self.data.exists())

    def test_a_small_file_system_below_ten_gigabytes(self):
        place = self.data.parent / "mount"
        place.mkdir()
        # In a mount namespace of its own: the machine never sees it.
        inside = ("unshare", "--mount" if AS_ROOT else "-rm", "sh", "-c", f'mount -t tmpfs -o size=64m none {place} && exec "$@"', "sh")
        self.refused(self.run_it("up", "--no-build", "--prefix", self.folder / "p", "--data", place / "data", wrapper=inside), 71,
                     "0.0 GB free and 10 GB are needed", str(place))

    def test_a_data_directory_of_somebody_else(self):
        self.data.mkdir()
        (self.data / "letters.txt").write_text("mine")
        self.refused(self.up(), 73, f"{self.data} is not ours", "letters.txt", "--data")
        self.assertEqual([one.name for one in self.data.iterdir()], ["letters.txt"])

    def test_what_an_interrupted_first_start_left_is_no_foreign_file(self):
        (self.data / "log").mkdir(parents=True)
        for name in ("lock", ".clawloops.part", "clawloops.conf"):
            (self.data / name).write_text("")
        self.assertEqual(self.shell(f"check_data_directory {self.data}\n"), (0, ""))
        (self.data / "letters.txt").write_text("mine")
        self.refused(self.shell(f"check_data_directory {self.data}\n"), 73, "letters.txt")

    def test_a_data_directory_that_is_not_writable(self):
        self.data.mkdir()
        self.data.chmod(0o555)
        self.refused(self.up("--rootless", ordinary=True), 73, str(self.data), "not writable for", "--data")

    def test_a_data_directory_of_another_account(self):
        self.data.mkdir()
        (self.data / ".clawloops").write_text('{"instance":"0123abcd","version":"0.1.0"}')
        self.data.chmod(0o777)
        if AS_ROOT:
            self.refused(self.up("--rootless", ordinary=True), 73, "run by root", "not by nobody")

    def test_a_data_directory_below_a_file(self):
        self.data.write_text("a file")
        self.refused(self.run_it("up", "--no-build", "--prefix", self.folder / "p", "--data", self.data / "deep"), 73, "is not a directory")

    def test_a_cluster_of_another_postgresql(self):
        cluster = self.data / "pg/cluster"
        cluster.mkdir(parents=True)
        (self.data / ".clawloops").write_text('{"instance":"0123abcd","version":"0.1.0"}')
        (cluster / "PG_VERSION").write_text("9\n")
        self.refused(self.up(), 76, "made by PostgreSQL 9", "postgresql-9", "nothing was changed")
        self.assertEqual((cluster / "PG_VERSION").read_text(), "9\n")

    def test_a_missing_package_without_the_right_to_install(self):
        tools = self.data.parent / "tools"
        tools.mkdir()
        # The machine's own answer, less podman.
        (tools / "dpkg-query").write_text("#!/bin/sh\n/usr/bin/dpkg-query \"$@\" | grep -v ' podman$'\n")
        (tools / "dpkg-query").chmod(0o755)
        self.refused(self.up("--rootless", *self.other_ports(28443), ordinary=True,
                             environment={"PATH": f"{tools}:{os.environ['PATH']}"}), 71,
                     "packages are missing", "podman", "apt-get install")
        self.assertFalse(self.data.exists())

    def test_podman_that_is_gone_though_its_package_is_there(self):
        tools = self.data.parent / "tools"
        tools.mkdir()
        # Every program of the machine but this one.
        for place in reversed(os.environ["PATH"].split(":")):
            for program in pathlib.Path(place).glob("*") if os.path.isdir(place) else ():
                if program.name != "podman":
                    (tools / program.name).unlink(missing_ok=True)
                    (tools / program.name).symlink_to(program)
        self.refused(self.up(*self.other_ports(28470), environment={"PATH": str(tools)}), 69, "no podman on PATH", "apt-get install --reinstall podman")
        self.assertFalse(self.data.exists())

    def test_a_variable_of_the_network_goes_through_sudo(self):
        tools = self.data.parent / "tools"
        tools.mkdir()
        # In sudo's place: what it is asked to keep for this script, it says; the real one is on no machine that runs this as root.
        (tools / "sudo").write_text('#!/bin/sh\n[ "$(eval echo \\${$#})" != true ] || exit 0 # only asked whether it may\n'
                                    'for one; do case $one in --preserve-env=*) echo "kept ${one#*=}"; esac; done\n')
        (tools / "sudo").chmod(0o755)
        code, text = self.up(ordinary=True, environment={"PATH": f"{tools}:{os.environ['PATH']}"})
        self.assertEqual(code, 0, text)
        for name in ("CLAWLOOPS_CACHE", "https_proxy", "NODE_EXTRA_CA_CERTS", "PIP_INDEX_URL"):
            self.assertRegex(text, rf"kept .*\b{name}\b")

    # --- flags ---

    def test_wrong_flags(self):
        self.refused(self.up("--dta", "x"), 64, "no flag '--dta'")
        self.refused(self.up("--host"), 64, "--host needs a value")
        self.refused(self.up("--image", "openclaw:latest"), 64, "digest", "openclaw:latest")
        self.refused(self.run_it("down", "--all"), 64, "no flag '--all'")
        self.refused(self.run_it("uninstall", "--everything"), 64, "no flag '--everything'")

    def test_nothing_is_removed_without_our_mark(self):
        self.data.mkdir()
        (self.data / "letters.txt").write_text("mine")
        self.refused(self.run_it("uninstall", "--rootless", "--prefix", self.data, "--data", self.data.parent / "none"), 73, "nothing was removed")
        self.refused(self.run_it("uninstall", "--rootless", "--prefix", self.data.parent / "none", "--data", self.data, "--wipe", stdin="wipe\n"), 73,
                     "nothing was removed")
        self.assertTrue((self.data / "letters.txt").exists())

    def test_wiping_wants_the_word(self):
        self.data.mkdir()
        (self.data / ".clawloops").write_text('{"instance":"0123abcd","version":"0.1.0"}')
        for answer in ("", "yes\n", "WIPE\n"):
            self.refused(self.run_it("uninstall", "--rootless", "--prefix", self.data.parent / "none", "--data", self.data, "--wipe", stdin=answer), 64,
                         "Nothing was removed")
        self.assertTrue((self.data / ".clawloops").exists())

    def test_links_never_take_the_place_of_somebody_elses_file(self):
        home = self.data.parent
        prefix = home / ".local/opt/clawloops"
        for name in ("clawloops", "clawloopsctl"):
            (prefix / "bin").mkdir(parents=True, exist_ok=True)
            (prefix / "bin" / name).write_text("program")
        (home / ".local/bin").mkdir(parents=True)
        (home / ".local/bin/clawloops").write_text("mine")
        mine = f'. "$INSTALLER/lib/links.sh"\nis_root() {{ false; }}\nPREFIX={prefix}\n'
        self.assertEqual(self.shell(mine + "make_links\nmake_links\n", environment={"HOME": str(home)}), (0, ""))
        self.assertEqual((home / ".local/bin/clawloops").read_text(), "mine")
        self.assertEqual(os.readlink(home / ".local/bin/clawloopsctl"), str(prefix / "bin/clawloopsctl"))
        self.assertEqual(self.shell(mine + "remove_links\n", environment={"HOME": str(home)}), (0, ""))
        self.assertEqual(sorted(one.name for one in (home / ".local/bin").iterdir()), ["clawloops"])

    # --- systemd ---

    def test_the_unit_is_one_that_systemd_takes(self):
        prefix, unit = self.data.parent / "prefix", self.data.parent / "clawloops.service"
        (prefix / "bin").mkdir(parents=True)
        (prefix / "bin/clawloops-supervisor").write_text("#!/bin/sh\n")
        (prefix / "bin/clawloops-supervisor").chmod(0o755)
        code, text = self.shell(f"PREFIX={prefix} DATA={self.data}\nmkdir -p \"$LOGS\"\nhas_systemd() {{ :; }}\n"
                                f"systemctl_here() {{ :; }}\nunit_file() {{ printf %s {unit}; }}\nstart_supervisor\n")
        self.assertEqual(code, 0, text)
        scope = "--system" if AS_ROOT else "--user"
        done = subprocess.run(["systemd-analyze", scope, "verify", unit], capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))
        lines = unit.read_text().splitlines()
        # Its children outlive it and are adopted; it is not started again where its own sentence says why it cannot run.
        for line in ("KillMode=process", "Restart=on-failure", "RestartPreventExitStatus=64 69 71 73 76", "Delegate=yes",
                     f"ExecStart={prefix}/bin/clawloops-supervisor run --data {self.data}"):
            self.assertIn(line, lines)
        self.assertNotIn("@", "".join(line for line in lines if not line.startswith("#")))

    # --- two at once, nothing there ---

    def test_a_disk_limit_that_is_no_number(self):
        self.refused(self.up("--set", "disk.least=plenty"), 64, "disk.least", "plenty")

    def test_two_at_once_for_one_data_directory(self):
        code, _ = self.shell(f'DATA={self.data}\nprintf %s "$CACHE/log/$(printf %s "$DATA" | sha256sum | cut -c1-10)" >{self.data.parent}/logs\n')
        self.assertEqual(code, 0)
        logs = pathlib.Path((self.data.parent / "logs").read_text())
        logs.mkdir(parents=True)
        with open(logs / ".lock", "w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.refused(self.up(*self.other_ports(28453)), 71, "Another installer/up", str(self.data))

    def test_no_installation_to_start(self):
        self.refused(self.up(*self.other_ports(28463)), 69, "There is no installation in", "--prefix")
        self.assertFalse(self.data.exists())


if __name__ == "__main__":
    unittest.main(verbosity=2)
