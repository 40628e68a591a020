#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one who asks for too much gets of the running control plane, and what the others have of it: one function a rule.

`limits.py NAME…` runs those, no name all."""

import socket as sockets
import ssl
import sys
import time

from rule_run import read_until, run, same


def half_open_connections_do_not_wedge_the_listener(plane, story):
    idle = [sockets.create_connection(("127.0.0.1", plane.ports["api"])) for _ in range(60)]
    try:
        same(plane.api("GET", "/auth/access")[0], 200)
    finally:
        for one in idle:
            one.close()


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
    plane.sql("ALTER TABLE usage_days RENAME TO usage_elsewhere")  # as one of too many rows for the statement timeout
    try:
        stream.sendall(f"GET /api/v1/events HTTP/1.1\r\nHost: {plane.host}\r\nCookie: {person.headers['Cookie']}\r\n\r\n".encode())
        text = read_until(stream, b"event: snapshot")
        assert text.startswith(b"HTTP/1.1 200 "), text
    finally:
        plane.sql("ALTER TABLE usage_elsewhere RENAME TO usage_days")
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


if __name__ == "__main__":
    sys.exit(run(dict(globals()), sys.argv[1:]))
