#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fails when an include, or a link in a CMakeLists.txt, crosses against the arrows of the architecture.

layering.py [ROOT]. Before it judges the tree, it plants one violation of each kind in a small tree of its own and fails unless it
finds every one of them, and nothing where there is none."""

import pathlib
import re
import sys
import tempfile

# Who may include and link whom, beside itself. Everything not written here is forbidden.
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
    # Who may use how much: its own tables; the orchestrator's way to the gateway, by which it tells and asks.
    "server/governance": {"base", "wire", "store", "orchestrator"},
    "server/supervisor": {"base", "wire", "link"},
    "server/edge": {"base", "wire", "identity", "orchestrator"},
    "server/api": {"base", "wire", "link", "model", "store", "identity", "orchestrator", "governance", "edge"},
    "gui/client": {"base", "wire", "link"},
    "gui/models": {"base", "wire", "client"},
    "gui/widgets": {"base", "wire", "client", "models"},
    "gui/pages": {"base", "wire", "client", "models", "widgets"},
    "gui/shell": {"base", "wire", "link", "client", "models", "widgets", "pages"},
    # A program is wiring: the module that it is the program of, and what is handed to that.
    "app/clawloops-cell": {"cell"},
    "app/clawloops-relay": {"base", "wire", "stream", "relay"},
    "app/clawloops-gateway": {"base", "wire", "stream", "model", "gateway"},
    "app/clawloops-runtimed": {"base", "wire", "link", "runtime"},
    "app/clawloops-supervisor": {"base", "wire", "link", "supervisor"},
    "app/clawloopsd": {"base", "wire", "link", "model", "store", "identity", "orchestrator", "governance", "edge", "api"},
    "app/clawloops": {"base", "wire", "link", "client", "models", "widgets", "pages", "shell"},
    "app/clawloopsctl": {"base", "wire", "link", "client", "models"},
}
WITHOUT_QT = {"server/base", "server/wire", "server/model", "server/stream", "server/relay", "server/gateway", "server/cell",
              "app/clawloops-relay", "app/clawloops-gateway", "app/clawloops-cell"}
HTTP_SERVER = {"server/edge", "server/api", "app/clawloopsd"}
WITHOUT_HTTP = {"server/identity", "server/runtime", "server/model", "server/store", "server/orchestrator", "server/governance"}

# gui/models and server/model have names of their own, so that the first part of an include says which module it is.
MODULES = {key.split("/")[1]: key for key in ALLOWED if not key.startswith("app/")}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)
COMMAND = re.compile(r"^\s*(clawloops_library|clawloops_program|target_link_libraries)\s*\(([^)]*)\)", re.M | re.S)


def may(module, other):
    return MODULES.get(other) == module or other in ALLOWED[module]


def module_of(here):
    return "/".join(here.parts[:2])


def wrong_includes(here, module, text):
    for form, target in INCLUDE.findall(text):
        first = target.split("/")[0]
        local = "/" not in target and (module.startswith("app/") or target.endswith(".moc"))
        if form == '"' and "/" not in target and not local:
            yield f'"{target}" is not written from the module root'
        if form == '"' and "/" in target and first not in MODULES:
            yield f'"{target}" is in no module'
        if form == '"' and first in MODULES and not may(module, first):
            yield f"{module} may not include {target}"
        page = "/".join(here.parts[1:3])
        if form == '"' and module == "gui/pages" and first == "pages" and not target.startswith(page + "/"):
            yield f"a page may not include another one's {target}"
        if form == "<" and module in WITHOUT_QT and re.match(r"Q[A-Z]|Qt", target):
            yield f"{module} is plain C++ and may not include <{target}>"
        if re.match(r"QHttpServer|QtHttpServer", target) and module not in HTTP_SERVER:
            yield f"only edge, api and clawloopsd may use QtHttpServer, not {module}"
        if module in WITHOUT_HTTP and re.match(r"QNetworkAccessManager|boost/beast", target):
            yield f"{module} knows no HTTP and may not include <{target}>"


# The module that a CMake target is the library of: clawloops_wire, clawloops_gui_client, clawloops_gui_page_people.
def module_of_target(target):
    name = re.sub(r"^clawloops_(gui_)?", "", target)
    return "pages" if target.startswith("clawloops_gui_page_") else name


def wrong_links(module, text):
    for command, body in COMMAND.findall(re.sub(r"#.*", "", text)):
        words = body.split()
        linked = words[words.index("LINK") + 1:] if "LINK" in words else words[1:] if command == "target_link_libraries" else []
        if "QT" in words and module in WITHOUT_QT:
            yield f"{module} is plain C++ and may not be built as QT"
        for target in linked:
            name = module_of_target(target)
            if target.startswith("clawloops_") and name not in MODULES:
                yield f"{module} links {target}, which is no module"
            elif target.startswith("clawloops_") and not may(module, name):
                yield f"{module} may not link {target}"
            if target.startswith("Qt6::") and module in WITHOUT_QT:
                yield f"{module} is plain C++ and may not link {target}"
            if target == "Qt6::HttpServer" and module not in HTTP_SERVER:
                yield f"only edge, api and clawloopsd may use QtHttpServer, not {module}"


# A table with a circle in it would allow everything that lies on it.
def wrong_table(allowed):
    def below(module, seen):
        for other in allowed[module]:
            key = MODULES[other]
            if key not in seen:
                seen.add(key)
                below(key, seen)
        return seen
    for module in allowed:
        if module in below(module, set()):
            yield f"the table of arrows leads from {module} back to it"


def violations(root):
    files = 0
    for top in ("server", "gui", "app"):
        for path in sorted((root / top).rglob("*")):
            here = path.relative_to(root)
            is_list = path.name == "CMakeLists.txt"
            if path.suffix not in (".h", ".cpp") and not is_list:
                continue
            module = module_of(here)
            if is_list and len(here.parts) < 3:
                continue  # names the folders, nothing else
            files += 1
            if module not in ALLOWED:
                yield f"{here}: the folder {module} has no row in the table of arrows"
                continue
            text = path.read_text(encoding="utf-8")
            for found in wrong_links(module, text) if is_list else wrong_includes(here, module, text):
                yield f"{here}: {found}"
    if files < len(ALLOWED):
        yield f"only {files} files were read below {root}: is that the project?"
    yield from wrong_table(ALLOWED)


# file, what is planted in it, and what must be said about it
PLANTED = [
    ("server/base/planted.cpp", '#include "wire/grant.h"\n', "may not include wire/grant.h"),
    ("server/relay/planted.h", '#  include "gateway/gateway.h"\n', "may not include gateway/gateway.h"),
    ("gui/client/planted.cpp", '#include "identity/types.h"\n', "may not include identity/types.h"),
    ("gui/models/planted.cpp", '#include "widgets/page.h"\n', "may not include widgets/page.h"),
    ("server/wire/planted.cpp", '#include "grant.h"\n', "not written from the module root"),
    ("server/wire/planted.cpp", '#include "../base/json.h"\n', "is in no module"),
    ("gui/pages/people/planted.cpp", '#include "pages/models/models_page.h"\n', "another one's pages/models/models_page.h"),
    ("server/stream/planted.cpp", "#include <QString>\n", "plain C++ and may not include <QString>"),
    ("server/model/planted.cpp", "#include <QtCore/QString>\n", "plain C++ and may not include <QtCore/QString>"),
    ("server/store/planted.cpp", "#include <QHttpServer>\n", "may use QtHttpServer, not server/store"),
    ("server/identity/planted.cpp", "#include <boost/beast/http.hpp>\n", "knows no HTTP"),
    ("server/orchestrator/planted.cpp", "#include <QNetworkAccessManager>\n", "knows no HTTP"),
    ("server/novel/planted.cpp", "", "server/novel has no row"),
    ("app/clawloops-relay/planted.cpp", '#include "gateway/gateway.h"\n', "may not include gateway/gateway.h"),
    ("app/clawloops-gateway/planted.cpp", "#include <QCoreApplication>\n", "may not include <QCoreApplication>"),
    ("app/clawloopsctl/planted.cpp", '#include "store/database.h"\n', "may not include store/database.h"),
    ("app/novel/planted.cpp", "", "app/novel has no row"),
    ("server/wire/CMakeLists.txt", "clawloops_library(clawloops_wire SOURCES a.cpp\n    LINK clawloops_base clawloops_store)\n", "may not link clawloops_store"),
    ("server/relay/CMakeLists.txt", "target_link_libraries(clawloops_relay PRIVATE clawloops_gateway)\n", "may not link clawloops_gateway"),
    ("server/cell/CMakeLists.txt", "clawloops_library(clawloops_cell QT SOURCES a.cpp)\n", "may not be built as QT"),
    ("server/gateway/CMakeLists.txt", "clawloops_library(clawloops_gateway SOURCES a.cpp LINK Qt6::Core)\n", "may not link Qt6::Core"),
    ("server/link/CMakeLists.txt", "clawloops_library(clawloops_link QT SOURCES a.cpp LINK Qt6::HttpServer)\n", "may use QtHttpServer, not server/link"),
    ("gui/pages/people/CMakeLists.txt", "clawloops_library(clawloops_gui_page_people QT LINK clawloops_gui_shell)\n", "may not link clawloops_gui_shell"),
    ("app/clawloops/CMakeLists.txt", "clawloops_program(clawloops QT LINK clawloops_identity)\n", "may not link clawloops_identity"),
    ("app/clawloops-cell/CMakeLists.txt", "clawloops_program(clawloops-cell LINK clawloops_wire)\n", "may not link clawloops_wire"),
    ("server/edge/CMakeLists.txt", "clawloops_library(clawloops_edge QT LINK clawloops_harness)\n", "which is no module"),
]
# What looks like a violation and is none.
HARMLESS = [
    ("server/wire/planted.cpp", '#include "base/json.h"\n#include "wire/grant.h"\n#include <vector>\n// #include "store/row.h"\n'),
    ("gui/pages/people/planted.cpp", '#include "pages/people/people_page.h"\n#include "planted.moc"\n'),
    ("app/clawloops-relay/planted.cpp", '#include "options.h"\n#include "relay/relay_service.h"\n'),
    ("server/wire/CMakeLists.txt", "# not clawloops_store\nclawloops_library(clawloops_wire SOURCES a.cpp LINK clawloops_base)\n"),
    ("app/clawloopsd/CMakeLists.txt", "clawloops_program(clawloopsd QT LINK clawloops_api Qt6::HttpServer)\n"),
]


def with_planted(file, text):
    with tempfile.TemporaryDirectory(prefix="layering") as folder:
        root = pathlib.Path(folder)
        for module in ALLOWED:
            (root / module).mkdir(parents=True)
            (root / module / "plain.cpp").write_text("#include <string>\n", encoding="utf-8")
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(text, encoding="utf-8")
        return list(violations(root))


def self_test():
    for file, text, said in PLANTED:
        found = with_planted(file, text)
        if len(found) != 1 or said not in found[0]:
            yield f"planted in {file}: {text.strip()!r} must be found as one violation saying {said!r}, but was: {found}"
    for file, text in HARMLESS:
        if found := with_planted(file, text):
            yield f"harmless in {file}: {text.strip()!r}, but was: {found}"
    circle = dict(ALLOWED, **{"server/base": {"wire"}})
    if not list(wrong_table(circle)):
        yield "a table with a circle (base and wire) must be found"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent.parent)
    blind = list(self_test())
    found = list(violations(root))
    for line in blind + found:
        print(line)
    print(f"{len(found)} edges against the arrows; {len(PLANTED) - len(blind)} of {len(PLANTED)} planted ones were found")
    return 1 if found or blind else 0


if __name__ == "__main__":
    sys.exit(main())
