#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every operation of resources/openapi.yaml, for every kind of caller, against the running API.

matrix.json holds the expected answer of each, in the order of the walk; an operation without a row, or a row without an
operation, fails. Path parameters always name what belongs to `user`, so `other` shows whether it is kept apart."""

import json
import pathlib
import sys

import yaml

from control_plane import ROOT, ControlPlane

CALLERS = ("nobody", "other", "disabled", "user", "admin", "expired")


def operations():
    described = yaml.safe_load((ROOT / "resources/openapi.yaml").read_text(encoding="utf-8"))
    for path, item in described["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                yield operation["operationId"], method.upper(), path, set(operation["responses"])


def main():
    table = json.loads((pathlib.Path(__file__).parent / "matrix.json").read_text(encoding="utf-8"))
    described = {name: (method, path, answers) for name, method, path, answers in operations()}
    problems = [f"{name}: described, but no row in matrix.json" for name in described.keys() - table.keys()]
    problems += [f"{name}: a row in matrix.json, but not described" for name in table.keys() - described.keys()]
    problems += [f"{name}: no expectation for {caller}" for name, row in table.items() for caller in CALLERS if caller not in row["expect"]]
    if problems:
        return problems
    with ControlPlane() as plane:
        trace = "req_" + "a" * 20
        plane.log_lines.append(("clawloopsd", json.dumps({"at": "2026-01-01T00:00:00.000Z", "msg": "answer", "rid": trace})))
        admin = plane.bootstrap()
        people = {"nobody": None, "admin": admin}
        for caller in ("user", "other", "disabled", "expired"):
            people[caller] = plane.person(admin, caller + "-person")
        task = plane.api("POST", "/users/me/runtime/start", None, people["user"])[1]["task"]["taskId"]
        status, *_ = plane.api("PATCH", f"/admin/users/{people['disabled'].id}/status", {"status": "disabled"}, admin)
        assert status == 200
        plane.sql(f"UPDATE sessions SET created_at = now() - interval '9 days', expires_at = now() - interval '1 minute' "
                  f"WHERE user_id = '{people['expired'].id}'")
        # Read anew from the database, with the expired one in it: the other sessions outlive a restart.
        plane.daemon.terminate()
        plane.daemon.wait(20)
        plane.start()
        status, group, _ = plane.api("POST", "/admin/groups", {"name": "Team", "members": [people["user"].id]}, admin)
        assert status == 201, group
        status, budget, _ = plane.api("POST", "/admin/budgets", {"name": "Team's", "scope": "person", "subject": people["user"].id, "unit": "money",
                                                                  "window": "day", "limit": 1_000_000_000}, admin)
        assert status == 201, budget
        status, credential, _ = plane.api("POST", "/admin/provider-credentials", {"name": "Ours", "provider": "anthropic", "secret": "sk-matrix-canary-0"}, admin)
        assert status == 201, credential
        ids = {"{credentialId}": credential["credentialId"], "{groupId}": group["groupId"], "{budgetId}": budget["budgetId"], "{ticket}": "7"}
        secrets = []
        # The gateway tells of the user's place and refusal to whoever may see it.
        waiting = {"ticket": "7", "target": "t", "route": "starter", "user": people["user"].id, "kind": "interactive", "since": "2026-01-01T00:00:00.000Z",
                   "position": 1, "waitMs": 5}
        refusal = {"requestId": trace, "at": "2026-01-01T00:00:00.000Z", "user": people["user"].id, "caller": "c0", "route": "starter", "rule": "budget",
                   "sentence": "Nothing is left.", "numbers": {"left": 0}, "change": "Ask an admin to raise it."}
        gateway, plain = plane.parts["gateway"], plane.parts["gateway"].answers
        gateway.answers = lambda verb, args: {"queue.list": {"entries": [waiting]}, "refusals": {"refusals": [refusal]}}.get(verb) or plain(verb, args)
        link, pending = plane.invite(admin, "invited-person")
        revocable = iter([plane.invite(admin, f"revocable-{number}")[1] for number in range(2 * len(CALLERS))])
        for name, row in table.items():
            method, path, answers = described[name]
            if "{keyId}" in path:  # a fresh one each time: the last operation may have revoked it
                status, made, _ = plane.api("POST", "/users/me/keys", {"name": "Notebook"}, people["user"])
                assert status == 201, made
                ids["{keyId}"] = made["key"]["keyId"]
                secrets.append(made["secret"])
            for caller in CALLERS:
                invitation = next(revocable) if name in ("revokeInvitation", "resendInvitation") else pending
                where = (path.replace("{userId}", people["user"].id).replace("{taskId}", task).replace("{token}", link)
                         .replace("{invitationId}", invitation["invitation"]["invitationId"]).replace("{modelId}", "starter")
                         .replace("{requestId}", trace))
                for parameter, value in ids.items():
                    where = where.replace(parameter, value)
                body = json.loads(json.dumps(row["body"]).replace("{caller}", caller)) if "body" in row else None
                status, answer, headers = plane.api(method, where, body, people[caller])
                seen = str(status) if status < 400 else f"{status} {answer['code'] if isinstance(answer, dict) else answer}"
                if seen != row["expect"][caller]:
                    problems.append(f"{name} as {caller}: expected {row['expect'][caller]}, got {seen}: {str(answer)[:200]}")
                if str(status) not in answers:
                    problems.append(f"{name} as {caller}: {status} is not described")
                if status >= 400 and set(answer) != {"code", "message", "requestId"}:
                    problems.append(f"{name} as {caller}: not an ErrorBody: {answer}")
                if not headers.get("X-Request-Id", "").startswith("req_"):
                    problems.append(f"{name} as {caller}: no request id")
                if "frame-ancestors 'none'" not in headers.get("Content-Security-Policy", ""):
                    problems.append(f"{name} as {caller}: no frame-ancestors")
                if caller in ("other", "nobody", "disabled", "expired") and people["user"].id in json.dumps(answer):
                    problems.append(f"{name} as {caller}: the answer names somebody else: {str(answer)[:200]}")
        log = plane.log.read_text(encoding="utf-8")
        if link in log:
            problems.append("an invitation's token is in the log")
        kept = plane.sql("SELECT string_agg(personal_keys::text, ' ') FROM personal_keys").stdout + plane.sql("SELECT string_agg(detail, ' ') FROM audit_log").stdout
        kept += plane.sql("SELECT string_agg(provider_credentials::text, ' ') FROM provider_credentials").stdout
        secrets.append("sk-matrix-canary-")
        problems += [f"the secret of a key is {where}" for secret in secrets for where, text in (("in the log", log), ("in the database", kept)) if secret[10:] in text]
    return problems


if __name__ == "__main__":
    found = main()
    print("\n".join(found) or "every operation answered every caller as expected")
    sys.exit(1 if found else 0)
