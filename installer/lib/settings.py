# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read or change one value of clawloops.conf, and leave every other line as its author wrote it.

    settings.py FILE get section.key [DEFAULT]
    settings.py FILE set section.key=value...    prints "changed" when the file changed
"""

import os
import sys


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read().splitlines()
    except FileNotFoundError:
        return []


def find(lines, section, key):
    """Index of the key's line, index after the section's last line (or None), the value."""
    current, end, index, value = "", None, None, None
    for number, line in enumerate(lines):
        text = line.strip()
        if text.startswith("[") and text.endswith("]"):
            current = text[1:-1].strip()
        if current != section:
            continue
        if text and not text.startswith(("#", ";")):
            end = number + 1
            name, equals, rest = text.partition("=")
            if equals and name.strip() == key:
                index, value = number, rest.strip()
    return index, end, value


def put(lines, name, value):
    section, _, key = name.partition(".")
    index, end, old = find(lines, section, key)
    if index is not None:
        if old != value:
            lines[index] = f"{key} = {value}"
    elif end is not None:
        lines.insert(end, f"{key} = {value}")
    else:
        lines.extend(([""] if lines else []) + [f"[{section}]", f"{key} = {value}"])


def main(arguments):
    path, verb = arguments[0], arguments[1]
    lines = read(path)
    if verb == "get":
        section, _, key = arguments[2].partition(".")
        value = find(lines, section, key)[2]
        print(value if value is not None else (arguments[3] if len(arguments) > 3 else ""))
        return 0
    before = list(lines)
    for pair in arguments[2:]:
        name, equals, value = pair.partition("=")
        if not equals or "." not in name or "\n" in value:
            print(f"clawloops: '{pair}' is not of the form section.key=value.", file=sys.stderr)
            return 64
        put(lines, name.strip(), value.strip())
    if lines != before:
        with open(path + ".part", "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        os.chmod(path + ".part", 0o644)
        os.replace(path + ".part", path)
        print("changed")
    return 0


sys.exit(main(sys.argv[1:]))
