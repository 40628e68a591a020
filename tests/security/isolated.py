#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole appliance in a network of its own, seen from the LAN, from another account, and cut off from everywhere.

One network namespace is the LAN, one inside it the workstation, joined by a cable that leads nowhere else:
  threat 10  it starts, a workspace opens and both model routes answer, and not one packet was sent outwards (nothing is fetched)
  threat 14  of all ports, over IPv4 and IPv6, only the portal's and the workspaces' answer, and no other socket listens on the LAN
  threat 30  none of the web pages that our components would have answers there
  threat 2   another local account without a key gets through no socket, port or file (stranger.py)
Needs root, CLAWLOOPS_TEST_PREFIX and CLAWLOOPS_IMAGE (tests/env)."""

import http.client
import json
import os
import pathlib
import signal
import socket
import ssl
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
sys.path.insert(0, str(HERE))
import appliance  # noqa: E402
import canary  # noqa: E402
import people  # noqa: E402
import stranger  # noqa: E402

LAN = {4: ("203.0.113.1", "203.0.113.2"), 6: ("2001:db8:77::1", "2001:db8:77::2")}  # the neighbour's and the workstation's

# What Traefik, LiteLLM, llama.cpp's server, OpenClaw and PostgREST-like tools are known to show.
PAGES = """/dashboard/ /api/rawdata /api/overview /api/http/routers /api/version /ping /metrics /debug/pprof/ /debug/vars /health /healthz
/ui/ /ui/login /routes /openapi.json /docs /redoc /public/model_hub /sso/key/generate /key/info /model/info /config/yaml /get/config/callbacks
/spend/logs /user/info /mcp /health/readiness /health/liveliness /config/pass_through_endpoint /test /v1/models /v1/chat/completions /v1/files
/props /slots /completion /infill /tokenize /apply-template /lora-adapters /api/tags /api/show /api/generate /api/pull /api/create
/readyz /startupz /api/v1/admin/rpc /tools/invoke /__openclaw__/ /canvas/ /phpmyadmin/ /server-status /.env /.git/config /internal/check /check
/w/ /w/ada/ /w/ada/api/v1/admin/rpc""".split()

CHAT = r"""
let text = ''; process.stdin.on('data', (part) => { text += part; }).on('end', async () => {
  const {url, key, model} = JSON.parse(text);
  const answer = await fetch(url + '/chat/completions', {method: 'POST', headers: {authorization: 'Bearer ' + key, 'content-type': 'application/json'},
    body: JSON.stringify({model, max_tokens: 16, messages: [{role: 'user', content: 'Say something about lighthouses.'}]})});
  console.log(JSON.stringify({status: answer.status, body: await answer.json()}));
});
"""


def ip(*words):
    subprocess.run(["ip", *words], check=True)


def sent():
    """Packets that left this network namespace."""
    shown = subprocess.run(["ip", "-s", "-j", "link", "show", "lan"], check=True, capture_output=True, text=True).stdout
    return json.loads(shown)[0]["stats64"]["tx"]["packets"]


def listeners():
    """(protocol, address, port) of everything that listens in this network namespace, loopback left out."""
    found = set()
    for protocol, listening in (("tcp", "0A"), ("tcp6", "0A"), ("udp", "07"), ("udp6", "07")):
        for line in pathlib.Path(f"/proc/self/net/{protocol}").read_text(encoding="ascii").splitlines()[1:]:
            _, local, _, state, *_ = line.split()
            address, port = local.split(":")
            if state == listening and address not in ("0100007F", "00000000000000000000000001000000"):
                found.add((protocol.rstrip("6"), int(port, 16)))
    return found


def the_models_answer(state):
    """From inside the cell, as OpenClaw asks: text that the starter model made, straight and through LiteLLM."""
    config = next(pathlib.Path(state["data"]).glob("cells/*/config"))
    provider = json.loads((config / "openclaw.json").read_text(encoding="utf-8"))["models"]["providers"]["clawloops"]
    key = canary.cell_token(config)
    container = next(iter(people.cells(state)))
    for model in ("starter", "starter-litellm"):
        asked = json.dumps({"url": provider["baseUrl"], "key": key, "model": model})
        done = subprocess.run(["podman", "exec", "-i", container, "node", "-e", CHAT], input=asked, capture_output=True, text=True, timeout=240)
        answer = json.loads(done.stdout or "{}")
        assert answer.get("status") == 200, f"{model}: {done.stdout[:500]} {done.stderr[:500]}"
        assert answer["body"]["usage"]["completion_tokens"] >= 5 and answer["body"]["choices"][0]["message"]["content"].strip(), answer


def workstation(state_file):
    """Runs inside the inner namespace; a word on its standard input begins each part."""
    def wait_for_word():
        if not sys.stdin.readline():
            raise SystemExit(1)

    wait_for_word()
    ip("link", "set", "lo", "up")
    for name in ("all", "default", "lan"):
        pathlib.Path(f"/proc/sys/net/ipv6/conf/{name}/disable_ipv6").write_text("1", encoding="ascii")
    ip("addr", "add", LAN[4][1] + "/24", "dev", "lan")
    ip("link", "set", "lan", "up")
    ip("route", "add", "default", "via", LAN[4][0])
    before = sent()
    try:
        appliance.up(state_file)
        api = people.ensure_admin(state_file)
        people.ensure_runtime(api)
        state = appliance.read(state_file)
        the_models_answer(state)
        outwards = sent() - before
        assert outwards == 0, f"threat 10: {outwards} packets were sent to the outside"
        print("threat 10: a workspace and both model routes work without a network, and nothing was asked of one", flush=True)
        wanted = {("tcp", state["ports"]["portal"]), ("tcp", state["ports"]["workspace"])}
        assert listeners() == wanted, f"threat 14: on the LAN listen {listeners()}, not {wanted}"
        stranger.attack(state)
        print("threat 2: another account gets through no socket, port or file", flush=True)
        pathlib.Path("/proc/sys/net/ipv6/conf/lan/disable_ipv6").write_text("0", encoding="ascii")
        ip("-6", "addr", "add", LAN[6][1] + "/64", "dev", "lan", "nodad")
        print("up", flush=True)
        wait_for_word()
    finally:
        appliance.down(state_file)


def open_ports(address, family):
    """Every port of the address that takes a connection. One after the other: nothing drops packets, so each is answered at once."""
    found = []
    for port in range(1, 65536):
        with socket.socket(family) as one:
            one.settimeout(20)
            if one.connect_ex((address, port)) == 0:
                found.append(port)
    return found


def walk(address, port):
    """The pages that answer with anything but a refusal."""
    context = ssl._create_unverified_context()  # whose certificate it is, is not the question here
    shown = []
    for host in (f"{address}:{port}", f"localhost:{port}"):
        for path in PAGES:
            connection = http.client.HTTPSConnection(address, port, context=context, timeout=30)
            connection.request("GET", path, headers={"Host": host, "Accept": "text/html"})
            answer = connection.getresponse()
            answer.read()
            connection.close()
            if answer.status not in (303, 400, 401, 403, 404, 405):
                shown.append(f"{host}{path}: {answer.status}")
    return shown


def neighbour():
    """Runs in the outer namespace, the LAN."""
    folder = tempfile.mkdtemp(prefix="cli-", dir="/tmp")
    state_file = folder + "/isolated.json"
    inner = subprocess.Popen(["unshare", "--net", sys.executable, __file__, "workstation", state_file], stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, text=True)
    problems = []
    try:
        ip("link", "set", "lo", "up")
        own = os.readlink("/proc/self/ns/net")
        appliance.wait_for("the inner network", lambda: os.readlink(f"/proc/{inner.pid}/ns/net") != own, 30)
        ip("link", "add", "lan", "type", "veth", "peer", "name", "lan", "netns", str(inner.pid))
        ip("addr", "add", LAN[4][0] + "/24", "dev", "lan")
        ip("-6", "addr", "add", LAN[6][0] + "/64", "dev", "lan", "nodad")
        ip("link", "set", "lan", "up")
        inner.stdin.write("cable\n")
        inner.stdin.flush()
        for line in inner.stdout:
            print(line, end="", flush=True)
            if line == "up\n":
                break
        else:
            return [f"the appliance did not come up: {inner.wait()}"]
        ports = appliance.read(state_file)["ports"]
        wanted = sorted([ports["portal"], ports["workspace"]])
        for family, (_, address) in LAN.items():
            found = open_ports(address, socket.AF_INET if family == 4 else socket.AF_INET6)
            # Without IPv6 at its start the appliance may listen on IPv4 alone; nothing else may answer on either.
            if found != wanted and not (family == 6 and found == []):
                problems.append(f"threat 14: open on {address}: {found}, not {wanted}")
        for port in wanted:
            problems += [f"threat 30: {page}" for page in walk(LAN[4][1], port)]
        inner.stdin.write("down\n")
        inner.stdin.flush()
    finally:
        inner.stdin.close()
        for line in inner.stdout:
            print(line, end="", flush=True)
        if inner.wait() != 0:
            problems.append("the workstation's part failed")
        subprocess.run(["rm", "-rf", folder], check=False)
    return problems


def main():
    if os.geteuid() != 0:
        sys.exit("This test makes network namespaces and looks from another account, so it has to be run as root.")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended from outside"))  # what was started is taken down all the same
    if sys.argv[1:2] == ["workstation"]:
        return workstation(sys.argv[2])
    if sys.argv[1:2] == ["neighbour"]:
        problems = neighbour()
        print("\n".join(problems) or "the LAN sees two ports, and nothing else of us")
        sys.exit(1 if problems else 0)
    os.execvp("unshare", ["unshare", "--net", sys.executable, __file__, "neighbour"])


if __name__ == "__main__":
    main()
