#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands between the gateway and a real model server and writes down what the server answered, byte for byte.

  tap.py run --socket HERE --to THERE --record FOLDER     both unix sockets; one file a connection
  tap.py texts FOLDER                                     the answers as JSON: [{"status","text","usage"}]
"""

import argparse
import asyncio
import http.client
import io
import itertools
import json
import os
import pathlib
import sys


async def copy(reader, writer, record=None):
    try:
        while chunk := await reader.read(65536):
            if record:
                record.write(chunk)
                record.flush()
            writer.write(chunk)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


async def run(arguments):
    numbers = itertools.count()

    async def serve(reader, writer):
        try:
            there_reader, there_writer = await asyncio.open_unix_connection(arguments.to)
        except OSError as error:
            print(f"cannot reach {arguments.to}: {error}", file=sys.stderr)
            writer.close()
            return
        with open(os.path.join(arguments.record, f"{next(numbers):05}"), "wb") as record:
            await asyncio.gather(copy(reader, there_writer), copy(there_reader, writer, record))

    os.makedirs(arguments.record, exist_ok=True)
    server = await asyncio.start_unix_server(serve, arguments.socket)
    os.chmod(arguments.socket, 0o666)
    print("ready", flush=True)
    async with server:
        await server.serve_forever()


class Recorded:
    """What http.client wants of a socket, over a file."""

    def __init__(self, handle):
        self.handle = handle

    def makefile(self, *_):
        return self.handle


class KeepsOpen(io.BytesIO):
    """HTTPResponse closes its file after each answer; the next one of the same connection follows in it."""

    def close(self):
        pass


def answers(data):
    handle = KeepsOpen(data)
    while handle.tell() < len(data):
        response = http.client.HTTPResponse(Recorded(handle))
        try:
            response.begin()
            body = response.read()
        except http.client.IncompleteRead as cut:
            # A client that has read the terminal event leaves before the last chunk: what was said is whole.
            yield response.status, cut.partial.decode("utf-8", "replace")
            return
        except (http.client.HTTPException, ValueError):
            return
        yield response.status, body.decode("utf-8", "replace")


def said(body):
    text, usage = "", None
    for line in body.splitlines():
        if not line.startswith("data: {"):
            continue
        event = json.loads(line[6:])
        usage = event.get("usage") or usage
        for choice in event.get("choices", []):
            text += choice.get("delta", {}).get("content") or ""
    return text, usage


def texts(folder):
    found = []
    for path in sorted(pathlib.Path(folder).iterdir()):
        for status, body in answers(path.read_bytes()):
            text, usage = said(body)
            found.append({"status": status, "text": text, "usage": usage})
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    one = verbs.add_parser("run")
    one.add_argument("--socket", required=True)
    one.add_argument("--to", required=True)
    one.add_argument("--record", required=True)
    verbs.add_parser("texts").add_argument("folder")
    arguments = parser.parse_args()
    if arguments.verb == "run":
        asyncio.run(run(arguments))
    else:
        json.dump(texts(arguments.folder), sys.stdout)


if __name__ == "__main__":
    main()
