// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the browser stories share: the appliance's state file, Debian's Chromium, the API as scripts use it.

import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Agent, request as httpsRequest } from 'node:https';
import { test as nodeTest } from 'node:test';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
export const root = dirname(dirname(here));
const modules = process.env.CLAWLOOPS_NODE_MODULES;
if (!modules) throw new Error('CLAWLOOPS_NODE_MODULES is not set: run `eval "$(tests/env)"` first, or use tests/run.');
const { chromium } = createRequire(join(modules, 'x.js'))('playwright-core');

const stateFile = process.env.CLAWLOOPS_STATE;
if (!stateFile) throw new Error('CLAWLOOPS_STATE is not set: it names the state file of tests/support/appliance.py.');
export const state = () => JSON.parse(readFileSync(stateFile, 'utf8'));
export function updateState(values) {
  writeFileSync(stateFile, JSON.stringify({ ...state(), ...values }, null, 1));
}

// A browser profile of its own, as a second person on a second computer has one. Its CA store holds the appliance's CA only
// by way of the flag below: what is tested is the appliance, not certutil.
export async function openBrowser(name) {
  const profile = mkdtempSync(join(tmpdir(), `clb-${name}-`));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: '/usr/bin/chromium',
    headless: true,
    ignoreHTTPSErrors: true,
    viewport: { width: 1200, height: 820 },
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  });
  context.setDefaultTimeout(60_000);
  const foreign = [];
  const allowed = new Set([new URL(state().portal).origin, new URL(state().workspace).origin]);
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (/^https?:$/.test(url.protocol) && !allowed.has(url.origin)) foreign.push(request.url());
  });
  const page = context.pages()[0] ?? await context.newPage();
  return {
    context, page, foreign,
    close: async () => { await context.close(); rmSync(profile, { recursive: true, force: true }); },
  };
}

export async function screenshot(page, name) {
  const folder = join(root, 'build', 'test-logs', 'screenshots');
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

// One call of the API through the real entry: {status, body, headers}.
const agent = new Agent({ keepAlive: true });
export function api(method, path, { token, body, headers = {} } = {}) {
  const text = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const request = httpsRequest(state().portal + path, {
      method, agent, ca: readFileSync(state().ca),
      headers: {
        ...(text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
        ...(token ? { authorization: `Bearer ${token}` } : {}), ...headers,
      },
    }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => {
        const raw = Buffer.concat(parts).toString();
        const json = /json/.test(answer.headers['content-type'] ?? '');
        resolve({ status: answer.statusCode, headers: answer.headers, body: json && raw ? JSON.parse(raw) : raw });
      });
      answer.on('error', reject);
    });
    request.on('error', reject);
    request.end(text);
  });
}

export async function signInToken(username, password) {
  const { status, body } = await api('POST', '/api/v1/auth/login', { body: { username, password, kind: 'bearer' } });
  if (status !== 200) throw new Error(`sign-in as ${username} answered ${status}: ${JSON.stringify(body)}`);
  updateState({ session_tokens: [...(state().session_tokens ?? []), body.token] }); // the canary looks for every one
  return body.token;
}

export async function until(what, condition, { seconds = 60, every = 200 } = {}) {
  const end = Date.now() + seconds * 1000;
  let last;
  while (Date.now() < end) {
    try {
      last = await condition();
      if (last) return last;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, every));
  }
  throw new Error(`waited ${seconds} s for ${what}; last seen: ${last instanceof Error ? last.message : JSON.stringify(last)}`);
}

// A helper program of tests/support that says "ready" once it listens; ended with the test.
export function startHelper(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], ...options });
  const ready = new Promise((resolve, reject) => {
    child.stdout.on('data', (data) => { if (String(data).includes('ready')) resolve(); });
    child.on('exit', (code) => reject(new Error(`${command} ended with ${code}`)));
    child.on('error', reject);
  });
  return { ready, stop: () => child.kill('SIGKILL') };
}

export const run = (command, args, options = {}) =>
  execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 64 << 20, ...options });

// Chapters of a story build on each other: after one that failed the others fail at once, and say why. `browsers` are those
// whose pages are then kept as pictures: [name of the picture, browser] each.
export function story(browsers) {
  let failed;
  return (name, chapter) => nodeTest(name, async () => {
    if (failed) throw new Error(`not tried: the story broke off at "${failed}"`);
    try {
      await chapter();
    } catch (error) {
      failed = name;
      for (const [picture, browser] of browsers()) if (browser) await screenshot(browser.page, picture).catch(() => {});
      throw error;
    }
  });
}
