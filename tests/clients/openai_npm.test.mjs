// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// OpenAI's npm client, which OpenClaw itself uses, against the real gateway: openai_npm.py starts both and says where.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { createRequire } from 'node:module';
import test from 'node:test';

const { default: OpenAI } = await import(createRequire(process.env.CLAWLOOPS_NODE_MODULES + '/').resolve('openai'));
const { GATEWAY_SOCKET, GATEWAY_TOKEN, KNOWN_TEXT } = process.env;

// Its fetch, over a unix socket.
function socketFetch(url, init) {
    const { pathname, search } = new URL(url);
    return new Promise((resolve, reject) => {
        const headers = Object.fromEntries(new Headers(init.headers));
        const call = request({ socketPath: GATEWAY_SOCKET, path: pathname + search, method: init.method, headers, signal: init.signal }, (answer) =>
            resolve(new Response(Readable.toWeb(answer), { status: answer.statusCode, headers: answer.headers })));
        call.on('error', reject);
        call.end(init.body);
    });
}
const client = new OpenAI({ apiKey: GATEWAY_TOKEN, baseURL: 'http://models/v1', fetch: socketFetch, maxRetries: 0 });
const messages = [{ role: 'user', content: 'Name three colours.' }];

test('a whole chat', async () => {
    const answer = await client.chat.completions.create({ model: 'known', messages });
    assert.equal(answer.choices[0].message.content, KNOWN_TEXT);
    assert.equal(answer.usage.completion_tokens, 5);
});

test('a streamed chat', async () => {
    let text = '';
    for await (const chunk of await client.chat.completions.create({ model: 'known', messages, stream: true })) {
        text += chunk.choices[0]?.delta?.content ?? '';
    }
    assert.equal(text, KNOWN_TEXT);
});

test('a client that stops reading stops the upstream', async () => {
    const stream = await client.chat.completions.create({ model: 'slow', messages, stream: true });
    for await (const chunk of stream) {
        if (chunk.choices[0]?.delta?.content) {
            break; // which aborts the request
        }
    }
});

test('an unknown model is its NotFoundError, with our request id', async () => {
    await assert.rejects(client.chat.completions.create({ model: 'nothing', messages }), (error) => {
        assert.ok(error instanceof OpenAI.NotFoundError);
        assert.match(error.requestID, /^req_/);
        assert.equal(error.code, 'model_not_found');
        return true;
    });
});
