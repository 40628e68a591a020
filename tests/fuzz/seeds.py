#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""seeds.py DIRECTORY: writes what each fuzz target starts from, DIRECTORY/<target>/NN, and the words of its dictionary.

What a target once found belongs here too, with a line saying what it was."""

import json
import pathlib
import sys

PIECES = b"\x06"  # seven bytes at a time (fuzz.h, Pieces)

REQUESTS = [
    b"GET /w/alice/ HTTP/1.1\r\nHost: box.test:8444\r\nCookie: a=b\r\n\r\n",
    b"POST /v1/chat/completions HTTP/1.1\r\nHost: m\r\nContent-Length: 13\r\n\r\n{\"model\":\"m\"}GET / HTTP/1.1\r\nHost: m\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: m\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nTrailer: t\r\n\r\nGET /2 HTTP/1.1\r\nHost: m\r\n\r\n",
    b"GET /w/alice HTTP/1.1\r\nHost: m\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhl\r\n\r\n\x81\x01a",
    b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nHEAD / HTTP/1.1\r\nHost: m\r\nConnection: close\r\nExpect: 100-continue\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: m\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
    b"POST / HTTP/1.1\r\nHost: m\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: m\r\nX: a\r\n folded\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: m\r\n\r\n\r\nGET / HTTP/1.1\nHost: m\n\n",
]
RESPONSES = [
    b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 204 No Content\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\nHTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n",
    b"HTTP/1.0 200 OK\r\n\r\nuntil the end",
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n\x81\x01a",
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 500 \r\nConnection: close\r\nSet-Cookie: a=b; Path=/\r\n\r\n",
]
CHAT = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "choices": [{"delta": {"content": "hi \u00e9"}}],
        "usage": {"prompt_tokens": 12, "completion_tokens": 3, "total_tokens": 15}, "timings": {"predicted_ms": 1.5}}
STREAMS = [
    b"data: " + json.dumps(CHAT).encode() + b"\n\ndata: [DONE]\n\n",
    b": comment\r\nevent: message_start\r\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"usage\":{\"input_tokens\":5}}}\r\n\r\n"
    b"event: message_delta\r\ndata: {\"type\":\"message_delta\",\"usage\":{\"output_tokens\":7}}\r\n\r\ndata: {\"type\":\"message_stop\"}\r\n\r\n",
    b"data: {\"type\":\"response.completed\",\"response\":{\"id\":\"r\",\"usage\":{\"input_tokens\":1,\"output_tokens\":2}}}\n\n",
    b"data\rdata: two\rdata:three\r\rid: 4\nretry: 5\ndata:\n\n", b"data: {\"error\":{\"message\":\"no\"}}\n\n",
]
BODIES = [
    {"model": "starter", "messages": [{"role": "user", "content": "hello"}], "stream": True, "stream_options": {"x": 1}},
    {"model": "m", "messages": [{"role": "user", "content": [{"type": "text", "text": "x"}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA"}}]}],
     "tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}], "api_base": "http://192.0.2.1"},
    {"model": "m", "messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "http://192.0.2.1/x.png"}}]}]},
    {"model": "m", "input": ["a", "b"], "temperature": 0.5, "n": 1e3, "seed": -9223372036854775808, "max": 18446744073709551615},
    {"model": "m", "input": [{"type": "input_file", "file_url": "https://192.0.2.1/f"}], "tools": [{"type": "mcp", "server_url": "http://x"}]},
    {"model": "m", "max_tokens": 5, "system": [{"type": "text", "text": "s"}], "messages": [{"role": "user", "content": [{"type": "image", "source": {"type": "url", "url": "http://x/"}}]}]},
]
USAGE = {"seq": 1, "requestId": "req_aaaaaaaaaaaaaaaaaaaa", "cellId": "c0123456789ab", "userId": "usr_a", "route": "starter", "target": "t",
         "model": "m", "promptTokens": 1, "completionTokens": 2, "estimated": False, "startedAt": "2026-11-22T10:00:00.000Z",
         "firstByteMs": 5, "durationMs": 9, "status": 200, "outcome": "ok", "upstreamId": "u", "bytesOut": 100}
GRANT = {"cell": "c0123456789ab", "user": "alice", "scopes": "operator.read", "session": "ab" * 32, "host": "box.test:8444",
         "prefix": "/w/alice/", "sessionExpires": 1800003600, "expires": 1800000020, "rid": "req_aaaaaaaaaaaaaaaaaaaa"}
LIST = [{"Id": "1", "Labels": {"io.clawloops.cell": "c0123456789ab", "io.clawloops.spec": "s", "io.clawloops.slot": "3"}, "State": "running",
         "StartedAt": 1790000000, "Pid": 42, "ExitCode": 0, "Image": "i"}, {"Labels": None, "State": "exited"}]
TARGET = {"name": "t", "kind": "openai", "url": "http://127.0.0.1:1/v1", "model": "m", "weight": 1}
USER = {"userId": "usr_a", "subjectId": "usr_a", "username": "alice", "tenantId": "default", "role": "admin", "status": "active",
        "isAdmin": True, "isDisabled": False, "mustChangePassword": False, "passwordChangeReason": None,
        "createdAt": "2026-11-22T10:00:00.000Z", "lastSignInAt": None, "auth": {"provider": "clawloops", "method": "local_password"}}
# In the order of the readers of wire_values.cpp; where one is missing the fuzzer begins with the next one's members.
VALUES = {
    0: {"revision": 1, "routes": [{"name": "r", "title": "R", "enabled": True, "targets": [TARGET]}],
        "cells": [{"cellId": "c0123456789ab", "user": "usr_a", "tokenHash": "ab" * 32, "routes": ["r"]}]},
    1: {"opened": ["c0123456789ab"], "missing": [], "refused": ["no"]}, 2: USAGE, 3: {"session": "ab" * 32, "user": "alice"}, 4: {"closed": 1},
    5: {"connections": [{"id": 1, "user": "a", "cell": "c", "session": "s", "since": "t", "kind": "http", "bytesIn": 1, "bytesOut": 2}]},
    6: {"requests": 1, "errors": 0, "denied": 0, "cut": 0, "open": 0, "refused": 0}, 7: {"cell": "c", "user": "u", "open": 1},
    8: {"engine": "podman", "version": "4.3.1", "rootless": False, "ociRuntime": "runc", "canPause": True, "canLimit": True},
    9: {"cellId": "c0123456789ab"}, 10: {"cellId": "c0123456789ab", "slot": 2},
    11: {"cellId": "c0123456789ab", "slot": 2, "username": "alice", "image": "localhost/x:1", "token": "t", "models": [{"name": "m", "title": "M"}],
         "defaultModel": "m", "origins": ["https://box.test:8444"], "limits": {"memoryBytes": 1, "cpus": 1.5, "pids": 3}, "smallPrompt": True},
    12: {"spec": "s", "started": True}, 13: {"cellId": "c0123456789ab", "wipe": True}, 14: {"cellId": "c0123456789ab", "lines": 5},
    15: {"cells": [{"cellId": "c0123456789ab", "state": "exited", "spec": "s", "startedAt": "", "pid": 0, "exitCode": 78, "image": "i"}]},
    16: {"cellId": "c0123456789ab", "state": "removed", "exitCode": None}, 17: {"live": True, "ready": False, "detail": "d"}, 18: {"image": "i"},
    19: {"code": "X", "message": "m", "requestId": "r"}, 20: {"authenticated": True, "access": "granted", "user": USER},
    21: {"provider": "clawloops", "methods": ["local_password"], "bootstrapOpen": False}, 22: {"user": USER, "token": None, "expiresAt": "t"},
    29: {"version": "1", "startedAt": "t", "portalUrl": "p", "workspaceUrl": "w", "users": 1, "disabledUsers": 0, "pendingInvitations": 0,
         "runtimes": 1, "runningRuntimes": 1, "failedRuntimes": 0, "routes": 1,
         "components": [{"name": "relay", "title": "Relay", "state": "running", "since": "t", "pid": 1, "restarts": 0, "sentence": None, "rssBytes": 5}]},
    30: {"requestId": "r", "hops": [{"at": "t", "component": "c", "message": "m", "requestId": "r", "joined": False, "line": "l"}], "note": "n"},
}


def text(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def lines(*values):
    return b"".join(text(value) + b"\n" for value in values)


def seeds():
    yield "http_request", [PIECES + one for one in REQUESTS], ["Content-Length: ", "Transfer-Encoding: chunked", "\r\n\r\n", "\r\n ", "Connection: ", "Upgrade", "Expect: 100-continue"]
    yield "http_response", [PIECES + one for one in RESPONSES], ["Content-Length: ", "Transfer-Encoding: chunked", "\r\n\r\n", "HTTP/1.1 ", "0\r\n\r\n"]
    yield "request_target", [b"/w/alice/", b"/w/alice/x?y=%2f#z", b"/w/alice/..%2fbob/", b"/w/alice/%252e%252e/", b"/w/alice//x", b"/w/al%69ce/./\\"], ["/w/alice/", "%2e", "%2f", "%5c", "%25", "..", "//", "\\"]
    yield "header_filter", [
        b"pHost: box\nCookie: __Host-Http-clawloops_workspace=x; a=b\nX_Clawloops_User: bob\nX-Forwarded-For: 127.0.0.1, 10.0.0.9\nAuthorization: Bearer x",
        b"uSec-WebSocket-Key: k\nConnection: Upgrade, X-Clawloops-User\nX-Clawloops-User: bob\nCookie: __HOST-HTTP-CLAWLOOPS_session=1;;=x",
        b"rSet-Cookie: a=b; Path=/; Domain=box.test; HttpOnly\nSet-Cookie: __Host-Http-clawloops_session=x\nSet-Cookie: c=d;Path=/w/alice/sub\nClear-Site-Data: *\nX-Request-Id: 1",
    ], ["Set-Cookie: ", "; Path=", "; Domain=", "__Host-", "__Secure-", "clawloops_", "Cookie: ", "X-Forwarded-For: ", "::1", "Forwarded: "]
    # A time of 2**63-1 seconds overflowed (server/base/clock.cpp).
    yield "grant", [text(GRANT), b"v1.e30.AAAA", text(dict(GRANT, expires=2**63 - 1)), text(dict(GRANT, sessionExpires=-2**63))], list(GRANT)
    yield "event_stream", [PIECES + one for one in STREAMS], ["data: ", "event: ", "\r\n", "[DONE]", '"usage":{', '"type":"message_stop"', '"prompt_tokens":', "9223372036854775807"]
    yield "json_skimmer", [PIECES + text(CHAT), PIECES + text({"response": {"id": "r", "usage": {"a": [1, {"b": "}"}]}}, "error": None}), PIECES + b'{"id" : "a\\"b" , "usage":[]}'], ['"usage"', '"id"', '"response"', '"message"', '"error"', "\\\"", "{", "}", "["]
    yield "model_body", [bytes([i]) + PIECES + text(body) for i in range(5) for body in BODIES], ['"model"', '"stream"', '"stream_options"', '"include_usage"', '"image_url"', '"url"', '"type"', '"mcp"', "data:", "http://", "\\u0000", "1e400"]
    yield "settings", [b"f[ports]\nportal = 8443\n", b"f# c\n[appliance]\nname=x\n[model]\nlitellm = false\n", b"oports.portal=8443", b"f--join\ntcp:1=unix:/a\n--\nsh\n-c", b"fhttp://127.0.0.1:8080/v1", b"funix:/run/x.sock", b"fhttps://[2001:db8::1]:443/openai"], ["--join", "unix:/", "tcp:", "http://", "https://", "[ports]", "portal=", "true", "65536", "1e9"]
    yield "control_lines", [PIECES + lines({"id": 7, "verb": "cell.start", "rid": "req_a", "args": {"a": 1}}, {"id": 7, "ok": {}}, {"id": 1, "error": {"code": "INVALID_REQUEST", "message": "m", "detail": "d"}}, {"event": "cell", "data": {"x": []}})], ['"id":', '"verb":', '"ok":{}', '"error":{', '"event":', "\n", "\\u000a"]
    yield "wire_values", [bytes([number]) + text(value) for number, value in VALUES.items()], sorted({key for value in VALUES.values() for key in value})
    yield "usage_spool", [lines(USAGE, dict(USAGE, seq=2)), lines(USAGE) + text(dict(USAGE, seq=2))[:40], lines(dict(USAGE, seq=5))], ['"seq":', "\n", '"outcome":"ok"']
    yield "podman_output", [text(LIST), text({"Status": "died", "Attributes": {"io.clawloops.cell": "c0123456789ab"}, "ContainerExitCode": 78}), text({"host": {"cgroupControllers": ["memory", "pids"]}, "version": {"Version": "4.3.1"}})], ["io.clawloops.cell", "c0123456789ab", '"Labels"', '"Status"', '"State"', '"removing"', '"Attributes"']
    # Sequences of operations (choices.h): any bytes are some, so they begin with a few of different kinds. A budget raised in the year
    # 1013 is no time of a clock (server/model/budget_rule.cpp); an answer of 2**51 tokens kept a person out for centuries (rate_limits.cpp).
    yield "budget_ledger", [bytes([1]) + bytes(range(256)) * 2, bytes([7]) + bytes((i * 37 + 11) % 256 for i in range(600)), b"\xff\x05bud_1\x06person\x03ada\x05money\x03day\x0a2026-11-26", b"\xff\x05bud_1\x06person\x03ada\x05money\x03day\x0a1013-11-26"], ["person", "group", "route", "all", "money", "tokens", "day", "week", "month", "run", "2026-11-26"]
    yield "fair_queue", [bytes(range(256)) * 2, bytes((i * 31 + 5) % 256 for i in range(800))], ["\x00\x01\x00\x05"]
    yield "rate_limits", [bytes(range(256)) * 2, bytes((i * 29 + 3) % 256 for i in range(800)), b'{"in":150000000,"cachedIn":75000000,"out":600000000}\n\0\0\0\0\0\1\0\0', b'{"in":null,"out":0}\n'], ['"in":', '"cachedIn":', '"out":', "null", "9223372036854775807"]
    yield "edge_text", [b"a=b; __Host-Http-clawloops_session=x; c=d", b"__host-Http-Clawloops_workspace=1;;=;__Host-Http-clawloops_session", b"box.test:8443", b"[2001:db8::7]:8443", b"BOX.TEST", b"192.0.2.7:443"], ["__Host-", "Http-", "clawloops_", "session=", "workspace=", "; ", ":8443"]


def escaped(word):
    return "".join(c if 32 <= ord(c) < 127 and c not in '"\\' else f"\\x{ord(c):02x}" for c in word)


def main():
    root = pathlib.Path(sys.argv[1])
    for target, inputs, words in seeds():
        folder = root / target
        folder.mkdir(parents=True, exist_ok=True)
        for number, data in enumerate(inputs):
            (folder / f"{number:02}").write_bytes(data)
        (root / f"{target}.dict").write_text("".join(f'"{escaped(word)}"\n' for word in words), encoding="ascii")


if __name__ == "__main__":
    main()
