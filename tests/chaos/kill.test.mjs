// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// kill -9 of the control plane, the runtime manager and the supervisor, each while an answer streams to a browser: the answer
// arrives whole, the WebSocket stays, everything runs again within five seconds, nothing was started twice, and every answer
// of the upstream is booked exactly once.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { api, openBrowser, root, run, screenshot, signInToken, startHelper, state, until } from '../e2e/lib.mjs';
import { openWorkspace, plain, send } from '../e2e/workspace.mjs';

const victims = ['clawloopsd', 'runtimed', 'supervisor'];
// An answer of its own for each, so that it is known wherever the page puts it.
const wordsFor = (name) => Array.from({ length: 120 }, (_, index) => `${name}${index}`).join(' ');
const folder = join(state().folder, 'chaos');
const socket = join(folder, 'slow.sock');
const journal = join(folder, 'journal');
const sockets = [];
let upstream;
let browser;
let token;
let routes = [];

const supervisor = (...args) => run(join(state().prefix, 'bin', 'clawloops-supervisor'), [...args, '--data', state().data]);
const components = () => JSON.parse(supervisor('status', '--json')).components;
const pidOf = (name) => components().find((one) => one.name === name).pid;
const supervisorPid = () => Number(readFileSync(join(state().data, 'lock'), 'utf8'));
const commandLine = (pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);

// Programs of this appliance by name, with how many of each run: the data directory is on every command line.
function census() {
  const counts = {};
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    let line;
    try { line = commandLine(pid); } catch { continue; }
    const name = line[0]?.split('/').pop();
    if (!name || !line.some((part) => part.includes(state().data)) || !/^(clawloops|traefik|postgres$|llama-server|python)/.test(name)) continue;
    if (line[1] === 'status') continue;
    const known = name.startsWith('python') ? 'litellm' : name;
    counts[known] = (counts[known] ?? 0) + 1;
  }
  return counts;
}

function cells() {
  const instance = JSON.parse(readFileSync(join(state().data, '.clawloops'), 'utf8')).instance;
  return run('podman', ['ps', '--filter', `label=io.clawloops.instance=${instance}`, '--format', '{{.ID}} {{.StartedAt}}']).trim().split('\n').sort();
}

function sql(query) {
  const prefix = process.getuid() === 0 ? ['setpriv', '--reuid', 'clawloops', '--regid', 'clawloops', '--init-groups'] : [];
  const [command, ...args] = [...prefix, 'psql', '-h', join(state().data, 'run', 'pg'), '-U', 'clawloops', '-At', '-c', query, 'clawloops'];
  return run(command, args, { cwd: '/' }).trim();
}

before(async () => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'script.json'), JSON.stringify(
    // A request carries the conversation so far: the latest victim's name decides.
    [...victims].reverse().map((name) => ({ match: `while ${name} is killed`, text: wordsFor(name), gap: 0.08, times: 1000000 }))));
  upstream = startHelper('python3', [join(root, 'tests', 'support', 'scripted_upstream.py'), '--socket', socket,
    '--script', join(folder, 'script.json'), '--journal', journal]);
  await upstream.ready;
  chmodSync(socket, 0o666); // the gateway has an account of its own
  token = await signInToken(state().admin_username, state().admin_password);
  // Whichever route the conversation is set to by now, it leads to the slow upstream.
  routes = (await api('GET', '/api/v1/admin/models', { token })).body.items;
  for (const route of routes) {
    const slow = { title: route.title, enabled: true, targets: [{ name: 'slow', kind: 'openai', url: `unix:${socket}`, model: 'slow', weight: 1 }] };
    assert.equal((await api('PUT', `/api/v1/admin/models/${route.modelId}`, { token, body: slow })).status, 200);
  }

  browser = await openBrowser('chaos');
  const { page } = browser;
  page.on('websocket', (one) => sockets.push(one));
  await page.goto(state().portal);
  await page.getByLabel(/name/i).first().fill(state().admin_username);
  await page.getByLabel(/^password/i).first().fill(state().admin_password);
  await page.getByRole('button', { name: /sign in/i }).first().click();
  await page.getByRole('heading', { name: 'Your workspace' }).waitFor();
  await openWorkspace(page, state().admin_username);
});

after(async () => {
  await browser?.close();
  for (const { modelId, title, enabled, targets } of routes) {
    await api('PUT', `/api/v1/admin/models/${modelId}`, { token, body: { title, enabled, targets } });
  }
  upstream?.stop();
});

async function streamThrough(name, kill) {
  const { page } = browser;
  await until('everything to run', () => components().every((one) => one.state === 'running'), { seconds: 60 });
  const before = { census: census(), cells: cells(), pids: Object.fromEntries(components().map((one) => [one.name, one.pid])) };
  const open = sockets.filter((one) => !one.isClosed());
  assert.ok(open.length >= 1, 'a WebSocket is open');
  const answer = async () => (await page.locator('.chat-group.assistant .chat-text').allInnerTexts())
    .filter((text) => text.includes(`${name}0`)).join(' ');
  await send(page, `Count for me while ${name} is killed.`);
  await until('the answer to begin', async () => (await answer()).includes(`${name}5 `), { seconds: 60, every: 50 });

  const killed = Date.now();
  const killedPid = kill();
  await until('everything to run again', () => {
    const all = components();
    return all.every((one) => one.state === 'running' && one.pid !== killedPid) && supervisorPid() !== killedPid;
  }, { seconds: 20, every: 100 });
  const back = Date.now() - killed;
  assert.ok(!(await answer()).includes(`${name}119`), 'the answer was still streaming when it was killed');

  await until('the whole answer', async () => (await answer()).includes(`${name}119`), { seconds: 60 });
  await screenshot(page, `chaos-${name}`);
  assert.equal(plain(await answer()), plain(wordsFor(name)));
  assert.ok(open.every((one) => !one.isClosed()), 'no WebSocket was closed');
  assert.ok(back <= 5000, `everything runs again within 5 s: ${back} ms`);
  assert.deepEqual(census(), before.census, 'nothing was started twice');
  assert.deepEqual(cells(), before.cells, 'no cell was started again');
  const changed = components().filter((one) => one.pid !== before.pids[one.name]).map((one) => one.name);
  assert.deepEqual(changed, name === 'supervisor' ? [] : [name]);
  assert.throws(() => process.kill(killedPid, 0), 'the killed process is gone');
}

for (const name of victims.slice(0, 2)) {
  test(`an answer streams on while ${name} is killed`, async () => {
    await streamThrough(name, () => {
      const pid = pidOf(name);
      process.kill(pid, 'SIGKILL');
      return pid;
    });
  });
}

test('an answer streams on while the supervisor is killed, and the next one adopts everything', async () => {
  await streamThrough('supervisor', () => {
    const pid = supervisorPid();
    const [program, ...args] = commandLine(pid);
    process.kill(pid, 'SIGKILL');
    spawn(program, args, { detached: true, stdio: 'ignore' }).unref();
    return pid;
  });
});

test('every answer of the upstream is booked exactly once', async () => {
  const asked = readFileSync(journal, 'utf8').trim().split('\n').map((line) => JSON.parse(line)).filter((one) => one.event === 'request');
  const ids = asked.map((one) => Object.entries(one.headers).find(([key]) => key.toLowerCase() === 'x-request-id')[1]).sort();
  assert.ok(ids.length >= 3, 'the upstream was asked');
  assert.equal(new Set(ids).size, ids.length);
  const list = ids.map((id) => `'${id}'`).join(',');
  const booked = await until('the usage rows', () => {
    const rows = sql(`SELECT request_id FROM usage_events WHERE request_id IN (${list})`).split('\n').filter(Boolean).sort();
    return rows.length >= ids.length && rows;
  });
  assert.deepEqual(booked, ids);
});
