#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two operations that described.py leaves out, by hand: signing out ends the session in use, the event stream has no end.

Each odd request gets an answer that openapi.yaml describes for the operation, in its form, and never a 5xx; afterwards both still
work as they should."""

import json
import sys

import yaml

from control_plane import ROOT, ControlPlane

LONG = "x" * 8000


def described(path, method):
    document = yaml.safe_load((ROOT / "resources/openapi.yaml").read_text(encoding="utf-8"))
    return set(document["paths"][path][method]["responses"])


def main():
    problems = []
    with ControlPlane() as plane:
        admin = plane.bootstrap()
        bearer = plane.sign_in("admin", "bearer")
        cookie, token = admin.headers["Cookie"], bearer.token
        answers = {"/auth/logout": described("/auth/logout", "post"), "/events": described("/events", "get")}

        def expect(what, method, path, wanted, headers=None, raw=None, body=None, query=""):
            status, answer, fields = plane.api(method, path + query, body, None, headers, raw)
            if status != wanted:
                problems.append(f"{method} {path}, {what}: expected {wanted}, got {status} {str(answer)[:160]}")
            if str(status) not in answers[path]:
                problems.append(f"{method} {path}, {what}: {status} is not described")
            if status >= 400 and (not isinstance(answer, dict) or set(answer) != {"code", "message", "requestId"}):
                problems.append(f"{method} {path}, {what}: not an ErrorBody: {str(answer)[:160]}")
            return status, answer, fields

        own = {"Cookie": cookie, "Sec-Fetch-Site": "same-origin", "Origin": "https://" + plane.host}
        for method, path, good in (("GET", "/events", 200), ("POST", "/auth/logout", 204)):
            for what, headers in (("no sign-in", {}), ("an empty bearer", {"Authorization": "Bearer "}), ("no word", {"Authorization": token}),
                                  ("another scheme", {"Authorization": "Basic " + token}), ("a long token", {"Authorization": "Bearer " + LONG}),
                                  ("two tokens in one", {"Authorization": f"Bearer {token} {token}"}),
                                  ("a cookie's token as bearer", {"Authorization": "Bearer " + cookie.partition("=")[2]}),
                                  ("another cookie", {"Cookie": "session=" + token, "Sec-Fetch-Site": "same-origin"})):
                expect(what, method, path, 401, headers)
            expect("another site's page", method, path, 403, {**own, "Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"})
            expect("another port's page", method, path, 403, {**own, "Sec-Fetch-Site": "same-site", "Origin": "https://" + plane.workspace_host})
            for what, raw in (("a body that is not JSON", b'{"a":'), ("a list", b"[]"), ("a member it does not know", b'{"all":true}'), ("not UTF-8", b'{"\xff":1}')):
                expect(what, method, path, 400, {**own, "Content-Type": "application/json"}, raw)
            expect("a form", method, path, 400, {**own, "Content-Type": "application/x-www-form-urlencoded"}, b"a=1")
            expect("a body over the limit", method, path, 413, {**own, "Content-Type": "application/json"}, json.dumps({"a": "x" * 70000}).encode())
        for what, headers in (("an id to go on from", {"Last-Event-ID": "7"}), ("an id that is none", {"Last-Event-ID": "'; DROP TABLE users; --"}),
                              ("a long id", {"Last-Event-ID": LONG}), ("another type wanted", {"Accept": "image/png"})):
            _, answer, fields = expect(what, "GET", "/events", 200, {**own, **headers})
            if not fields["Content-Type"].startswith("text/event-stream") or not str(answer):
                problems.append(f"GET /events, {what}: not a stream: {fields['Content-Type']}")
        # Signing out ends exactly that session, once; a second time there is none to end.
        expect("with a bearer", "POST", "/auth/logout", 204, {"Authorization": "Bearer " + token})
        expect("again with a bearer", "POST", "/auth/logout", 401, {"Authorization": "Bearer " + token})
        expect("the cookie's session is another one", "POST", "/auth/logout", 204, own)
        expect("again with the cookie", "POST", "/auth/logout", 401, own)
        expect("the stream after signing out", "GET", "/events", 401, own)
        plane.sign_in("admin")
        if '"level":"error"' in plane.log.read_text(encoding="utf-8"):
            problems.append("something was logged as an error: " + plane.log.read_text(encoding="utf-8").split('"level":"error"')[1][:300])
    return problems


if __name__ == "__main__":
    found = main()
    print("\n".join(found) or "signing out and the event stream answer every odd request as described")
    sys.exit(1 if found else 0)
