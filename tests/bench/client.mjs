// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// One HTTP client for every point of the chain, on the host and inside a cell, so that differences are the chain's. Reads one
// request a line ({name, tls, options, body}), answers one line each: status, chosen headers, and milliseconds until the head,
// the first piece of the body and the end. One kept connection a name.

import { Agent, request } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { createInterface } from 'node:readline';

const agents = new Map();

function ask({ name, tls, options, body }) {
  if (!agents.has(name)) agents.set(name, new (tls ? TlsAgent : Agent)({ keepAlive: true, maxSockets: 1, noDelay: true }));
  return new Promise((resolve) => {
    const began = performance.now();
    const since = () => performance.now() - began;
    const outgoing = (tls ? tlsRequest : request)({ ...options, agent: agents.get(name) }, (answer) => {
      const head = since();
      let first;
      let bytes = 0;
      answer.on('data', (piece) => { first ??= since(); bytes += piece.length; });
      answer.on('error', (error) => resolve({ error: error.message }));
      answer.on('end', () => resolve({
        status: answer.statusCode, head, first: first ?? head, total: since(), bytes, again: outgoing.reusedSocket,
        rid: answer.headers['x-request-id'] ?? '', grant: answer.headers['x-clawloops-grant'] ?? '',
      }));
    });
    outgoing.on('error', (error) => resolve({ error: error.message }));
    outgoing.end(body);
  });
}

console.log(JSON.stringify({ ready: true }));
for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await ask(JSON.parse(line))));
}
process.exit(0);
