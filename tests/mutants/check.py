#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every mutant can still be made: its patch applies to this tree, says why, and names a test that exists.

`check.py [BUILD]` is the test; `check.py --write` brings the lists of README.md up to date. Whether the named tests then fail is for tests/mutants/run."""

import json
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
MARK = "<!-- from here on: check.py --write -->\n"


def read():
    found = {}
    for path in sorted(HERE.glob("*.patch")):
        lines = path.read_text(encoding="utf-8").splitlines()
        test, why = (re.fullmatch(rf"# {word}: *(.+)", line) for word, line in zip(("test", "why"), lines))
        found[path.stem] = (test and test[1].strip(), why and why[1].strip(), [line[6:] for line in lines if line.startswith("+++ b/")])
    return found


def rows_of(why):
    for numbers in re.findall(r"threats? ((?:\d+|, | and )+)", why):
        yield from map(int, re.findall(r"\d+", numbers))


def table(mutants):
    by_row, others = {}, {}
    for name, (test, why, files) in mutants.items():
        rows = set(rows_of(why))
        for row in rows:
            by_row.setdefault(row, []).append(f"`{name}` ({test})")
        if not rows:
            others.setdefault("/".join(files[0].split("/")[:2]), []).append(f"`{name}` ({test})")
    text = "| threat | taken out by (and killed by) |\n|---|---|\n"
    text += "".join(f"| {row} | {', '.join(names)} |\n" for row, names in sorted(by_row.items()))
    text += "\n| rule of | taken out by (and killed by) |\n|---|---|\n"
    return text + "".join(f"| {module} | {', '.join(names)} |\n" for module, names in sorted(others.items()))


def applies(path):
    # Outside any repository, so that git takes the tree as it lies here.
    environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(ROOT.parent), "GIT_DIR": "/nonexistent"}
    done = subprocess.run(["git", "apply", "--check", str(path)], cwd=ROOT, env=environment, capture_output=True, text=True)
    return done.returncode == 0, done.stderr.strip().replace("\n", "; ")


def known_tests(build):
    shown = subprocess.run(["ctest", "--test-dir", build, "--show-only=json-v1"], check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    return {test["name"] for test in json.loads(shown.stdout)["tests"]}


def main(arguments):
    mutants = read()
    problems = [f"{name}: its first two lines are not '# test: NAME' and '# why: …'" for name, (test, why, _) in mutants.items() if not (test and why)]
    if problems:
        return problems
    if arguments == ["--write"]:
        readme = HERE / "README.md"
        prose, _, _ = readme.read_text(encoding="utf-8").partition(MARK)
        readme.write_text(prose + MARK + table(mutants), encoding="utf-8")
        return []
    tests = known_tests(arguments[0]) if arguments else None
    for name, (test, _, _) in mutants.items():
        good, reason = applies(HERE / f"{name}.patch")
        if not good:
            problems.append(f"{name}: the patch no longer applies: {reason}")
        if tests is not None and test not in tests:
            problems.append(f"{name}: there is no test {test}")
    if len(mutants) < 80:
        problems.append(f"only {len(mutants)} patches were read: is that the folder?")
    return problems


if __name__ == "__main__":
    found = main(sys.argv[1:])
    print("\n".join(found) or "every mutant applies, and its test exists")
    sys.exit(1 if found else 0)
