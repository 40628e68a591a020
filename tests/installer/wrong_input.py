#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `installer/up` and its parts say when something is wrong: one sentence, the documented exit code, nothing left behind.

Runs the real scripts, from a copy that any account can read, as root where the tests are root and as an ordinary account
where the fault is one of permission. Nothing is installed: every case ends before the first package is asked for, or is
about a part that is run alone.
"""

import fcntl
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
AS_ROOT = os.geteuid() == 0


class Installer(unittest.TestCase):
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

    # --- altered files ---

    def test_a_fetched_file_that_is_not_the_pinned_one(self):
        code, path = self.run_it("fetch", "wheel")
        self.assertEqual(code, 0, path)
        file = pathlib.Path(path.splitlines()[-1])
        right = file.read_bytes()
        file.write_bytes(right[:-1] + bytes([right[-1] ^ 1]))
        pinned = next(line.split()[4] for line in (self.tree / "installer/components.lock").read_text().splitlines() if line.startswith("wheel "))
        altered = subprocess.run(["sha256sum", file], capture_output=True, text=True, check=True).stdout.split()[0]
        self.refused(self.run_it("fetch", "wheel"), 69, pinned, altered)
        # It was thrown away: the next run fetches it again and is content.
        code, path = self.run_it("fetch", "wheel")
        self.assertEqual(code, 0, path)
        self.assertEqual(pathlib.Path(path.splitlines()[-1]).read_bytes(), right)

    def test_a_published_file_that_is_not_the_pinned_one(self):
        lock = self.tree / "installer/components.lock"
        before = lock.read_text()
        row = next(line for line in before.splitlines() if line.startswith("packaging "))
        wrong = "0" * 64
        try:
            lock.write_text(before.replace(row.split()[4], wrong))
            self.refused(self.run_it("fetch", "packaging"), 69, wrong, row.split()[4], "Nothing of it was used")
            self.assertEqual(list(self.cache.glob(f"downloads/{wrong}")) + list(self.cache.glob("downloads/.fetch-*")), [])
        finally:
            lock.write_text(before)

    def test_a_lock_file_that_was_edited(self):
        lock = self.tree / "installer/litellm/requirements.lock"
        before = lock.read_text()
        try:
            lock.write_text(before + "# edited\n")
            self.refused(self.shell("check_lock_file litellm\n"), 69, "requirements.lock", "expected", "found")
        finally:
            lock.write_text(before)

    def test_installed_components_that_were_altered_or_cut_short(self):
        components = self.data.parent / "components"
        (components / "sub").mkdir(parents=True)
        (components / "starter.gguf").write_bytes(b"GGUF" + bytes(5000))
        (components / "sub/traefik").write_bytes(b"program")
        check = self.tree / "installer/lib/verify_components.py"
        subprocess.run([sys.executable, check, "--write", components], check=True)
        verify = lambda: self.shell(f"check_components {components}\n")
        self.assertEqual(verify()[0], 0)
        os.truncate(components / "starter.gguf", 1000)
        self.refused(verify(), 69, "starter.gguf", "truncated", "1000 of its 5004 bytes", "--repair")
        (components / "starter.gguf").write_bytes(b"GGUF" + bytes(5000))
        self.assertEqual(verify()[0], 0)
        # The same size and the same modification time: only the content differs.
        times = os.stat(components / "sub/traefik")
        (components / "sub/traefik").write_bytes(b"progrem")
        os.utime(components / "sub/traefik", ns=(times.st_atime_ns, times.st_mtime_ns))
        self.refused(verify(), 69, "sub/traefik", "was altered", "instead of", "--repair")
        (components / "sub/traefik").unlink()
        self.refused(verify(), 69, "sub/traefik", "missing")

    # --- runs that were cut ---

    def test_a_build_that_was_killed_leaves_nothing_that_counts(self):
        slow = "make_part() { printf half >\"$1/product\"; sleep 60; }\nmade part key make_part\n"
        script = subprocess.Popen(["bash", "-c", f'set -euo pipefail; . {self.tree}/installer/lib/common.sh; . {self.tree}/installer/lib/components.sh; {slow}'],
                                  env={**os.environ, "CLAWLOOPS_CACHE": str(self.cache)}, start_new_session=True)
        half = self.cache / "built/part-key.part/product"
        end = time.monotonic() + 30
        while not half.exists() and time.monotonic() < end:
            time.sleep(0.05)
        self.assertTrue(half.exists())
        os.killpg(script.pid, 9)
        script.wait()
        self.assertFalse((self.cache / "built/part-key").exists())
        code, text = self.shell('make_part() { printf whole >"$1/product"; }\ncat "$(made part key make_part)/product"\n')
        self.assertEqual((code, text), (0, "whole"))

    # --- steps side by side ---

    def test_two_steps_that_need_one_part_make_it_once(self):
        part = 'make_part() { printf "x" >>"$CACHE/times"; printf half >"$1/product"; sleep 1; printf whole >"$1/product"; }\n'
        code, text = self.shell(part + 'for one in 1 2 3; do (cat "$(made shared key make_part)/product") & done\nwait\ncat "$CACHE/times"\n')
        self.assertEqual((code, text), (0, "wholewholewholex"))

    def test_a_build_step_ends_what_it_started_and_nobody_elses(self):
        folders = f'mkdir -p {self.cache}/long {self.cache}/short {self.cache}/seen\n'
        long = (f'as_builder {self.cache}/long {self.cache}/seen sh -c "touch begun; while [ ! -e go ]; do sleep 0.1; done; touch whole" &\n'
                f'until [ -e {self.cache}/long/begun ]; do sleep 0.1; done\n')
        # What it leaves running would write into its folder after root has taken it back.
        short = (f'SECRET=known PIP_CERT=cert as_builder {self.cache}/short {self.cache}/seen sh -c "(sleep 2; touch late) & touch done; env >variables"\n')
        end = f'touch {self.cache}/long/go\nwait %1\nsleep 3\nls {self.cache}/long {self.cache}/short | xargs\n'
        code, text = self.shell(folders + long + short + end)
        self.assertEqual(code, 0, text)
        left = text.split()
        self.assertIn("whole", left)
        self.assertIn("done", left)
        if os.geteuid() == 0:
            self.assertNotIn("late", left)
            variables = (self.cache / "short/variables").read_text()
            self.assertIn("PIP_CERT=cert", variables)
            self.assertNotIn("SECRET", variables)

    def test_a_step_that_is_stopped_ends_what_it_started(self):
        if os.geteuid() != 0:
            return  # without root it is an ordinary process of the group
        script = (f'mkdir -p {self.cache}/stopped {self.cache}/seen\nspawn slow as_builder {self.cache}/stopped {self.cache}/seen '
                  f'sh -c "touch begun; sleep 4; touch late"\nuntil [ -e {self.cache}/stopped/begun ]; do sleep 0.1; done\n')
        code, text = self.shell(script)  # its end stops its steps
        self.assertEqual(code, 0, text)
        time.sleep(5)
        self.assertEqual(os.listdir(self.cache / "stopped"), ["begun"])

    def test_a_build_step_finds_a_cache_below_what_it_covers(self):
        if os.geteuid() != 0:
            return
        place = pathlib.Path(tempfile.mkdtemp(dir="/mnt"))
        self.addCleanup(shutil.rmtree, place)
        code, text = self.shell(f'mkdir {place}/own {place}/seen; echo known >{place}/seen/file\nas_builder {place}/own {place}/seen cp /seen/file copy\n')
        self.assertEqual((code, text), (0, ""))
        self.assertEqual((place / "own/copy").read_text(), "known\n")

    def test_what_a_build_step_left_is_never_taken_through_a_link(self):
        folder = f'mkdir -p {self.cache}/left/sub {self.cache}/taken; cd {self.cache}/left; echo good >sub/good; ln -s /etc/hostname link; ln -s /etc dir\n'
        take = lambda name, target: self.shell(f'{folder}from_builder {self.cache}/left {name} {self.cache}/taken/{target}\n')
        self.assertEqual(take("sub/good", "good")[0], 0)
        shutil.rmtree(self.cache / "left")
        self.refused(take("link", "one"), 69, "no plain file link", "do not install")
        shutil.rmtree(self.cache / "left")
        self.refused(take("dir/hostname", "two"), 69, "no plain file dir/hostname")
        shutil.rmtree(self.cache / "left")
        # Nor is what stands at the target followed.
        (self.cache / "taken/three").symlink_to(self.cache / "elsewhere")
        self.assertEqual(take("sub/good", "three")[0], 0)
        self.assertFalse((self.cache / "elsewhere").exists())
        self.assertFalse((self.cache / "taken/three").is_symlink())

    def test_a_container_that_may_not_make_namespaces(self):
        self.refused(self.shell('is_root() { true; }\nunshare() { return 1; }\ngetent() { true; }\nneed_builder\n'), 71, "may not make namespaces", "CAP_SYS_ADMIN")

    # --- whoever calls ---

    def test_the_callers_language_umask_and_path_do_not_matter(self):
        code, text = self.shell('printf "%s %s %s\\n" "$LC_ALL" "$(umask)" "$(command -v useradd)"\nprintf "b\\nA\\n" | sort | xargs\n',
                                environment={"LC_ALL": "POSIX", "LANGUAGE": "pl", "PATH": "/usr/local/bin:/usr/bin:/bin"},
                                wrapper=("bash", "-c", 'umask 077; exec "$@"', "caller"))
        self.assertEqual((code, text.split()), (0, ["C.UTF-8", "0022", "/usr/sbin/useradd", "A", "b"]))

    def test_programs_are_not_removed_because_the_list_is_sorted_otherwise(self):
        tree = 'mkdir -p from/bin; touch from/bin/clawloops from/bin/clawloops-relay from/LICENSE; install_tree from to >/dev/null\n'
        resort = 'sort -r to/.installed -o to/.installed; install_tree from to >/dev/null; (cd to && find . -type f ! -name .installed | sort | xargs)\n'
        code, text = self.shell(f'cd {self.data.parent}\n{tree}{resort}')
        self.assertEqual((code, text.split()), (0, ["./LICENSE", "./bin/clawloops", "./bin/clawloops-relay"]))

    def test_a_disk_limit_that_is_no_number(self):
        self.refused(self.up("--set", "disk.least=plenty"), 64, "disk.least", "plenty")

    def test_parts_that_outlived_their_supervisor_are_found(self):
        mine = pathlib.Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19]
        boot = pathlib.Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        state = self.data.parent / "supervisor.json"
        found = lambda: subprocess.run([sys.executable, self.tree / "installer/lib/orphans.py", state], capture_output=True, text=True, check=True).stdout
        for noted, process, expected in ((boot, int(mine), f"{os.getpid()}\n"), (boot, int(mine) + 1, ""), ("another", int(mine), "")):
            state.write_text(json.dumps({"boot": noted, "processes": {"traefik": {"pid": os.getpid(), "startTime": process}}}))
            self.assertEqual(found(), expected)
        state.write_text("half of i")
        self.assertEqual(found(), "")

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

    def test_the_settings_file_keeps_what_its_author_wrote(self):
        file = self.data.parent / "clawloops.conf"
        file.write_text("# mine\n[ports]\n; about this\nportal = 8443\n\n[log]\nlevel = debug\n")
        tool = [sys.executable, self.tree / "installer/lib/settings.py", file]
        out = subprocess.run([*tool, "set", "ports.portal=9443", "ports.relay=1", "host.name=box"], capture_output=True, text=True, check=True)
        self.assertEqual(out.stdout, "changed\n")
        self.assertEqual(file.read_text(), "# mine\n[ports]\n; about this\nportal = 9443\nrelay = 1\n\n[log]\nlevel = debug\n\n[host]\nname = box\n")
        out = subprocess.run([*tool, "set", "host.name=box"], capture_output=True, text=True, check=True)
        self.assertEqual(out.stdout, "")


if __name__ == "__main__":
    unittest.main(verbosity=2)
