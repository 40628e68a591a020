#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wrong input, for every operation with a body and for paths, methods and sizes: the documented error, and never a 5xx."""

import json
import re
import sys

from control_plane import ControlPlane
from matrix import operations

LONG = "x" * (70 * 1024)


def main():
    problems = []

    def expect(what, seen, status, code):
        got, answer, headers = seen
        if got != status or not isinstance(answer, dict) or answer.get("code") != code or answer.get("requestId") != headers["X-Request-Id"]:
            problems.append(f"{what}: expected {status} {code}, got {got} {str(answer)[:200]}")

    with ControlPlane() as plane:
        admin = plane.bootstrap()
        bodies = {  # by path: a good body, of which one thing is made wrong at a time
            ("POST", "/auth/login"): {"username": "anna", "password": "x"},
            ("POST", "/auth/password/change"): {"currentPassword": "x", "newPassword": "y"},
            ("POST", "/auth/bootstrap"): {"token": "x", "username": "anna", "password": "x"},
            ("POST", "/public/invitations/{token}/accept"): {"username": "anna", "password": "x"},
            ("POST", "/users/me/runtime/delete"): {"retentionPolicy": "preserve_workspace"},
            ("PATCH", "/admin/users/{userId}/status"): {"status": "active"},
            ("POST", "/admin/invitations"): {"username": "guest", "role": "user"},
            ("PUT", "/admin/models/{modelId}"): {"title": "x", "enabled": True},
            ("POST", "/admin/models"): {"modelId": "new", "title": "x", "targets": [{"name": "t", "kind": "openai", "model": "m", "url": "http://127.0.0.1:9"}]},
        }
        methods = {}
        for _, method, path, _ in operations():
            methods.setdefault(path, set()).add(method)

        def other(path):
            return next(method for method in ("DELETE", "PATCH", "PUT", "POST") if method not in methods[path])

        for _, method, path, _ in operations():
            where = path.replace("{userId}", admin.id).replace("{modelId}", "starter").replace("{token}", "x" * 43)
            where = where.replace("{taskId}", "tsk_x").replace("{invitationId}", "inv_x").replace("{requestId}", "req_" + "a" * 20)
            where = re.sub(r"\{\w+\}", "x", where)

            def send(raw, kind="application/json"):
                return plane.api(method, where, None, admin, {"Content-Type": kind}, raw)

            expect(f"{method} {path} not JSON", send(b'{"a":'), 400, "INVALID_REQUEST")
            expect(f"{method} {path} a list", send(b"[]"), 400, "INVALID_REQUEST")
            expect(f"{method} {path} unknown member", send(b'{"unheard-of": 1}'), 400, "INVALID_REQUEST")
            expect(f"{method} {path} not UTF-8", send(b'{"a":"\xff\xfe"}'), 400, "INVALID_REQUEST")
            expect(f"{method} {path} deep", send(b'{"a":' * 100 + b"1" + b"}" * 100), 400, "INVALID_REQUEST")
            expect(f"{method} {path} a form", send(b'{"a":1}', "application/x-www-form-urlencoded"), 400, "INVALID_REQUEST")
            expect(f"{method} {path} too large", send(json.dumps({"a": LONG}).encode()), 413, "PAYLOAD_TOO_LARGE")
            expect(f"{method} {path} as BREW", plane.api(other(path), where, None, admin), 405, "INVALID_REQUEST")
            good = bodies.get((method, path))
            if good is None:
                continue
            seen = send(json.dumps({**good, "unheard-of": 1}).encode())
            expect(f"{method} {path} one unknown member", seen, 400, "INVALID_REQUEST")
            if "unheard-of" not in str(seen[1]):
                problems.append(f"{method} {path} one unknown member: the answer does not name it: {seen[1]}")
            for name, value in good.items():
                for wrong in (None, 1, 1.5, [], {}, "", "a\u0000b", True if not isinstance(value, bool) else "yes"):
                    expect(f"{method} {path} {name} = {wrong!r}", send(json.dumps({**good, name: wrong}).encode()), 400, "INVALID_REQUEST")
        for path in ("/", "/users", "/users/me/", "//users/me", "/users//me", "/admin/users/%00", "/admin/users/%ff", "/admin/users/a%20b", "/users/me%2f",
                     "/../v1/users/me", "/admin/users/" + "x" * 300, "/admin/users/'; DROP TABLE users; --"):
            expect(f"GET {path}", plane.api("GET", path.replace(" ", "%20"), None, admin), 404, "NOT_FOUND")
        expect("an unknown user", plane.api("GET", "/admin/users/usr_nobody", None, admin), 404, "USER_NOT_FOUND")
        expect("an unknown user's runtime", plane.api("POST", "/admin/users/usr_nobody/runtime/start", None, admin), 404, "USER_NOT_FOUND")
        expect("an unknown invitation", plane.api("GET", "/admin/invitations/inv_nobody", None, admin), 404, "INVITATION_NOT_FOUND")
        expect("an unknown model", plane.api("PUT", "/admin/models/none", {"enabled": False}, admin), 404, "MODEL_NOT_FOUND")
        expect("an unknown task", plane.api("GET", "/runtime/tasks/tsk_nobody", None, admin), 404, "NOT_FOUND")
        expect("disabling oneself", plane.api("PATCH", f"/admin/users/{admin.id}/status", {"status": "disabled"}, admin), 403, "ACCESS_DENIED")
        for username in ("", "A", "a", "anna_", "-anna", "anna-", "a" * 33, "admin", "ann a", "änna"):
            expect(f"inviting {username!r}", plane.api("POST", "/admin/invitations", {"username": username}, admin), 400, "INVALID_REQUEST")
        if '"level":"error"' in plane.log.read_text(encoding="utf-8"):
            problems.append("something was logged as an error: " + plane.log.read_text(encoding="utf-8").split('"level":"error"')[1][:300])
    return problems


if __name__ == "__main__":
    found = main()
    print("\n".join(found[:60]) or "every wrong input got its documented error")
    sys.exit(1 if found else 0)
