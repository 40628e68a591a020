// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Threats 7, 30 and 33 in real Chromium: what a cell serves is its owner's or a prompt's, and the reader may be the admin. Ports share
// cookies, so a script of the workspace origin tries every verb of the API, frames, service workers, and to read and plant the
// sign-in cookies: signed in, with a full jar, and signed out.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startFront, tell } from './front.mjs';
import { api, openBrowser, root, run, signInToken, state, until } from './lib.mjs';

const password = 'nine quiet herons by the weir';
let front;
let ada;
let page; // the cell's own page, in the admin's browser
let token;
let ben;

const ours = async () => (await ada.context.cookies()).filter((cookie) => /clawloops/.test(cookie.name));
const sessionOf = (cookies, kind) => cookies.find((cookie) => cookie.name.endsWith(`clawloops_${kind}`));

async function signIn(tab, name) {
  await tab.goto(state().portal);
  await tab.getByLabel('Name').fill(name);
  await tab.getByLabel('Password').fill(password);
  await tab.getByRole('button', { name: 'Sign in' }).click();
  await tab.getByRole('region', { name: 'Your workspace' }).waitFor();
}

before(async () => {
  front = await startFront();
  tell({});
  ada = await openBrowser('hostile');
  page = ada.page;
  await page.goto(state().link);
  await page.getByLabel('Your name here').fill('ada');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Set password' }).click();
  await page.getByRole('region', { name: 'Your workspace' }).waitFor();
  token = await signInToken('ada', password);
  const { body } = await api('POST', '/api/v1/admin/invitations', { token, body: { username: 'ben' } });
  const accepted = await api('POST', `/api/v1/public/invitations/${body.link.split('=')[1]}/accept`, { body: { username: 'ben', password } });
  assert.equal(accepted.status, 201);
  ben = Object.fromEntries(accepted.headers['set-cookie'].map((line) => line.split(';')[0].split(/=(.*)/s).slice(0, 2)));
  await page.getByRole('button', { name: 'Open workspace' }).click();
  await page.waitForURL(`${state().workspace}/w/ada/`);
  await page.getByRole('heading', { name: 'The cell\'s own page' }).waitFor();
});

after(async () => {
  await ada?.close();
  await front?.stop();
});

const told = async () => {
  const seen = {};
  for (const path of ['/admin/users', '/admin/invitations', '/admin/models', '/users/me/runtime', '/auth/me']) {
    const { status, body } = await api('GET', `/api/v1${path}`, { token });
    assert.equal(status, 200, path);
    seen[path] = body;
  }
  return seen;
};

test('no verb of the API answers a script of the workspace origin, and none has an effect', async () => {
  const script = 'import json,sys\nsys.path.insert(0,"tests/security")\nimport matrix\nprint(json.dumps([[m,p] for _,m,p,_ in matrix.operations()]))';
  const operations = JSON.parse(run('/usr/bin/python3', ['-c', script], { cwd: root }));
  assert.ok(operations.length >= 30, `${operations.length} operations`);
  const user = (await api('GET', '/api/v1/auth/me', { token })).body;
  const filled = operations.map(([method, path]) => [method, '/api/v1' + path.replace('{userId}', user.userId ?? user.user?.userId).replace('{modelId}', 'starter')
    .replace('{token}', 'x'.repeat(43)).replace(/\{\w+\}/, 'x_y')]);
  const before_ = await told();
  const log = join(state().data, 'log', 'traefik.log');
  const from = readFileSync(log).length;
  const read = await page.evaluate(async ([origin, all]) => {
    const got = [];
    const body = JSON.stringify({ username: 'eve', status: 'disabled', enabled: false, title: 'x', retentionPolicy: 'wipe_workspace' });
    for (const [method, path] of all) {
      for (const mode of ['cors', 'no-cors', 'same-origin']) {
        const simple = ['GET', 'POST'].includes(method);
        if (mode === 'no-cors' && !simple) continue;
        const stop = new AbortController();
        setTimeout(() => stop.abort(), 3000);
        try {
          const answer = await fetch(origin + path, { method, mode, credentials: 'include', signal: stop.signal,
            ...(method === 'GET' ? {} : { body, headers: mode === 'no-cors' ? { 'Content-Type': 'text/plain' } : { 'Content-Type': 'application/json' } }) });
          if (answer.type !== 'opaque') got.push(`${mode} ${method} ${path}: ${answer.status}`);
        } catch { /* as it has to be */ }
      }
    }
    return got;
  }, [state().portal, filled]);
  assert.deepEqual(read, [], 'answers that the script could read');
  const answered = readFileSync(log).subarray(from).toString().split('\n').filter((line) => line.includes('"RequestPath"')).map((line) => JSON.parse(line))
    .map((one) => `${one.DownstreamStatus} ${one.RequestMethod} ${one.RequestPath}`);
  assert.ok(answered.length >= operations.length, `requests that reached the entry: ${answered.length}`);
  // auth/access and auth/options tell everybody the same, and the script could not read even that.
  assert.deepEqual(answered.filter((line) => !/^4/.test(line) && !/^200 GET \/api\/v1\/auth\/(access|options)$/.test(line)), []);
  assert.deepEqual(await told(), before_, 'nothing has changed');
});

test('a form of the workspace origin signs nobody out and changes nothing', async () => {
  const before_ = sessionOf(await ours(), 'session').value;
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.url().endsWith('/api/v1/auth/logout')),
    page.evaluate((to) => {
      const form = Object.assign(document.createElement('form'), { method: 'POST', action: to, enctype: 'text/plain' });
      document.body.append(form);
      form.submit();
    }, `${state().portal}/api/v1/auth/logout`)]);
  assert.equal(answer.status(), 403);
  await page.waitForURL(`${state().portal}/api/v1/auth/logout`);
  await page.goto(`${state().workspace}/w/ada/`);
  assert.equal(sessionOf(await ours(), 'session').value, before_);
  const tab = await ada.context.newPage();
  await tab.goto(state().portal);
  await tab.getByRole('region', { name: 'Your workspace' }).waitFor();
  await tab.close();
});

test('no page of the portal origin can be framed or held by a workspace page, and none loads anything from elsewhere', async () => {
  const files = run('find', [join(root, 'resources', 'portal'), '-type', 'f', '-printf', '/%P\n']).trim().split('\n');
  for (const path of ['/', ...files, '/api/v1/auth/access', '/no/such/page']) {
    const { headers } = await api('GET', path);
    const policy = headers['content-security-policy'] ?? '';
    assert.match(policy, /frame-ancestors 'none'/, path);
    assert.match(policy, /default-src 'self'/, path);
    assert.equal(headers['x-frame-options'], 'DENY', path);
    assert.equal(headers['x-content-type-options'], 'nosniff', path);
  }
  for (const path of ['/', '/icon.svg', '/api/v1/auth/access']) {
    await page.evaluate((to) => new Promise((resolve) => {
      const frame = document.createElement('iframe');
      frame.onload = frame.onerror = resolve;
      frame.src = to;
      document.body.append(frame);
      setTimeout(resolve, 5000);
    }), state().portal + path);
    const frame = page.frames().at(-1);
    const text = await frame.evaluate(() => document.documentElement.innerHTML).catch(() => '');
    assert.ok(!/ClawLoops|signed_in|<path/.test(text), `framed ${path}: ${text.slice(0, 200)}`);
    await page.evaluate(() => document.querySelector('iframe').remove());
  }
  const [tab] = await Promise.all([ada.context.waitForEvent('page'), page.evaluate((to) => { window.held = window.open(to); }, state().portal)]);
  await tab.getByRole('region', { name: 'Your workspace' }).waitFor();
  assert.equal(await tab.evaluate(() => window.opener), null);
  assert.equal(await page.evaluate(() => window.held.closed), true, 'the window is out of its opener\'s hands');
  await tab.close();
  assert.deepEqual(ada.foreign, []);
});

test('a service worker of a workspace gets no further than the workspace', async () => {
  const wider = await page.evaluate(() => navigator.serviceWorker.register('/w/ada/sw.js', { scope: '/' }).then(() => 'registered', (error) => error.name));
  assert.equal(wider, 'SecurityError');
});

// What a script can do about a cookie: both ways of writing, every name of ours in any case, our prefixes and none.
const plant = (values) => page.evaluate(async (all) => {
  for (const [name, value] of all) {
    for (const each of [name, name.toLowerCase(), name.replace('__Host-Http-', '__Host-'), name.replace('__Host-Http-', '')]) {
      document.cookie = `${each}=${value}; Path=/; Secure`;
      document.cookie = `${each}=${value}; Path=/; Secure; HttpOnly; SameSite=Lax`;
      document.cookie = `=${each}=${value}; Path=/; Secure`; // a nameless one that reads as ours when it is sent
      await window.cookieStore?.set({ name: each, value, path: '/' }).catch(() => {});
    }
  }
  return { cookie: document.cookie, store: (await window.cookieStore?.getAll() ?? []).map((one) => one.name) };
}, Object.entries(values));

const names = ['session', 'workspace'];
// Whom the portal and the workspace take this browser for, in a tab of its own.
async function taken() {
  const tab = await ada.context.newPage();
  await tab.goto(state().portal);
  const portal = await tab.evaluate(async () => (await (await fetch('/api/v1/auth/access')).json()).user?.username ?? 'nobody');
  const other = (await tab.goto(`${state().workspace}/w/ben/`)).status();
  const opened = new URL(tab.url()).pathname === '/w/ben/' && other === 200;
  await tab.close();
  return { portal, ben: opened };
}

test('the sign-in cookies are neither read nor replaced by a script or by the cell\'s own answers', async () => {
  const before_ = await ours();
  for (const kind of names) {
    const cookie = sessionOf(before_, kind);
    assert.deepEqual([cookie?.httpOnly, cookie?.secure, cookie?.path], [true, true, '/'], kind);
  }
  const read = await page.evaluate(async () => document.cookie + JSON.stringify(await window.cookieStore?.getAll() ?? []));
  assert.ok(!/clawloops/i.test(read), read);
  await page.reload(); // the cell's answer sets all of ours
  await plant(ben);
  const now = await ours();
  for (const kind of names) assert.equal(sessionOf(now, kind).value, sessionOf(before_, kind).value, kind);
  assert.ok(now.every((cookie) => cookie.value !== 'planted-by-the-cell'), JSON.stringify(now.map((one) => one.name)));
  assert.deepEqual(await taken(), { portal: 'ada', ben: false });
  const seen = readFileSync(join(state().folder, 'seen', 'cell.log'), 'utf8').trim().split('\n').map((line) => JSON.parse(line));
  const values = names.map((kind) => sessionOf(before_, kind).value);
  assert.ok(seen.length > 0);
  assert.ok(seen.every((one) => values.every((value) => !JSON.stringify(one).includes(value))), 'a session reached the cell');
});

test('a full jar lets nobody else\'s session in', async () => {
  await page.evaluate(() => {
    for (let i = 0; i < 600; i += 1) document.cookie = `filler${i}=x; Path=/; Secure`; // a host's share is 180
  });
  await plant(ben);
  const { portal, ben: opened } = await taken();
  assert.ok(portal === 'ada' || portal === 'nobody', `the portal takes this browser for ${portal}`);
  assert.equal(opened, false);
  await ada.context.clearCookies({ name: /^filler/ });
});

test('after signing out a page that is still open plants no session', async () => {
  const tab = await ada.context.newPage();
  await tab.goto(state().portal);
  if (await tab.evaluate(async () => (await (await fetch('/api/v1/auth/access')).json()).access) === 'signed_out') await signIn(tab, 'ada');
  await page.goto(`${state().workspace}/w/ada/`);
  await tab.goto(state().portal);
  await tab.locator('summary', { hasText: 'ada' }).click();
  await tab.getByRole('button', { name: 'Sign out' }).click();
  await tab.getByRole('heading', { name: 'Sign in' }).waitFor();
  await until('our cookies to be gone', async () => names.every(async (kind) => !sessionOf(await ours(), kind)?.value));
  await plant(ben);
  assert.deepEqual(await taken(), { portal: 'nobody', ben: false });
  const planted = (await ours()).filter((cookie) => Object.values(ben).includes(cookie.value) && Object.keys(ben).includes(cookie.name));
  assert.deepEqual(planted.map((cookie) => cookie.name), []);
  await tab.close();
});
