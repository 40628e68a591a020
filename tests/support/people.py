# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The people of a test appliance, for tests that run after the story as well as on a bare one.

What is made here stands in the state file under the names that the story uses: admin_username, admin_password, admin_token.
"""

import secrets

import appliance


def ensure_admin(state_file):
    """An Api that speaks as the admin: the story's, or one made by the appliance's sign-in link."""
    state = appliance.read(state_file)
    if "admin_password" not in state:
        return _first_admin(state_file, state)
    api = appliance.Api(state, state.get("admin_token"))
    if api.token and api.call("GET", "/api/v1/auth/me")[0] == 200:
        return api
    body = {"username": state["admin_username"], "password": state["admin_password"], "kind": "bearer"}
    return _signed_in(state_file, state, api.call("POST", "/api/v1/auth/login", body))


def ensure_runtime(api, seconds=240):
    """The caller's own runtime, started if it does not run; returns its status once it can be opened."""
    path = "/api/v1/users/me/runtime"
    status, body, _ = api.call("GET", path + "/status")
    if status == 404 or body["desiredState"] != "running" or not body["ready"]:
        status, body, _ = api.call("POST", path + "/start")
        if status != 202:
            raise AssertionError(f"POST {path}/start answered {status}: {body}")

    def ready():
        last = api.get(path + "/status")
        return last if last["ready"] else None

    return appliance.wait_for("the runtime to be ready", ready, seconds, step=0.5)


def cells(state):
    """Every running cell of the appliance: {container name: (container id, started at)}."""
    listed = appliance.podman("ps", "--no-trunc", "--filter", f"label=io.clawloops.instance={appliance.instance_of(state)}",
                              "--format", "{{.Names}} {{.ID}} {{.StartedAt}}")
    if listed.returncode != 0:
        raise AssertionError("podman ps: " + listed.stderr)
    lines = (line.split() for line in listed.stdout.splitlines())
    return {name: (container, started) for name, container, started in lines}


def _first_admin(state_file, state):
    password = "first " + secrets.token_hex(12)
    body = {"token": state["link"].split("=", 1)[1], "username": "ada", "password": password, "kind": "bearer"}
    appliance.update(state_file, admin_username="ada", admin_password=password)
    return _signed_in(state_file, state, appliance.Api(state).call("POST", "/api/v1/auth/bootstrap", body))


def _signed_in(state_file, state, answer):
    status, body, _ = answer
    if status not in (200, 201):
        raise AssertionError(f"signing in as the admin answered {status}: {body}")
    appliance.update(state_file, admin_token=body["token"])
    return appliance.Api(state, body["token"])
