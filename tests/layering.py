#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fails when an include, or a link in a CMakeLists.txt, crosses against the arrows of the architecture."""

import pathlib
import re
import sys

# Who may include whom, beside itself. Everything not written here is forbidden.
ALLOWED = {
    "server/base": set(),
    "server/wire": {"base"},
    "server/model": {"base", "wire"},
    "server/link": {"base", "wire"},
    "server/stream": {"base", "wire"},
    "server/relay": {"base", "wire", "stream"},
    "server/gateway": {"base", "wire", "stream", "model"},
    "server/cell": set(),
    "server/store": {"base"},
    "server/identity": {"base", "wire", "store"},
    "server/runtime": {"base", "wire", "link"},
    "server/orchestrator": {"base", "wire", "link", "store"},
    "server/supervisor": {"base", "wire", "link"},
    "server/edge": {"base", "wire", "identity", "orchestrator"},
    "server/api": {"base", "wire", "link", "model", "store", "identity", "orchestrator", "edge"},
    "gui/client": {"base", "wire", "link"},
    "gui/models": {"base", "wire", "client"},
    "gui/widgets": {"base", "wire", "client", "models"},
    "gui/pages": {"base", "wire", "client", "models", "widgets"},
    "gui/shell": {"base", "wire", "link", "client", "models", "widgets", "pages"},
}
WITHOUT_QT = {"server/base", "server/wire", "server/model", "server/stream", "server/relay", "server/gateway", "server/cell"}
HTTP_SERVER = {"server/edge", "server/api"}
WITHOUT_HTTP = {"server/identity", "server/runtime", "server/model", "server/store", "server/orchestrator"}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def module_of(path):
    parts = path.parts
    return "/".join(parts[:2])


def violations(root):
    modules = {key.split("/")[1]: key for key in ALLOWED}
    files = 0
    for top in ("server", "gui"):
        for path in sorted((root / top).rglob("*")):
            if path.suffix not in (".h", ".cpp"):
                continue
            files += 1
            here = path.relative_to(root)
            module = module_of(here)
            if module not in ALLOWED:
                yield f"{here}: the folder {module} has no row in the table of arrows"
                continue
            for form, target in INCLUDE.findall(path.read_text(encoding="utf-8")):
                first = target.split("/")[0]
                if form == '"' and "/" not in target and not target.endswith(".moc"):
                    yield f'{here}: "{target}" is not written from the module root'
                if form == '"' and first in modules and modules[first] != module and first not in ALLOWED[module]:
                    yield f"{here}: {module} may not include {target}"
                if form == "<" and module in WITHOUT_QT and re.match(r"Q[A-Z]|Qt", target):
                    yield f"{here}: {module} is plain C++ and may not include <{target}>"
                if re.match(r"QHttpServer|QtHttpServer", target) and module not in HTTP_SERVER:
                    yield f"{here}: only edge and api may use QtHttpServer"
                if module in WITHOUT_HTTP and re.match(r"QNetworkAccessManager|boost/beast", target):
                    yield f"{here}: {module} knows no HTTP"
    if files < 20:
        yield f"only {files} files were read below {root}: is that the project?"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent.parent)
    found = list(violations(root))
    for line in found:
        print(line)
    print(f"{len(found)} edges against the arrows")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
