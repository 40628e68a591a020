#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The installer's parts alone: what is fetched, made, kept and compared, and the build steps of others, which are kept in."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

from installer_case import AS_ROOT, InstallerCase


class Parts(InstallerCase):
    # --- files that were altered ---

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

    def test_the_settings_file_keeps_what_its_author_wrote(self):
        file = self.data.parent / "clawloops.conf"
        file.write_text("# mine\n[ports]\n; about this\nportal = 8443\n\n[log]\nlevel = debug\n")
        tool = [sys.executable, self.tree / "installer/lib/settings.py", file]
        out = subprocess.run([*tool, "set", "ports.portal=9443", "ports.relay=1", "host.name=box"], capture_output=True, text=True, check=True)
        self.assertEqual(out.stdout, "changed\n")
        self.assertEqual(file.read_text(), "# mine\n[ports]\n; about this\nportal = 9443\nrelay = 1\n\n[log]\nlevel = debug\n\n[host]\nname = box\n")
        out = subprocess.run([*tool, "set", "host.name=box"], capture_output=True, text=True, check=True)
        self.assertEqual(out.stdout, "")

    # --- runs that were cut, steps side by side ---

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

    def test_two_steps_that_need_one_part_make_it_once(self):
        part = 'make_part() { printf "x" >>"$CACHE/times"; printf half >"$1/product"; sleep 1; printf whole >"$1/product"; }\n'
        code, text = self.shell(part + 'for one in 1 2 3; do (cat "$(made shared key make_part)/product") & done\nwait\ncat "$CACHE/times"\n')
        self.assertEqual((code, text), (0, "wholewholewholex"))

    def test_a_build_step_ends_what_it_started_and_nobody_elses(self):
        folders = f'mkdir -p {self.cache}/long {self.cache}/short {self.cache}/seen\n'
        long = (f'as_builder {self.cache}/long {self.cache}/seen sh -c "touch begun; while [ ! -e go ]; do sleep 0.1; done; touch whole" &\n'
                f'until [ -e {self.cache}/long/begun ]; do sleep 0.1; done\n')
        # What it leaves running would write into its folder after root has taken it back.
        short = (f'readonly KEPT=known; export KEPT\nSECRET=known PIP_CERT=cert as_builder {self.cache}/short {self.cache}/seen sh -c "(sleep 2; touch late) & touch done; env >variables"\n')
        end = f'touch {self.cache}/long/go\nwait %1\nsleep 3\nls {self.cache}/long {self.cache}/short | xargs\n'
        code, text = self.shell(folders + long + short + end)
        self.assertEqual(code, 0, text)
        left = text.split()
        self.assertIn("whole", left)
        self.assertIn("done", left)
        if AS_ROOT:  # an ordinary account builds under its own name, as what it is
            self.assertNotIn("late", left)
            variables = (self.cache / "short/variables").read_text()
            self.assertIn("PIP_CERT=cert", variables)
            self.assertNotIn("known", variables)

    def test_a_step_that_is_stopped_ends_what_it_started(self):
        script = (f'mkdir -p {self.cache}/stopped {self.cache}/seen\nspawn slow as_builder {self.cache}/stopped {self.cache}/seen '
                  f'sh -c "touch begun; sleep 4; touch late"\nuntil [ -e {self.cache}/stopped/begun ]; do sleep 0.1; done\n')
        code, text = self.shell(script)  # its end stops its steps
        self.assertEqual(code, 0, text)
        time.sleep(5)
        self.assertEqual(os.listdir(self.cache / "stopped"), ["begun"])

    def test_a_build_step_finds_a_cache_below_what_it_covers(self):
        place = pathlib.Path(tempfile.mkdtemp(dir="/mnt" if AS_ROOT else self.cache))
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



if __name__ == "__main__":
    unittest.main(verbosity=2)
