# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check <prefix>/components against its components.sha256 (lines of hash, bytes, path), and say in one sentence what was altered.

    verify_components.py DIR            exit 0 when every file is what was installed, 69 else
    verify_components.py --write DIR    make components.sha256 for what is there now

A file is hashed again only when its size, times or inode changed since it was last found right (components.memo), so a
start with nothing altered costs one stat a file. Compiled Python is left out: the interpreter may write it.
"""

import hashlib
import json
import os
import sys

MANIFEST = "components.sha256"
MEMO = "components.memo"
OURS = {MANIFEST, MEMO, ".key"}


def files_of(root):
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            path = os.path.join(folder, name)
            relative = os.path.relpath(path, root)
            if relative not in OURS and os.path.isfile(path) and not os.path.islink(path):
                yield relative


def hash_of(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def stamp_of(path):
    stat = os.stat(path, follow_symlinks=False)
    return [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino]


def write(root):
    lines = []
    for name in files_of(root):
        path = os.path.join(root, name)
        lines.append(f"{hash_of(path)}  {os.path.getsize(path)}  {name}\n")
    with open(os.path.join(root, MANIFEST), "w", encoding="utf-8") as file:
        file.writelines(lines)


def fault_of(root, name, size, expected, memo):
    """A sentence, or None. Remembers what was found right in memo."""
    path = os.path.join(root, name)
    try:
        stamp = stamp_of(path)
    except OSError:
        return f"The component file {path} is missing: run installer/up --repair, which puts it back."
    if memo.get(name) == [*stamp, expected]:
        return None
    if stamp[0] < size:
        return (f"The component file {path} is truncated: {stamp[0]} of its {size} bytes are there. "
                "Run installer/up --repair, which puts it back.")
    found = hash_of(path)
    if found != expected:
        return (f"The component file {path} is not the one that was installed (SHA-256 {found} instead of {expected}; "
                "it was altered): run installer/up --repair, which puts it back, and find out what changed it.")
    memo[name] = [*stamp, expected]
    return None


def verify(root):
    try:
        with open(os.path.join(root, MANIFEST), encoding="utf-8") as file:
            rows = [line.rstrip("\n").split("  ", 2) for line in file]
    except OSError as error:
        return f"The list of component files {error.filename} cannot be read: run installer/up --repair."
    memo_path = os.path.join(root, MEMO)
    try:
        with open(memo_path, encoding="utf-8") as file:
            memo = json.load(file)
    except (OSError, ValueError):
        memo = {}
    before = dict(memo)
    for expected, size, name in rows:
        fault = fault_of(root, name, int(size), expected, memo)
        if fault:
            return fault
    if memo != before:
        try:
            with open(memo_path + ".part", "w", encoding="utf-8") as file:
                json.dump(memo, file)
            os.replace(memo_path + ".part", memo_path)
        except OSError:
            pass  # Only a faster next time is lost: an account that may not write here checks all hashes again.
    return None


def main(arguments):
    if len(arguments) == 2 and arguments[0] == "--write":
        write(arguments[1])
        return 0
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 64
    fault = verify(arguments[0])
    if fault:
        print(f"clawloops: {fault}", file=sys.stderr)
        return 69
    return 0


sys.exit(main(sys.argv[1:]))
