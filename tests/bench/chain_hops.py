# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the time of one chat goes: the same request is sent from every point of the chain in turn, round after round, by the
same client; a hop is the difference of two neighbours' medians. The model is scripted and answers at once (32 words, one
event each), so that what is left is the chain. Milliseconds; model requests until the last byte, and until the first.

The scripted model takes the place of the starter model's server on its socket: LiteLLM knows no other address. The hops'
own log lines are joined by request id through admin/trace, and stand beside the outside view (whole milliseconds)."""

import contextlib
import json
import pathlib
import subprocess
import sys
import time

from bench import ROOT, USER, control, figures_file, median, note

ROUNDS = 25
WARM = 5
WORDS = " ".join(f"word{index}" for index in range(32))
# As large as what OpenClaw sends with its small prompt.
PROMPT = [{"role": "system", "content": "You are a careful assistant. " * 300}, {"role": "user", "content": "Count, please."}]
CLIENT = (pathlib.Path(__file__).parent / "client.mjs").read_text(encoding="utf-8")
GATEWAY_PORT, MODEL_PORT = 18789, 11411  # inside a cell


class Client:
    """client.mjs on the host, or inside a container."""

    def __init__(self, container=None):
        self.inside = bool(container)
        prefix = ["podman", "exec", "-i", container] if container else []
        self.process = subprocess.Popen([*prefix, "node", "--input-type=module", "-e", CLIENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)
        assert json.loads(self.process.stdout.readline())["ready"]

    def ask(self, name, options, body=None, tls=False):
        self.process.stdin.write(json.dumps({"name": name, "tls": tls, "options": options, "body": body}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        assert answer.get("status") == 200, f"{name}: {answer}"
        return answer

    def close(self):
        self.process.stdin.close()
        self.process.wait(10)


@contextlib.contextmanager
def scripted_model(bench):
    """The scripted upstream in the starter model's place."""
    supervisor = bench.run / "supervisor/control.sock"
    path = bench.run / "model/starter.sock"
    script = figures_file("script")
    script.write_text(json.dumps([{"text": WORDS}]))
    control(supervisor, "component.stop", name="starter-model")
    path.unlink(missing_ok=True)
    server = subprocess.Popen([sys.executable, str(ROOT / "tests/support/scripted_upstream.py"), "--socket", str(path), "--script", str(script)],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        server.stdout.readline()
        path.chmod(0o666)
        yield path
    finally:
        server.kill()
        server.wait()
        path.unlink(missing_ok=True)
        script.unlink()
        control(supervisor, "component.start", name="starter-model")


def rounds(points):
    """Asks every point once a round; the first rounds are not counted. {name: {field: [values]}}, and the request ids."""
    seen = {name: {"first": [], "total": [], "rid": []} for name in points}
    for each in range(WARM + ROUNDS):
        for name, ask in points.items():
            answer = ask()
            if each >= WARM:
                for field, values in seen[name].items():
                    values.append(answer[field])
    return seen


def traced(bench, ids):
    """What each hop wrote of its own time, by request id: {component: {field: [ms]}}."""
    time.sleep(0.5)  # the last lines
    logged = {}
    for rid in ids:
        for hop in bench.call("GET", f"/admin/trace/{rid}")["hops"]:
            try:
                line = json.loads(hop["line"])
            except ValueError:
                continue
            own = {name: line[name] for name in ("firstByteMs", "durationMs", "ms") if name in line}
            if "Overhead" in line:  # nanoseconds
                own = {"total": line["Duration"] / 1e6, "less the relay": line["Overhead"] / 1e6}
            if rid not in (line.get("rid"), line.get("downstream_X-Request-Id")):
                continue  # joined by cell and time: another request
            for name, value in own.items():
                logged.setdefault(hop["component"], {}).setdefault(name, []).append(value)
    return {component: {name: median(values) for name, values in fields.items()} for component, fields in logged.items()}


def model_points(bench, host, inside, cell, upstream):
    token = (cell / "config/token").read_text()
    master = (bench.data / "secrets/model/litellm.key").read_text().strip()

    def ask(client, name, where, model, key):
        body = json.dumps({"model": model, "stream": True, "stream_options": {"include_usage": True}, "messages": PROMPT})
        options = {**where, "method": "POST", "path": "/v1/chat/completions",
                   "headers": {"Host": "localhost", "Content-Type": "application/json", "Content-Length": len(body), "Authorization": f"Bearer {key}"}}
        return lambda: client.ask(name, options, body)

    door = {"socketPath": str(cell / "out/model.sock")}
    loopback = {"host": "127.0.0.1", "port": MODEL_PORT}
    litellm = {"socketPath": str(bench.run / "model/litellm.sock")}
    return {
        "model straight": ask(host, "straight", {"socketPath": str(upstream)}, "starter", "none"),
        "gateway, model": ask(host, "gateway", door, "starter", token),
        "cell, gateway, model": ask(inside, "cell", loopback, "starter", token),
        "LiteLLM, model": ask(host, "litellm", litellm, "starter", master),
        "gateway, LiteLLM, model": ask(host, "gateway-litellm", door, "starter-litellm", token),
        "cell, gateway, LiteLLM, model": ask(inside, "cell-litellm", loopback, "starter-litellm", token),
    }


def page_points(bench, host, inside, cell):
    state = bench.state
    workspace = f"localhost:{state['ports']['workspace']}"
    path = f"/w/{USER}/"
    plain = {"Host": workspace, "X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "https", "X-Openclaw-Scopes": "operator.read",
             "X-Clawloops-User": USER, "Accept": "text/html"}
    pki = bench.data / "pki"
    leaf = {"ca": (pki / "server-ca.crt").read_text(), "cert": (pki / "edge/client.crt").read_text(), "key": (pki / "edge/client.key").read_text()}
    grants = []

    def check():
        headers = {**bench.page_headers(), "X-Forwarded-Method": "GET", "X-Forwarded-Uri": path, "X-Forwarded-Host": workspace}
        answer = host.ask("check", {"host": "127.0.0.1", "port": state["ports"]["check"], "path": "/check", "headers": headers})
        grants[:] = [answer["grant"]]
        return answer

    def relay():
        headers = {"Host": workspace, "X-Clawloops-Grant": grants[0], "Accept": "text/html", "X-Forwarded-For": "192.0.2.1"}
        return host.ask("relay", {"host": "127.0.0.1", "port": state["ports"]["relay"], "servername": "clawloops.internal", "path": path,
                                  "headers": headers, **leaf}, tls=True)

    def whole():
        return host.ask("entry", {"host": "localhost", "port": state["ports"]["workspace"], "path": path, "headers": bench.page_headers(),
                                  "ca": pathlib.Path(state["ca"]).read_text()}, tls=True)

    return {
        "page: OpenClaw straight": lambda: inside.ask("openclaw", {"host": "127.0.0.1", "port": GATEWAY_PORT, "path": path, "headers": plain}),
        "page: cell, OpenClaw": lambda: host.ask("in", {"socketPath": str(cell / "in/in.sock"), "path": path, "headers": plain}),
        "page: session check alone": check,
        "page: relay, cell, OpenClaw": relay,
        "page: Traefik, check, relay, cell, OpenClaw": whole,
    }


def measure(bench):
    name, cell = bench.start_cell()
    host, inside = Client(), Client(name)
    try:
        with scripted_model(bench) as upstream:
            note(f"{ROUNDS} model requests from each of six points")
            asked = rounds(model_points(bench, host, inside, cell, upstream))
        note(f"{ROUNDS} page requests from each of five points")
        asked.update(rounds(page_points(bench, host, inside, cell)))
    finally:
        host.close()
        inside.close()
    total = {point: median(values["total"]) for point, values in asked.items()}
    first = {f"{point}: first byte": median(values["first"]) for point, values in asked.items() if not point.startswith("page")}
    straight, gateway, whole = total["model straight"], total["gateway, model"], total["cell, gateway, model"]
    litellm = total["gateway, LiteLLM, model"]
    openclaw, door, check, relay, entry = list(total.values())[6:]
    hops = {
        "model": straight, "gateway": gateway - straight, "cell_out": whole - gateway, "litellm": litellm - gateway,
        "openclaw_page": openclaw, "cell_in": door - openclaw, "relay": relay - door, "check": check, "traefik": entry - relay - check,
        "model_request": whole, "model_request_litellm": total["cell, gateway, LiteLLM, model"], "page_request": entry,
    }
    note("the hops' own log lines, by request id")
    logged = {}
    for point in ("cell, gateway, model", "cell, gateway, LiteLLM, model", "page: Traefik, check, relay, cell, OpenClaw"):
        for component, fields in traced(bench, asked[point]["rid"]).items():
            for field, ms in fields.items():
                logged[f"logged by {component}: {field} ({point})"] = ms
    return {"measured_ms": {**total, **first}, "hops_ms": {hop: round(ms, 2) for hop, ms in hops.items()}, "logged_ms": logged, "rounds": ROUNDS}
