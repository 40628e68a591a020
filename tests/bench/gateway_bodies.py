# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked and answered: a small chat, an agent's turn as OpenClaw sends it (a system prompt, tools with their schemas, a
conversation with tool calls), and a whole answer with its usage. @MODEL@ and @NUMBER@ are put in by the client."""

import json

PROSE = ('You are working in a person\'s workspace. Read before you write; say what you did, and why.\n- Paths are relative to the '
         'workspace unless they begin with "/".\n- Café menus, naïve notes, 東京 and other text of any language is kept as it is.\n')


def tool(number):
    properties = {name: {"type": "string", "description": f"The {name} of it, as it stands in the workspace; \"quoted\" where it has spaces."}
                  for name in ("path", "pattern", "content", "reason")}
    properties["limit"] = {"type": "integer", "minimum": 1, "maximum": 2000, "default": 200}
    return {"type": "function", "function": {"name": f"workspace_tool_{number}", "description": PROSE[:220],
                                             "parameters": {"type": "object", "properties": properties, "required": ["path"]}}}


def turn(number):
    call = {"id": f"call_{number}", "type": "function",
            "function": {"name": "workspace_tool_3", "arguments": json.dumps({"path": f"notes/{number}.md", "limit": 40})}}
    return [{"role": "user", "content": f"Please look at note {number} and tell me what is in it."},
            {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": f"call_{number}", "content": "\n".join(f"{line}\tline {line} of \"note {number}\"" for line in range(30))}]


def padded(body, size):
    """The body with its last message's text as long as needed for this size."""
    body["messages"][-1]["content"] += "x" * (size - len(json.dumps(body, ensure_ascii=False).encode()))
    return json.dumps(body, ensure_ascii=False).encode()


def small(size=2000, stream=False):
    system = {"role": "system", "content": "Request @NUMBER@. " + PROSE * 3}
    return padded({"model": "@MODEL@", "messages": [system, {"role": "user", "content": "Count to ten. "}], "temperature": 0.7, "max_tokens": 256,
                   "stream": stream}, size)


def agent(size=60_000):
    messages = [{"role": "system", "content": "Request @NUMBER@. " + PROSE * 50}]
    for number in range(12):
        messages += turn(number)
    return padded({"model": "@MODEL@", "messages": [*messages, {"role": "user", "content": "Go on. "}], "tools": [tool(n) for n in range(18)],
                   "tool_choice": "auto", "temperature": 0.2, "max_tokens": 1024, "stream": False}, size)


def answer(size=2000):
    choice = {"index": 0, "message": {"role": "assistant", "content": "", "refusal": None}, "logprobs": None, "finish_reason": "stop"}
    body = {"id": "chatcmpl-8f14e45fceea167a5a36dedd4bea2543", "object": "chat.completion", "created": 1700000000, "model": "upstream",
            "choices": [choice], "usage": {"prompt_tokens": 480, "completion_tokens": 320, "total_tokens": 800}}
    choice["message"]["content"] = ("One, two, \"three\".\n" * 200)[:size - len(json.dumps(body)) - 200]
    return json.dumps(body).encode()
