#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The vendors' own Python clients against the real gateway: what people bring works as its makers meant it, errors included. On the real
model server where an answer is enough, on a scripted one where its text has to be known. The interpreter is the one that has the
clients."""

import json
import os
import pathlib
import subprocess
import sys
import unittest

CLIENTS = os.environ.get("CLAWLOOPS_CLIENTS") or sys.exit("CLAWLOOPS_CLIENTS is not set: use tests/run, or eval \"$(tests/env)\" first")
if not sys.prefix.startswith(CLIENTS):
    os.execv(f"{CLIENTS}/bin/python", [f"{CLIENTS}/bin/python", *sys.argv])

import anthropic  # noqa: E402
import httpx2  # noqa: E402
import openai  # noqa: E402

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from lone_gateway import LoneGateway  # noqa: E402

TEXT = "One two three four five."
MESSAGES = [{"role": "user", "content": "Name three colours."}]
TOOL = {"type": "function", "function": {"name": "look", "description": "Looks.", "parameters": {"type": "object", "properties": {"at": {"type": "string"}}}}}
PICTURE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}


class Clients(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gateway = cls.enterClassContext(LoneGateway())
        known = cls.gateway.scripted("known", [{"match": "fail please", "status": 400, "body": {"error": {"message": "No such knob.", "type": "invalid_request_error"}}},
                                               {"match": "break off", "text": TEXT, "cut": 3}, {"text": TEXT, "prompt": 11, "completion": 5}])
        gateway = cls.gateway
        gateway.configure(gateway.configuration({"known": [gateway.target(known)], "starter": [gateway.target(gateway.llama())]}))
        http = lambda: httpx2.Client(transport=httpx2.HTTPTransport(uds=str(gateway.socket)))  # noqa: E731
        cls.openai = openai.OpenAI(api_key=gateway.token, base_url="http://models/v1", http_client=http(), max_retries=0)
        cls.anthropic = anthropic.Anthropic(api_key=gateway.token, base_url="http://models", http_client=http(), max_retries=0)
        cls.http = http

    def setUp(self):
        self.before = self.gateway.control("usage.read", after=0, limit=1000)["events"]

    def booked(self):
        """The one usage event that this case caused."""
        event = self.gateway.usage(len(self.before) + 1)[-1]
        return event["promptTokens"], event["completionTokens"], event["outcome"]

    # --- OpenAI's ---

    def test_openai_lists_the_models(self):
        self.assertEqual(sorted(model.id for model in self.openai.models.list()), ["known", "starter"])

    def test_openai_chat_whole(self):
        answer = self.openai.chat.completions.create(model="known", messages=MESSAGES)
        self.assertEqual((answer.choices[0].message.content, answer.usage.prompt_tokens, answer.usage.completion_tokens), (TEXT, 11, 5))
        self.assertEqual(self.booked(), (11, 5, "ok"))

    def test_openai_chat_streamed(self):
        with self.openai.chat.completions.create(model="known", messages=MESSAGES, stream=True) as stream:
            self.assertEqual("".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices), TEXT)
        self.assertEqual(self.booked(), (11, 5, "ok"))

    def test_openai_tools_and_pictures_arrive_as_they_were_sent(self):
        content = [{"type": "text", "text": "What is it? \u00fc \U0001f600"}, PICTURE]
        self.openai.chat.completions.create(model="known", messages=[{"role": "user", "content": content}], tools=[TOOL], tool_choice="auto")
        seen = json.loads([entry for entry in self.gateway.journal("known") if entry["event"] == "request"][-1]["body"])
        self.assertEqual((seen["messages"][0]["content"], seen["tools"], seen["tool_choice"], seen["model"]), (content, [TOOL], "auto", "starter"))
        self.assertEqual(self.booked()[2], "ok")

    def test_openai_completions_embeddings_responses(self):
        self.assertEqual(self.openai.completions.create(model="known", prompt="x").choices[0].text, TEXT)
        self.assertEqual(self.openai.embeddings.create(model="known", input="x", encoding_format="float").data[0].embedding, [0.5, 0.25])
        self.assertEqual(self.openai.responses.create(model="known", input="x").output_text, TEXT)
        events = self.gateway.usage(len(self.before) + 3)[len(self.before):]
        self.assertEqual([event["promptTokens"] for event in events], [11, 11, 11])

    def test_openai_responses_streamed(self):
        with self.openai.responses.create(model="known", input="x", stream=True) as stream:
            text = "".join(event.delta for event in stream if event.type == "response.output_text.delta")
        self.assertEqual(text, TEXT)
        self.assertEqual(self.booked(), (11, 5, "ok"))

    def test_openai_errors_are_its_own_kinds(self):
        with self.assertRaises(openai.NotFoundError) as unknown:
            self.openai.chat.completions.create(model="nothing", messages=MESSAGES)
        self.assertIn("nothing", unknown.exception.message)
        self.assertTrue(unknown.exception.request_id.startswith("req_"))
        with self.assertRaises(openai.BadRequestError) as refused:
            self.openai.chat.completions.create(model="known", messages=[{"role": "user", "content": "fail please"}])
        self.assertIn("No such knob.", refused.exception.message)
        with self.assertRaises(openai.AuthenticationError):
            self.openai.with_options(api_key="another").models.list()

    def test_openai_sees_a_broken_stream(self):
        stream = self.openai.chat.completions.create(model="known", messages=[{"role": "user", "content": "break off"}], stream=True)
        with self.assertRaises(openai.OpenAIError):
            list(stream)
        self.assertEqual(self.booked()[2], "upstream_truncated")

    def test_openai_gets_the_real_models_words(self):
        with self.openai.chat.completions.create(model="starter", messages=MESSAGES, stream=True, max_tokens=12, temperature=0,
                                                 stream_options={"include_usage": True}) as stream:
            chunks = list(stream)
        text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
        reported = next(chunk.usage for chunk in chunks if chunk.usage)
        self.assertGreater(len(text), 5)
        self.assertEqual(self.booked(), (reported.prompt_tokens, reported.completion_tokens, "ok"))

    # --- Anthropic's ---

    def test_anthropic_messages_whole(self):
        answer = self.anthropic.messages.create(model="known", max_tokens=50, messages=MESSAGES)
        self.assertEqual((answer.content[0].text, answer.usage.input_tokens, answer.usage.output_tokens), (TEXT, 11, 5))
        self.assertEqual(self.booked(), (11, 5, "ok"))

    def test_anthropic_messages_streamed(self):
        with self.anthropic.messages.stream(model="known", max_tokens=50, messages=MESSAGES) as stream:
            self.assertEqual("".join(stream.text_stream), TEXT)
        self.assertEqual(self.booked(), (11, 5, "ok"))

    def test_anthropic_errors_are_its_own_kinds(self):
        with self.assertRaises(anthropic.NotFoundError) as unknown:
            self.anthropic.messages.create(model="nothing", max_tokens=5, messages=MESSAGES)
        self.assertEqual(unknown.exception.body["error"]["type"], "not_found_error")
        with self.assertRaises(anthropic.AuthenticationError):
            self.anthropic.with_options(api_key="another").messages.create(model="known", max_tokens=5, messages=MESSAGES)

    def test_anthropic_sees_a_broken_stream(self):
        with self.assertRaises(anthropic.AnthropicError), \
                self.anthropic.messages.stream(model="known", max_tokens=5, messages=[{"role": "user", "content": "break off"}]) as stream:
            list(stream)
        self.assertEqual(self.booked()[2], "upstream_truncated")

    def test_anthropic_gets_the_real_models_words(self):
        with self.anthropic.messages.stream(model="starter", max_tokens=12, messages=MESSAGES) as stream:
            text = "".join(stream.text_stream)
            usage = stream.get_final_message().usage
        self.assertGreater(len(text), 5)
        prompt = usage.input_tokens + (usage.cache_read_input_tokens or 0) + (usage.cache_creation_input_tokens or 0)
        self.assertEqual(self.booked(), (prompt, usage.output_tokens, "ok"))

    # --- whoever needs no client ---

    def test_curl(self):
        done = subprocess.run(["curl", "--silent", "--no-buffer", "--unix-socket", self.gateway.socket, "--header", "Content-Type: application/json", "--config", "-",
                               "--data", '{"model":"known","stream":true,"messages":[{"role":"user","content":"x"}]}', "http://models/v1/chat/completions"],
                              input=f'header = "Authorization: Bearer {self.gateway.token}"\n', capture_output=True, text=True, timeout=30, check=True)
        self.assertTrue(done.stdout.rstrip().endswith("data: [DONE]"), done.stdout)
        self.assertEqual(self.booked(), (11, 5, "ok"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
