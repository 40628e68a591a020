// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The product's story, from the printed link to an answer that a model on this machine generated, in two real browsers.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { api, openBrowser, root, run, screenshot, signInToken, startHelper, state, story, until, updateState } from './lib.mjs';
import { chat, chooseModel, openWorkspace, plain } from './workspace.mjs';

const test = story(() => [['failed-ada', ada], ['failed-ben', ben]]);

const adminPassword = `first ${randomBytes(12).toString('hex')}`;
const userPassword = `second ${randomBytes(12).toString('hex')}`;
const scriptedText = 'Seven quick otters carried the lantern across the quiet harbour.';
const helpers = join(root, 'tests', 'support');
let ada;
let ben;
let token;
let scripted;
let taps;
let seeded;

const folder = () => state().folder;
const socketOf = (name) => join(folder(), 'up', `${name}.sock`);

before(async () => {
  mkdirSync(join(folder(), 'up'), { recursive: true });
  scripted = startHelper('python3', [join(helpers, 'scripted_upstream.py'), '--socket', socketOf('scripted'),
    '--script', join(root, 'tests', 'e2e', 'story.script.json')]);
  taps = ['starter', 'litellm'].map((name) => startHelper('python3', [join(helpers, 'tap.py'), 'run', '--socket', socketOf(name),
    '--to', join(state().data, 'run', 'model', `${name}.sock`), '--record', join(folder(), 'up', `${name}.record`)]));
  await Promise.all([scripted, ...taps].map((one) => one.ready));
  chmodSync(socketOf('scripted'), 0o666); // the gateway runs under an account of its own
  ada = await openBrowser('ada');
  ben = await openBrowser('ben');
});

after(async () => {
  for (const helper of [scripted, ...(taps ?? [])]) helper?.stop();
  await ada?.close();
  await ben?.close();
});

async function putTarget(modelId, target) {
  const routes = (await api('GET', '/api/v1/admin/models', { token })).body.items;
  const route = routes.find((one) => one.modelId === modelId);
  assert.ok(route, `the route ${modelId} is there`);
  const changed = { title: route.title, enabled: true, targets: [target] };
  const { status, body } = await api('PUT', `/api/v1/admin/models/${modelId}`, { token, body: changed });
  assert.equal(status, 200, JSON.stringify(body));
}

const recorded = (name) => JSON.parse(run('python3', [join(helpers, 'tap.py'), 'texts', join(folder(), 'up', `${name}.record`)]))
  .filter((one) => one.status === 200 && one.text);

function sql(query) {
  const { data } = state();
  const prefix = process.getuid() === 0 ? ['setpriv', '--reuid', 'clawloops', '--regid', 'clawloops', '--init-groups'] : [];
  const [command, ...args] = [...prefix, 'psql', '-h', join(data, 'run', 'pg'), '-U', 'clawloops', '-At', '-c', query, 'clawloops'];
  return run(command, args, { cwd: '/' }).trim();
}

test('the printed link lets the first person choose a name and a password, once', async () => {
  const { page } = ada;
  await page.goto(state().link);
  await page.getByLabel(/name/i).first().fill('ada');
  await page.getByLabel(/^(new )?password/i).first().fill(adminPassword);
  const again = page.getByLabel(/again|repeat|confirm/i);
  if (await again.count()) await again.first().fill(adminPassword);
  await screenshot(page, 'portal-bootstrap');
  await page.getByRole('button', { name: 'Set password' }).first().click();
  await page.getByRole('heading', { name: 'Your workspace' }).waitFor();
  await screenshot(page, 'portal-home');
  assert.ok(!page.url().includes('bootstrap='), 'the secret has left the address bar');
  token = await signInToken('ada', adminPassword);
  updateState({ admin_username: 'ada', admin_password: adminPassword, admin_token: token });
  const secret = state().link.split('=')[1];
  const replay = await api('POST', '/api/v1/auth/bootstrap', { body: { token: secret, username: 'eve', password: userPassword } });
  assert.ok(replay.status >= 400 && replay.status < 500, `a used link answered ${replay.status}`);
  seeded = (await api('GET', '/api/v1/admin/models', { token })).body.items;
});

test('Open workspace shows honest steps and ends in the own OpenClaw', async () => {
  await putTarget('starter', { name: 'scripted', kind: 'openai', url: `unix:${socketOf('scripted')}`, model: 'scripted', weight: 1 });
  const steps = await openWorkspace(ada.page, 'ada', { shot: 'portal-starting' });
  assert.ok(steps.length >= 3, `steps seen: ${JSON.stringify(steps)}`);
  assert.ok(steps.some((step) => /\d\s?(ms|s)\b/.test(step)), `a step names its seconds: ${JSON.stringify(steps)}`);
});

test('a message is answered with exactly what the upstream said', async () => {
  const answer = await chat(ada.page, 'Tell me about the otters, please.');
  await screenshot(ada.page, 'workspace-chat');
  assert.equal(plain(answer), plain(scriptedText));
});

test('a second person is invited, signs in from another profile and gets a workspace of their own', async () => {
  const { status, body } = await api('POST', '/api/v1/admin/invitations', { token, body: { username: 'ben', role: 'user' } });
  assert.equal(status, 201, JSON.stringify(body));
  updateState({ invitation_links: [body.link] });
  const { page } = ben;
  await page.goto(body.link);
  await page.getByLabel(/^(new )?password/i).first().fill(userPassword);
  const again = page.getByLabel(/again|repeat|confirm/i);
  if (await again.count()) await again.first().fill(userPassword);
  await screenshot(page, 'portal-invitation');
  await page.getByRole('button', { name: 'Set password' }).first().click();
  await page.getByRole('heading', { name: 'Your workspace' }).waitFor();
  assert.ok(!page.url().includes('invitation='), 'the secret has left the address bar');
  updateState({ user_username: 'ben', user_password: userPassword, user_token: await signInToken('ben', userPassword) });
  await openWorkspace(page, 'ben');
  assert.equal(plain(await chat(page, 'Tell me about the otters, please.')), plain(scriptedText));
});

test('the second person reaches nothing of the first', async () => {
  const stolen = await ben.context.newPage();
  const answer = await stolen.goto(`${state().workspace}/w/ada/`);
  assert.equal(answer.status(), 404);
  const other = await ada.context.newPage();
  assert.equal((await other.goto(`${state().workspace}/w/ben/`)).status(), 404, 'an admin opens nobody else\'s workspace either');
  await stolen.close();
  await other.close();
});

test('a sign-in cookie is never handed to a cell or readable by its page', async () => {
  assert.equal(await ada.page.evaluate(() => document.cookie.includes('clawloops')), false);
  for (const [who, browser] of [['admin', ada], ['user', ben]]) {
    const cookies = (await browser.context.cookies()).filter((cookie) => /^__Host-Http-clawloops_(session|workspace)$/.test(cookie.name));
    assert.equal(cookies.length, 2, 'a session for the portal and one for the workspace origin');
    for (const cookie of cookies) assert.deepEqual([cookie.httpOnly, cookie.secure, cookie.path], [true, true, '/'], cookie.name);
    updateState({ [`${who}_cookies`]: cookies.map((cookie) => cookie.value) });
  }
});

// The starter model straight, then the same model behind LiteLLM: what stands on the page is what the server produced.
for (const [route, tap, component] of [['starter', 0, 'starter'], ['starter-litellm', 1, 'litellm']]) {
  test(`the real model answers through the route ${route}`, async () => {
    const target = seeded.find((one) => one.modelId === route).targets[0];
    await putTarget(route, { ...target, url: `unix:${socketOf(component)}` });
    await chooseModel(ada.page, route);
    const before = recorded(component).length;
    const rowsBefore = Number(sql('SELECT count(*) FROM usage_events'));
    const answer = await chat(ada.page, 'In one sentence, what is a lighthouse for?', { seconds: 300 });
    await screenshot(ada.page, `workspace-${route}`);
    const produced = recorded(component).slice(before);
    assert.ok(produced.length >= 1, 'the model server was asked');
    const last = produced.find((one) => plain(one.text) === plain(answer));
    assert.ok(last, `on the page: ${answer}\nproduced: ${JSON.stringify(produced)}`);
    assert.ok(last.usage.completion_tokens >= 5, 'five tokens or more');
    const row = await until('the usage row', () => {
      const rows = sql(`SELECT request_id, prompt_tokens, completion_tokens, route FROM usage_events ORDER BY started_at DESC LIMIT ${Number(sql('SELECT count(*) FROM usage_events')) - rowsBefore || 0}`);
      return rows.split('\n').map((line) => line.split('|')).find(([, prompt, completion, name]) => name === route
        && Number(prompt) === last.usage.prompt_tokens && Number(completion) === last.usage.completion_tokens);
    });
    updateState({ [`trace_${component}`]: row[0] });
  });
}

test('one trace shows every hop and says how it joined the two halves', async () => {
  await ada.page.goto(state().portal); // ends the WebSocket: Traefik writes a connection's line when it ends
  const ended = async () => (await api('GET', `/api/v1/admin/trace/${state().trace_starter}`, { token })).body.hops.some((hop) => hop.component === 'traefik');
  await until('the end of the connection in the log', ended, { seconds: 20 });
  for (const component of ['starter', 'litellm']) {
    const { status, body } = await api('GET', `/api/v1/admin/trace/${state()[`trace_${component}`]}`, { token });
    assert.equal(status, 200);
    const hops = body.hops.map((hop) => hop.component);
    for (const wanted of ['traefik', 'clawloopsd', 'relay', 'gateway']) assert.ok(hops.includes(wanted), `${wanted} in ${hops}`);
    if (component === 'litellm') assert.ok(hops.includes('litellm'), `litellm in ${hops}`);
    assert.deepEqual([...body.hops].map((hop) => hop.at).filter(Boolean), body.hops.map((hop) => hop.at).filter(Boolean).sort());
    assert.match(body.note, /cell/);
    assert.match(body.note, /time/);
  }
});

test('the desktop app\'s terminal sister prints the same trace', () => {
  const { prefix, portal, ca, folder: where } = state();
  const file = join(where, 'admin.token');
  const ctl = (args, options) => run(join(prefix, 'bin', 'clawloopsctl'), ['--server', portal, '--ca', ca, '--token-file', file, ...args], options);
  ctl(['login', '--name', 'ada'], { input: `${adminPassword}\n`, stdio: ['pipe', 'pipe', 'pipe'] });
  assert.match(ctl(['trace', state().trace_starter]), /gateway/);
  const people = JSON.parse(ctl(['--json', 'user', 'list'])).items.map((one) => one.username);
  assert.deepEqual(people.sort(), ['ada', 'ben']);
});

test('no page loaded anything from elsewhere', () => {
  assert.deepEqual(ada.foreign, []);
  assert.deepEqual(ben.foreign, []);
});

test('the cells see neither each other, nor the host, nor the LAN', () => {
  const instance = JSON.parse(run('cat', [join(state().data, '.clawloops')])).instance;
  const names = run('podman', ['ps', '--filter', `label=io.clawloops.instance=${instance}`, '--format', '{{.Names}}']).trim().split('\n');
  assert.equal(names.length, 2);
  const addresses = ['127.0.0.1', '::1', '192.0.2.1', '2001:db8::1', ...run('hostname', ['-I']).trim().split(/\s+/).filter(Boolean)];
  const ports = [...Object.values(state().ports), 22, 53, 5432];
  const script = run('cat', [join(root, 'tests', 'security', 'probe_cell.mjs')]);
  for (const name of names) {
    const argument = JSON.stringify({ addresses, ports, names: ['localhost.localdomain', 'host.containers.internal', 'example.org'],
      files: [state().link && join(state().data, 'pki', 'lan-ca.crt'), join(state().data, 'clawloops.conf')] });
    const seen = JSON.parse(run('podman', ['exec', name, 'node', '--input-type=module', '-e', script, argument]));
    assert.deepEqual(seen.interfaces, ['lo'], name);
    assert.deepEqual(seen.connections.filter((one) => one.what === 'open'), [], name);
    assert.deepEqual(seen.sockets.filter((path) => path.startsWith('/run/clawloops')).sort(),
      ['/run/clawloops/in/in.sock', '/run/clawloops/out/model.sock'], name);
    assert.equal(seen.names['example.org'] === undefined || /^E/.test(seen.names['example.org']), true, name);
    assert.ok(seen.processes.every((line) => !/postgres|traefik|clawloopsd|runtimed|llama/.test(line)), name);
    assert.deepEqual(seen.writable, [], name);
    assert.deepEqual(seen.readable, [], name);
    assert.deepEqual([seen.capabilities.effective, seen.capabilities.noNewPrivileges], ['0000000000000000', '1'], name);
    assert.deepEqual(seen.engineSockets, [], name);
    assert.notEqual(seen.uidMap[1], '0', 'root inside is nobody outside');
  }
});

test('signing out cuts the open workspace within two seconds', async () => {
  const { page } = ben;
  const sockets = [];
  page.on('websocket', (socket) => sockets.push(socket));
  await page.goto(`${state().workspace}/w/ben/`);
  await page.locator('textarea[aria-label="Chat composer"]').waitFor();
  const open = await until('an open WebSocket', () => sockets.find((socket) => !socket.isClosed()));
  const portal = await ben.context.newPage();
  await portal.goto(state().portal);
  await portal.locator('summary', { hasText: 'ben' }).click();
  const closed = open.waitForEvent('close', { timeout: 10_000 }).then(() => Date.now());
  const begin = Date.now();
  await portal.getByRole('button', { name: /sign out/i }).first().click();
  assert.ok(await closed - begin <= 2000, 'cut within two seconds');
  assert.notEqual((await page.request.get(`${state().workspace}/w/ben/`, { maxRedirects: 0 })).status(), 200);
});
