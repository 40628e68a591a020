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
import ssl
import subprocess
import sys
import time

from control_plane import PASSWORD
from rule_run import navigation, read_until, run, same, wait_ready


def only_traefiks_certificate_reaches_the_api(plane, story):
    for certificate in (None, "stranger"):
        try:
            with plane.connect(certificate) as connection:
                connection.sendall(b"GET /api/v1/auth/access HTTP/1.1\r\nHost: " + plane.host.encode() + b"\r\n\r\n")
                answer = connection.recv(100)
        except (ssl.SSLError, ConnectionError):
            continue
        same(answer, b"", f"certificate {certificate}")


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
    same(set(re.findall(r"^event: (\w+)", more, re.M)) - {"runtime", "usage", "quota", "ping"}, set(), "what else ben was told")
    stream.close()
    plane.api("POST", "/users/me/runtime/stop", None, story.ben)


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


if __name__ == "__main__":
    sys.exit(run(dict(globals()), sys.argv[1:]))
