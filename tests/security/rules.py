#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of the edge against the running control plane: one function a rule, named for what must hold.

`rules.py NAME…` runs those, no name all. Threats 3, 4, 5, 6, 7, 24, 29, 31 and 33 of the threat list."""

import base64
import hashlib
import hmac
import json
import re
import socket as sockets
import ssl
import subprocess
import sys
import time
import traceback

from control_plane import PASSWORD, ControlPlane


def same(seen, wanted, what=""):
    assert seen == wanted, f"{what}: expected {wanted!r}, got {seen!r}"


def navigation(plane, uri, person=None, reader=None, **more):
    fields = {"X-Forwarded-Host": plane.workspace_host, "X-Forwarded-Method": "GET", "X-Forwarded-Uri": uri, "Sec-Fetch-Mode": "navigate",
              "Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "none"}
    if person:
        fields["Cookie"] = (f"theme=dark; __Host-Http-clawloops_workspace={person.workspace}; __Host-Http-clawloops_session=x; plugin=1; "
                            f"__Host-Http-clawloops_reader={reader or person.id}")
    fields.update(more)
    return plane.check({name: value for name, value in fields.items() if value is not None})


def wait_ready(plane, person):
    plane.api("POST", "/users/me/runtime/start", None, person)
    end = time.monotonic() + 30
    while not plane.api("GET", "/users/me/runtime/status", None, person)[1]["ready"]:
        assert time.monotonic() < end, "the runtime never became ready"
        time.sleep(0.1)
    while navigation(plane, f"/w/{person.user['username']}/", person)[0] != 200:
        assert time.monotonic() < end, "the session check never said yes"
        time.sleep(0.1)


def only_traefiks_certificate_reaches_the_api(plane, story):
    for certificate in (None, "stranger"):
        try:
            with plane.connect(certificate) as connection:
                connection.sendall(b"GET /api/v1/auth/access HTTP/1.1\r\nHost: " + plane.host.encode() + b"\r\n\r\n")
                answer = connection.recv(100)
        except (ssl.SSLError, ConnectionError):
            continue
        same(answer, b"", f"certificate {certificate}")


def half_open_connections_do_not_wedge_the_listener(plane, story):
    idle = [sockets.create_connection(("127.0.0.1", plane.ports["api"])) for _ in range(60)]
    try:
        same(plane.api("GET", "/auth/access")[0], 200)
    finally:
        for one in idle:
            one.close()


def another_host_name_reaches_nothing(plane, story):
    for host in ("evil.example", "evil.example:" + plane.host.split(":")[1], "localhost", "localhost:1", plane.workspace_host,
                 plane.host + ".evil.example", ""):
        same(plane.api("GET", "/auth/access", headers={"Host": host})[0], 404, host)
        same(plane.request("GET", "/", headers={"Host": host})[0], 404, host)
        same(navigation(plane, "/w/anna/", story.anna, **{"X-Forwarded-Host": host})[0], 404 if host != plane.workspace_host else 200, host)


def a_cookie_request_needs_our_own_page(plane, story):
    ours = "https://" + plane.host
    workspace = "https://" + plane.workspace_host
    cookie = {"Cookie": story.anna.headers["Cookie"]}
    table = [  # Sec-Fetch-Site, Origin, reading, changing
        ("same-origin", ours, True, True), ("same-origin", None, True, True), (None, ours, True, True), ("none", None, True, False),
        (None, None, True, False), ("same-site", workspace, False, False), ("same-site", None, False, False),
        ("cross-site", "https://evil.example", False, False), (None, workspace, False, False), (None, "null", False, False),
        ("same-origin", "https://evil.example", False, False), ("cross-site", ours, False, False), (["same-origin", "cross-site"], ours, False, False),
        (None, "http://" + plane.host, False, False)]
    for site, origin, reading, changing in table:
        headers = dict(cookie)
        if site:
            headers["Sec-Fetch-Site"] = site
        if origin:
            headers["Origin"] = origin
        for method, path, allowed, yes in (("GET", "/users/me", reading, 200), ("POST", "/users/me/runtime/start", changing, 202)):
            status, answer, _ = plane.api(method, path, headers=headers)
            same(status, yes if allowed else 403, f"{method} {site} {origin}")
            if not allowed:
                same(answer["code"], "ACCESS_DENIED")


def signing_in_is_for_our_own_pages(plane, story):
    body = {"username": "anna", "password": PASSWORD}
    same(plane.api("POST", "/auth/login", body, headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"})[0], 403)
    same(plane.api("POST", "/auth/login", body, headers={"Origin": "https://" + plane.workspace_host})[0], 403)
    form = b"username=anna&password=" + PASSWORD.encode()
    same(plane.api("POST", "/auth/login", raw=form, headers={"Content-Type": "application/x-www-form-urlencoded"})[0], 400)
    same(plane.api("POST", "/auth/login", raw=json.dumps(body).encode(), headers={"Content-Type": "text/plain"})[0], 400)


def cookies_open_their_own_door_only(plane, story):
    for name, value in (("__Host-Http-clawloops_session", story.anna.workspace), ("__Host-Http-clawloops_workspace", story.anna.workspace),
                        ("clawloops_session", story.anna.cookies["__Host-Http-clawloops_session"])):
        same(plane.api("GET", "/users/me", headers={"Cookie": f"{name}={value}", "Sec-Fetch-Site": "same-origin"})[0], 401, name)
    same(plane.api("GET", "/users/me", headers={"Authorization": "Bearer " + story.anna.cookies["__Host-Http-clawloops_session"]})[0], 401)
    portal = story.anna.cookies["__Host-Http-clawloops_session"]
    same(navigation(plane, "/w/anna/", Cookie="__Host-Http-clawloops_workspace=" + portal)[0], 303)
    twice = story.anna.headers["Cookie"] + "; __Host-Http-clawloops_session=tossed"
    same(plane.api("GET", "/users/me", headers={"Cookie": twice, "Sec-Fetch-Site": "same-origin"})[0], 401)


def identity_headers_of_a_client_count_for_nothing(plane, story):
    for name in ("X-Clawloops-User", "X_Clawloops_User", "X-Forwarded-User", "X-Forwarded-Tls-Client-Cert", "Remote-User", "X-Clawloops-Grant"):
        same(plane.api("GET", "/users/me", headers={name: "admin"})[0], 401, name)
        same(navigation(plane, "/w/anna/", **{name: "anna"})[0], 303, name)


def a_workspace_opens_for_its_owner_only(plane, story):
    status, _, headers = navigation(plane, "/w/anna/chat?x=1", story.anna)
    same(status, 200)
    same(headers["Cookie"], "theme=dark; plugin=1")
    version, payload, signature = headers["X-Clawloops-Grant"].split(".")
    wanted = base64.urlsafe_b64encode(hmac.new(plane.grant_key, f"{version}.{payload}".encode(), hashlib.sha256).digest()).decode().rstrip("=")
    same(signature, wanted, "the grant's signature")
    grant = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    same((grant["user"], grant["host"], grant["prefix"]), ("anna", plane.workspace_host, "/w/anna/"))
    same(grant["session"], hashlib.sha256(story.anna.workspace.encode()).hexdigest())
    same(grant["rid"], headers["X-Request-Id"])
    assert grant["expires"] <= time.time() + 30, "the grant lives longer than 30 s"
    for person in (story.ben, story.admin):
        for uri in ("/w/anna/", "/w/anna/chat", "/w/anna/x?y=/w/ben/"):
            same(navigation(plane, uri, person)[0], 404, person.user["username"] + uri)
    same(navigation(plane, "/w/nobody-there/", story.anna)[1].split('"requestId"')[0],
         navigation(plane, "/w/ben/", story.anna)[1].split('"requestId"')[0], "absent and another's must look the same")


def what_anothers_workspace_stored_is_dropped(plane, story):
    for reader in (story.ben.id, "x"):
        status, _, headers = navigation(plane, "/w/anna/chat?x=1", story.anna, reader)
        same((status, headers["Location"]), (303, f"https://{plane.workspace_host}/w/anna/chat?x=1"))
        same(headers["Clear-Site-Data"], '"storage"')
        cookie = headers["Set-Cookie"]
        assert cookie.startswith(f"__Host-Http-clawloops_reader={story.anna.id}; ") and "HttpOnly" in cookie and "Secure" in cookie, cookie
        same("X-Clawloops-Grant" in headers, False)
    same(navigation(plane, "/w/anna/chat?x=1", story.anna)[0], 200)
    same(navigation(plane, "/w/anna/x", story.anna, "other", **{"Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty", "Sec-Fetch-Site": "same-origin"})[0], 200)


def odd_paths_are_nobodys(plane, story):
    for uri in ("/w/anna/../ben/", "/w/anna/..%2fben/", "/w/anna/%2e%2e/ben/", "/w/anna/%252e%252e/ben/", "/w/anna/..\\ben", "/w//anna/", "//w/anna/",
                "/w/Anna/", "/w/%61nna/", "/w/anna%00/", "/x/anna/", "/w/", "/api/v1/admin/rpc", "/w/anna/%0d%0aX:1"):
        same(navigation(plane, uri, story.anna)[0], 404, uri)


def a_workspace_page_of_another_origin_is_refused(plane, story):
    uri, anna = "/w/anna/api", story.anna
    fetch = {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}
    same(navigation(plane, uri, anna, **{**fetch, "Sec-Fetch-Site": "same-origin"})[0], 200)
    for site in ("same-site", "cross-site"):
        same(navigation(plane, uri, anna, **{**fetch, "Sec-Fetch-Site": site})[0], 403, site)
    same(navigation(plane, uri, anna, **{"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "cross-site"})[0], 403)
    socket = {"Sec-Fetch-Mode": None, "Sec-Fetch-Dest": None, "Sec-Fetch-Site": None}
    same(navigation(plane, uri, anna, **socket, Origin="https://evil.example")[0], 403)
    same(navigation(plane, uri, anna, **socket, Origin="https://" + plane.workspace_host)[0], 200)


def a_cell_that_does_not_run_sends_people_to_the_portal(plane, story):
    status, _, headers = navigation(plane, "/w/ben/", story.ben)
    same((status, headers["Location"]), (303, f"https://{plane.host}/#workspace"))
    same(navigation(plane, "/w/ben/", story.ben, **{"Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty", "Sec-Fetch-Site": "same-origin"})[0], 503)
    same(navigation(plane, "/", story.anna)[2]["Location"], f"https://{plane.workspace_host}/w/anna/")


def nobody_gets_no_further_than_the_portal(plane, story):
    same(navigation(plane, "/w/anna/")[0], 303)
    same(plane.check({"X-Forwarded-Host": plane.workspace_host, "X-Forwarded-Method": "GET", "X-Forwarded-Uri": "/w/anna/"})[0], 401)


def logout_ends_both_origins_and_cuts(plane, story):
    person = plane.sign_in("anna")
    same(navigation(plane, "/w/anna/", person)[0], 200)
    status, _, headers = plane.api("POST", "/auth/logout", None, person)
    same(status, 204)
    same(sum("Max-Age=0" in line for line in headers.get_all("Set-Cookie")), 2, "cookies taken back")
    same(headers["Clear-Site-Data"], '"storage"')
    same(plane.api("GET", "/users/me", None, person)[0], 401)
    same(navigation(plane, "/w/anna/", person)[0], 303)
    cut_within(plane, "relay", {"session": hashlib.sha256(person.workspace.encode()).hexdigest()})


def cut_within(plane, part, wanted, seconds=2):
    end = time.monotonic() + seconds
    while wanted not in plane.parts[part].called("cut"):
        assert time.monotonic() < end, f"{part} was not asked to cut {wanted}: {plane.parts[part].called('cut')}"
        time.sleep(0.02)


def disabling_cuts_everything(plane, story):
    person = plane.person(story.admin, "cleo")
    stream = plane.connect()
    stream.sendall(f"GET /api/v1/events HTTP/1.1\r\nHost: {plane.host}\r\nCookie: {person.headers['Cookie']}\r\n\r\n".encode())
    read_until(stream, b"event: snapshot")
    same(plane.api("PATCH", f"/admin/users/{person.id}/status", {"status": "disabled"}, story.admin)[0], 200)
    stream.settimeout(2)
    while stream.recv(65536):
        pass
    cut_within(plane, "relay", {"session": hashlib.sha256(person.workspace.encode()).hexdigest()})
    cut_within(plane, "relay", {"user": "cleo"})
    cut_within(plane, "gateway", {"user": person.id})
    same(navigation(plane, "/w/cleo/x", person, **{"Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin"})[0], 403)


def read_until(stream, mark, times=1):
    stream.settimeout(10)
    text = b""
    while text.count(mark) < times:
        more = stream.recv(65536)
        assert more, text
        text += more
    return text


def an_event_stream_shows_ones_own_only(plane, story):
    stream = plane.connect()
    stream.sendall(f"GET /api/v1/events HTTP/1.1\r\nHost: {plane.host}\r\nCookie: {story.ben.headers['Cookie']}\r\n\r\n".encode())
    text = read_until(stream, b"data:").decode()
    while "\n\n" not in text.partition("data:")[2]:
        text += stream.recv(65536).decode()
    for foreign in (story.anna.id, story.admin.id, "postgres", "starter"):
        assert foreign not in text, f"{foreign} in ben's snapshot"
    # A new person and that person's runtime make events, all of them before ben's own.
    fay = plane.person(story.admin, "fay")
    wait_ready(plane, fay)
    plane.api("POST", "/users/me/runtime/start", None, story.ben)
    more = read_until(stream, f'"userId":"{story.ben.id}"'.encode()).decode()
    for foreign in (fay.id, "fay", story.anna.id):
        assert foreign not in more, f"{foreign} in ben's events: {more}"
    same(set(re.findall(r"^event: (\w+)", more, re.M)) - {"runtime", "usage", "ping"}, set(), "what else ben was told")
    stream.close()
    plane.api("POST", "/users/me/runtime/stop", None, story.ben)


def one_person_opens_eight_event_streams(plane, story):
    person = plane.person(story.admin, "olga")
    asked = f"GET /api/v1/events HTTP/1.1\r\nHost: {plane.host}\r\nCookie: {person.headers['Cookie']}\r\n\r\n".encode()
    streams = [plane.connect() for _ in range(12)]
    for one in streams:  # at once: the first has not begun when the last is asked for
        one.sendall(asked)
    heads = [read_until(one, b"\r\n\r\n") for one in streams]
    same(sorted(head.split()[1] for head in heads), [b"200"] * 8 + [b"429"] * 4)
    status, answer, _ = plane.api("GET", "/events", None, person)
    same((status, answer["code"]), (429, "RATE_LIMITED"))
    same(plane.api("GET", "/events", None, story.ben)[0], 200, "somebody else's")
    next(one for one, head in zip(streams, heads) if b" 200 " in head).close()
    end = time.monotonic() + 20
    while plane.api("GET", "/events", None, person)[0] != 200:
        assert time.monotonic() < end, "a closed stream still counts"
        time.sleep(0.1)
    for one in streams:
        one.close()


def a_sum_that_fails_keeps_no_event_stream_away(plane, story):
    person = plane.person(story.admin, "gus")
    stream = plane.connect()
    plane.sql("ALTER TABLE usage_events RENAME TO usage_elsewhere")  # as a month of too many rows for the statement timeout
    try:
        stream.sendall(f"GET /api/v1/events HTTP/1.1\r\nHost: {plane.host}\r\nCookie: {person.headers['Cookie']}\r\n\r\n".encode())
        text = read_until(stream, b"event: snapshot")
        assert text.startswith(b"HTTP/1.1 200 "), text
    finally:
        plane.sql("ALTER TABLE usage_elsewhere RENAME TO usage_events")
    read_until(stream, b"event: usage")  # it is asked for again, and follows
    stream.close()


def starting_and_stopping_in_a_loop_is_slowed(plane, story):
    person = plane.person(story.admin, "hal")
    since = time.monotonic()
    answers = [plane.api("POST", f"/users/me/runtime/{'stop' if each % 2 else 'start'}", None, person)[:2] for each in range(60)]
    let = [status for status, _ in answers if status != 429]
    assert 30 <= len(let) <= 31 + (time.monotonic() - since) / 6, f"{len(let)} of 60 were let through"
    same({answer["code"] for status, answer in answers if status == 429}, {"RATE_LIMITED"})
    removals = [plane.api("POST", "/users/me/runtime/delete", None, person)[0] for _ in range(3)]  # one may have its time by now
    assert 429 in removals, f"a removal is a way around it: {removals}"
    for action in ("start", "stop"):
        same(plane.api("POST", f"/users/me/runtime/{action}", None, story.ben)[0], 202, "somebody else's")


def resident(plane):
    for line in open(f"/proc/{plane.daemon.pid}/status", encoding="ascii"):
        if line.startswith("VmRSS"):
            return int(line.split()[1]) * 1024


def a_body_without_end_costs_nothing(plane, story):
    """No cookie, 200 MB, on a stream, a page, an operation, nothing at all, and the session check's own port."""
    before = resident(plane)
    piece = b"x" * 65536

    def plain():
        return sockets.create_connection(("127.0.0.1", plane.ports["check"]), timeout=30)

    for connect, path in ((plane.connect, "/api/v1/events"), (plane.connect, "/api/v1/auth/login"), (plane.connect, "/"),
                          (plane.connect, "/nothing"), (plain, "/check")):
        for method in ("GET", "POST"):
            for head, chunk in (("Content-Length: 200000000", piece), ("Transfer-Encoding: chunked", b"10000\r\n" + piece + b"\r\n")):
                sent, answer = 0, b""
                with connect() as connection:
                    connection.settimeout(60)
                    try:
                        connection.sendall(f"{method} {path} HTTP/1.1\r\nHost: {plane.host}\r\n{head}\r\n\r\n".encode())
                        while sent < 200_000_000:
                            connection.sendall(chunk)
                            sent += len(chunk)
                        answer = connection.recv(200)
                    except (ssl.SSLError, ConnectionError):
                        pass
                what = f"{method} {path} {head}"
                assert sent < 32 << 20, f"{what}: {sent} bytes were taken"
                assert answer == b"" or answer.startswith(b"HTTP/1.1 413 "), (what, answer)
    assert resident(plane) - before < 20_000_000, f"{what}: it grew from {before} to {resident(plane)} bytes"
    same(plane.api("GET", "/auth/access")[0], 200)
    status, answer, _ = plane.api("POST", "/auth/login", raw=b'{"username":"' + b"x" * 300_000 + b'"}', headers={"Content-Type": "application/json"})
    same((status, answer["code"]), (413, "PAYLOAD_TOO_LARGE"))


def pipelined_answers_keep_their_order(plane, story):
    stream = plane.connect()
    slow = f"GET /api/v1/usage/summary HTTP/1.1\r\nHost: {plane.host}\r\nCookie: {story.anna.headers['Cookie']}\r\n\r\n"
    quick = f"GET /api/v1/nothing-here HTTP/1.1\r\nHost: {plane.host}\r\n\r\n"
    stream.sendall((slow + quick).encode())
    text = read_until(stream, b"requestId").decode()
    same(re.findall(r"HTTP/1\.1 (\d+)", text), ["200", "404"])
    stream.close()


def a_single_use_link_works_once(plane, story):
    token, made = plane.invite(story.admin, "dora")
    assert made["link"].startswith(f"https://{plane.host}/#invitation="), made["link"]
    path = f"/public/invitations/{token}/accept"
    same(plane.api("POST", path, {"username": "dora", "password": "short"})[0], 422)
    same(plane.api("POST", path, {"username": "dora", "password": PASSWORD})[0], 201)
    status, answer, headers = plane.api("POST", path, {"username": "dora", "password": PASSWORD})
    same((status, answer["code"], headers.get_all("Set-Cookie")), (409, "INVITATION_ALREADY_CONSUMED", None))
    again = subprocess.run([plane.program, "bootstrap-link", "--data", str(plane.data), "--database", plane.database], capture_output=True,
                           text=True, check=True)
    same(again.stdout, "", "a bootstrap link although there is an admin")


def a_sign_in_replaces_the_session_it_came_with(plane, story):
    before = plane.sign_in("anna")
    status, answer, headers = plane.api("POST", "/auth/login", {"username": "anna", "password": PASSWORD}, before)
    same(status, 200)
    assert headers.get_all("Set-Cookie")[0].split(";")[0] != before.headers["Cookie"]
    same(plane.api("GET", "/users/me", None, before)[0], 401)
    for line in headers.get_all("Set-Cookie"):
        for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/", "__Host-Http-clawloops_"):
            assert word in line, line
        assert "Domain" not in line, line


def no_log_holds_a_secret(plane, story):
    text = plane.log.read_text(encoding="utf-8")
    for what, secret in (("password", PASSWORD), ("session", story.anna.cookies["__Host-Http-clawloops_session"]), ("workspace", story.anna.workspace)):
        assert secret not in text, f"a {what} is in the log"


class Story:
    pass


RULES = [value for value in list(globals().values()) if callable(value) and getattr(value, "__code__", None)
         and value.__code__.co_varnames[:2] == ("plane", "story")]


def main(names):
    failed = 0
    with ControlPlane() as plane:
        story = Story()
        story.admin = plane.bootstrap()
        story.anna = plane.person(story.admin, "anna")
        story.ben = plane.person(story.admin, "ben")
        wait_ready(plane, story.anna)
        for rule in RULES:
            if names and rule.__name__ not in names:
                continue
            try:
                rule(plane, story)
                print("ok  ", rule.__name__, flush=True)
            except Exception:  # every rule is tried
                failed += 1
                print("FAIL", rule.__name__, flush=True)
                traceback.print_exc(limit=-2)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
