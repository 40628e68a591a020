#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small real HTTP/1.1 model server whose answers are written beforehand.

    scripted_upstream.py --socket PATH | --port N  [--script FILE] [--journal FILE]

It speaks chat/completions, completions, embeddings, responses and messages, streamed and whole, and prints "ready PORT"
once it listens. The script is a JSON list of answers, or {"answers": [...]}; each request takes the first one whose "match"
(a text to be found in the request body) fits, or that has none; answers with "times": n are used up. Without a script every
request gets the fixed text. Members of an answer, all optional:

    text            what the model says (default "Hello from the scripted upstream.")
    prompt, completion   token counts to report (defaults 11 and the number of words); "usage": false reports none
    status, body    an error status with this JSON body
    delay, gap      seconds before the head, and between two events
    cut             break off after so many events (a streamed answer) or bytes (a whole one)
    clean_cut       with cut: end the HTTP answer cleanly all the same, without the terminal event
    stall           after so many events (all of them: before the end), send nothing more and stay connected
    error_event     after so many events, an error event, then the end
    pad             bytes that each event carries more; with "repeat": n the text's events come n times
    raw             exactly this text as the body, with "type" as its content type; "\\udcff" in it is the byte ff

The journal gets one JSON line a request when it came ({"event":"request", path, headers, body}) and one when it ended
({"event":"end", "sent": n, "ok": bool}): what an upstream saw.
"""
import argparse
import json
import os
import socket
import socketserver
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler

LOCK = threading.Lock()


class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, address, family, answers, journal):
        self.address_family = family
        self.answers = answers
        self.journal = journal
        super().__init__(address, Handler)

    def note(self, **entry):
        if self.journal:
            with LOCK:
                self.journal.write(json.dumps(entry) + "\n")
                self.journal.flush()

    def take(self, body):
        with LOCK:
            for answer in self.answers:
                if answer.get("match", "") in body and answer.get("times", 1) > 0:
                    if "times" in answer:
                        answer["times"] -= 1
                    return answer
        return {}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 120

    def log_message(self, *_):
        pass

    def address_string(self):
        return "local"

    def setup(self):
        if self.request.family != socket.AF_UNIX:
            self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().setup()

    def do_GET(self):
        self.server.note(event="request", path=self.path, headers=dict(self.headers.items()), body="")
        self.whole(200, {"object": "list", "data": [{"id": "scripted", "object": "model"}]})

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        self.server.note(event="request", path=self.path, headers=dict(self.headers.items()), body=body)
        answer = self.server.take(body)
        self.sent = 0
        ok = False
        try:
            time.sleep(answer.get("delay", 0))
            self.reply(answer, json.loads(body))
            ok = True
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        finally:
            self.server.note(event="end", path=self.path, sent=self.sent, ok=ok)

    def reply(self, answer, request):
        if answer.get("status", 200) != 200:
            return self.whole(answer["status"], answer.get("body", {"error": {"message": "scripted failure", "type": "scripted"}}))
        if "raw" in answer:
            return self.whole(200, answer["raw"], answer.get("type", "application/json"))
        text = answer.get("text", "Hello from the scripted upstream.")
        usage = (answer.get("prompt", 11), answer.get("completion", len(text.split()))) if answer.get("usage", True) else None
        if not request.get("stream"):
            return self.whole(200, whole_answer(self.path, request, text, usage), cut=answer.get("cut"))
        events = stream_events(self.path, request, text, usage, answer)
        self.stream(events, answer)

    def whole(self, status, value, kind="application/json", cut=None):
        data = (value if isinstance(value, str) else json.dumps(value)).encode(errors="surrogateescape")
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data if cut is None else data[:cut])
        self.sent += len(data)
        if cut is not None:
            self.break_off()

    def stream(self, events, answer):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.flush()
        for index, event in enumerate(events):
            if answer.get("cut") == index:
                if answer.get("clean_cut"):
                    break
                return self.break_off()
            if answer.get("stall") == 0:
                return self.wait_for_leaving()
            if answer.get("error_event") == index:
                self.chunk('data: {"error":{"message":"scripted failure","type":"server_error"}}\n\n')
                break
            self.chunk(event)
            time.sleep(answer.get("gap", 0))
            if answer.get("stall") == index + 1:
                return self.wait_for_leaving()
        self.wfile.write(b"0\r\n\r\n")

    def chunk(self, text):
        data = text.encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()
        self.sent += len(data)

    def wait_for_leaving(self):
        if self.request.recv(1) == b"":
            raise BrokenPipeError

    def break_off(self):
        self.close_connection = True
        self.wfile.flush()
        self.request.shutdown(socket.SHUT_RDWR)


def sse(value, name=None):
    return (f"event: {name}\n" if name else "") + "data: " + (value if isinstance(value, str) else json.dumps(value)) + "\n\n"


def words(text):
    parts = text.split(" ")
    return [part + (" " if i + 1 < len(parts) else "") for i, part in enumerate(parts)]


def stream_events(path, request, text, usage, answer):
    pieces = words(text)
    pad = "x" * answer.get("pad", 0)
    if path.endswith("/messages"):
        return messages_events(request, pieces, usage)
    if path.endswith("/responses"):
        return responses_events(request, pieces, usage)
    return chat_events(path, request, pieces, usage, pad, answer.get("repeat", 1))


def chat_events(path, request, pieces, usage, pad, repeat):
    chat = path.endswith("/chat/completions")
    base = {"id": "chatcmpl-scripted", "created": 1, "model": request["model"],
            "object": "chat.completion.chunk" if chat else "text_completion"}

    def event(delta, finish=None):
        choice = {"index": 0, "finish_reason": finish}
        choice.update({"delta": delta} if chat else {"text": delta.get("content", "")})
        return sse({**base, "choices": [choice], **({"pad": pad} if pad else {})})

    if chat:
        yield event({"role": "assistant", "content": ""})
    for _ in range(repeat):
        for piece in pieces:
            yield event({"content": piece})
    yield event({}, "stop")
    if usage and (request.get("stream_options") or {}).get("include_usage"):
        yield sse({**base, "choices": [], "usage": openai_usage(usage)})
    yield sse("[DONE]")


def messages_events(request, pieces, usage):
    count = usage or (0, 0)
    start = {"id": "msg_scripted", "type": "message", "role": "assistant", "model": request["model"], "content": []}
    if usage:
        start["usage"] = {"input_tokens": count[0], "output_tokens": 1}
    yield sse({"type": "message_start", "message": start}, "message_start")
    yield sse({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}, "content_block_start")
    for piece in pieces:
        yield sse({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}}, "content_block_delta")
    yield sse({"type": "content_block_stop", "index": 0}, "content_block_stop")
    delta = {"type": "message_delta", "delta": {"stop_reason": "end_turn"}}
    if usage:
        delta["usage"] = {"output_tokens": count[1]}
    yield sse(delta, "message_delta")
    yield sse({"type": "message_stop"}, "message_stop")


def responses_events(request, pieces, usage):
    response = {"id": "resp_scripted", "object": "response", "model": request["model"], "status": "in_progress", "output": []}
    yield sse({"type": "response.created", "response": response}, "response.created")
    for piece in pieces:
        yield sse({"type": "response.output_text.delta", "delta": piece}, "response.output_text.delta")
    done = {**response, "status": "completed", "usage": usage and {"input_tokens": usage[0], "output_tokens": usage[1]}}
    yield sse({"type": "response.completed", "response": done}, "response.completed")


def openai_usage(usage):
    return {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": usage[0] + usage[1]}


def whole_answer(path, request, text, usage):
    base = {"id": "scripted-whole", "created": 1, "model": request["model"]}
    if path.endswith("/embeddings"):
        return {"object": "list", "model": request["model"], "data": [{"object": "embedding", "index": 0, "embedding": [0.5, 0.25]}],
                **({"usage": {"prompt_tokens": usage[0], "total_tokens": usage[0]}} if usage else {})}
    if path.endswith("/messages"):
        return {**base, "type": "message", "role": "assistant", "content": [{"type": "text", "text": text}], "stop_reason": "end_turn",
                **({"usage": {"input_tokens": usage[0], "output_tokens": usage[1]}} if usage else {})}
    if path.endswith("/responses"):
        part = {"type": "output_text", "text": text, "annotations": []}
        return {**base, "object": "response", "status": "completed", "created_at": 1, "parallel_tool_calls": False, "tool_choice": "auto",
                "tools": [], "output": [{"type": "message", "id": "msg_1", "status": "completed", "role": "assistant", "content": [part]}],
                **({"usage": {"input_tokens": usage[0], "output_tokens": usage[1]}} if usage else {})}
    choice = {"index": 0, "finish_reason": "stop"}
    choice.update({"message": {"role": "assistant", "content": text}} if path.endswith("/chat/completions") else {"text": text})
    return {**base, "object": "chat.completion", "choices": [choice], **({"usage": openai_usage(usage)} if usage else {})}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    place = parser.add_mutually_exclusive_group(required=True)
    place.add_argument("--socket")
    place.add_argument("--port", type=int, help="on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--script")
    parser.add_argument("--journal")
    options = parser.parse_args()
    answers = []
    if options.script:
        with open(options.script, encoding="utf-8") as file:
            answers = json.load(file)
        answers = answers["answers"] if isinstance(answers, dict) else answers
    journal = open(options.journal, "a", encoding="utf-8") if options.journal else None
    if options.socket:
        if os.path.exists(options.socket):
            os.unlink(options.socket)
        server = Server(options.socket, socket.AF_UNIX, answers, journal)
        print("ready", 0, flush=True)
    else:
        server = Server(("127.0.0.1", options.port), socket.AF_INET, answers, journal)
        print("ready", server.server_address[1], flush=True)
    server.serve_forever(poll_interval=0.5)


if __name__ == "__main__":
    sys.exit(main())
