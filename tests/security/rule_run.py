# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the rules of the edge share: the running control plane with an admin and two people, how to ask the session check, and the
run itself. A rule is a function (plane, story) named for what must hold."""

import time
import traceback

from control_plane import ControlPlane


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


def read_until(stream, mark, times=1):
    stream.settimeout(10)
    text = b""
    while text.count(mark) < times:
        more = stream.recv(65536)
        assert more, text
        text += more
    return text


class Story:
    pass


def run(namespace, names):
    """The rules of a module in their order, those of `names` or all; 1 when one of them does not hold."""
    rules = [value for value in namespace.values() if getattr(value, "__code__", None) and value.__code__.co_varnames[:2] == ("plane", "story")]
    failed = 0
    with ControlPlane() as plane:
        story = Story()
        story.admin = plane.bootstrap()
        story.anna = plane.person(story.admin, "anna")
        story.ben = plane.person(story.admin, "ben")
        wait_ready(plane, story.anna)
        for rule in rules:
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
