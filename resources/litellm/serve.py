# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts LiteLLM's proxy on a unix socket, with nothing reachable but inference.

    python serve.py --config FILE.yaml --socket PATH --starter-socket PATH [--master-key-file FILE]

* Every path but the six below is a 404 before LiteLLM sees the request: its pages, its configuration and key endpoints, its
  MCP endpoints are not there, with the master key or without.
* The socket is made by us, 0600; LiteLLM's own way would make it 0666.
* Requests to the host `starter.internal` go to the starter model's unix socket: LiteLLM itself can only name hosts and ports.
* One JSON line a request on stdout, with the gateway's request id, in the form of our own programs' logs.

Exit codes as everywhere: 64 wrong flags, 69 something is not there, 71 the machine refuses.
"""
import argparse
import datetime
import json
import os
import socket
import stat
import sys
import time

STARTER_HOST = "starter.internal"
ALLOWED = {
    "/v1/chat/completions": "POST",
    "/v1/completions": "POST",
    "/v1/embeddings": "POST",
    "/v1/responses": "POST",
    "/v1/messages": "POST",
    "/v1/models": "GET",
    "/health/liveliness": "GET",
}


def fail(code, sentence):
    print(f"litellm: {sentence}", file=sys.stderr)
    sys.exit(code)


class InferenceOnly:
    """ASGI: lets the allowed paths through, answers 404 to the rest, and writes the access log."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        if scope["type"] != "http":
            return await send({"type": "websocket.close", "code": 1008})
        if ALLOWED.get(scope["path"]) != scope["method"]:
            return await self.refuse(scope, send)
        await self.passed_on(scope, receive, send)

    async def refuse(self, scope, send):
        body = b'{"error":{"message":"There is no such address here.","type":"invalid_request_error","code":"unknown_url"}}'
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 404, "headers": headers})
        await send({"type": "http.response.body", "body": body})
        log(scope, 404, time.monotonic())

    async def passed_on(self, scope, receive, send):
        began = time.monotonic()
        status = 0

        async def watched(message):
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            if scope["path"] != "/health/liveliness":
                log(scope, status, began)


def log(scope, status, began):
    rid = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"x-request-id"), "")
    at = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    line = {"at": at, "level": "info", "program": "litellm", "module": "access", "msg": "model request", "rid": rid[:64],
            "path": scope["path"][:200], "status": status, "durationMs": round((time.monotonic() - began) * 1000)}
    print(json.dumps(line), flush=True)


def join_starter_model(path):
    """Every HTTP client that LiteLLM makes reaches STARTER_HOST by the socket at `path`."""
    import httpx
    import litellm
    from litellm.llms.custom_httpx.http_handler import AsyncHTTPHandler

    limits = httpx.Limits(max_connections=200, max_keepalive_connections=20, keepalive_expiry=3)
    by_socket = httpx.AsyncHTTPTransport(uds=path, limits=limits)

    class ByHost(httpx.AsyncBaseTransport):
        def __init__(self, other):
            self.other = other

        async def handle_async_request(self, request):
            if request.url.host == STARTER_HOST:
                return await by_socket.handle_async_request(request)
            return await self.other.handle_async_request(request)

        async def aclose(self):
            await self.other.aclose()

    original = AsyncHTTPHandler.create_async_transport

    def create(*args, **kwargs):
        return ByHost(original(*args, **kwargs) or httpx.AsyncHTTPTransport())

    AsyncHTTPHandler.create_async_transport = staticmethod(create)
    AsyncHTTPHandler._create_async_transport = staticmethod(create)
    mounts = {f"http://{STARTER_HOST}": by_socket}
    litellm.aclient_session = httpx.AsyncClient(mounts=mounts, limits=limits, timeout=httpx.Timeout(600, connect=10),
                                                trust_env=False)
    litellm.client_session = httpx.Client(mounts={f"http://{STARTER_HOST}": httpx.HTTPTransport(uds=path)},
                                          timeout=httpx.Timeout(600, connect=10), trust_env=False)


def listen(path):
    try:
        if stat.S_ISSOCK(os.lstat(path).st_mode):
            os.unlink(path)
    except FileNotFoundError:
        pass
    except OSError as problem:
        fail(71, f"The old socket {path} cannot be removed: {problem.strerror}; check the directory and its owner.")
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        listener.bind(path)
    except OSError as problem:
        fail(71, f"The socket {path} cannot be opened: {problem.strerror}; check the directory and its owner.")
    finally:
        os.umask(before)
    listener.listen(512)
    return listener


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", required=True)
    parser.add_argument("--socket", required=True)
    parser.add_argument("--starter-socket", required=True)
    parser.add_argument("--master-key-file")
    try:
        options = parser.parse_args()
    except SystemExit as end:
        sys.exit(64 if end.code else 0)
    if not os.path.isfile(options.config):
        fail(69, f"The configuration {options.config} is not there; the supervisor renders it, so start LiteLLM by it.")
    if options.master_key_file:
        try:
            with open(options.master_key_file, encoding="ascii") as file:
                os.environ["LITELLM_MASTER_KEY"] = file.read().strip()
        except (OSError, UnicodeDecodeError) as problem:
            fail(71, f"The master key {options.master_key_file} cannot be read: {problem}.")
    if not os.environ.get("LITELLM_MASTER_KEY"):
        fail(64, "There is no master key, and without one LiteLLM would answer anybody; give --master-key-file.")
    os.environ["CONFIG_FILE_PATH"] = options.config
    for name, value in (("LITELLM_LOCAL_MODEL_COST_MAP", "True"), ("LITELLM_TELEMETRY", "False"), ("DISABLE_ADMIN_UI", "True"),
                        ("NO_DOCS", "True"), ("NO_REDOC", "True"), ("LITELLM_MODE", "PRODUCTION")):
        os.environ.setdefault(name, value)
    try:
        import uvicorn
        from litellm.proxy.proxy_server import app
    except ImportError as problem:
        fail(69, f"LiteLLM is not installed where it is started from: {problem}; run installer/up again.")
    join_starter_model(options.starter_socket)
    listener = listen(options.socket)
    config = uvicorn.Config(InferenceOnly(app), lifespan="on", log_level="warning", access_log=False, server_header=False,
                            timeout_keep_alive=10, timeout_graceful_shutdown=5)
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
