// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Every other page of the portal, and what a person reads when a part of the appliance is gone: who did what, why, and what to do.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { look, pidOf, startFront, supervisor, tell } from './front.mjs';
import { api, openBrowser, signInToken, state, story, until } from './lib.mjs';

const password = 'nine quiet herons by the weir';
let front;
let ada;
let ben;
let token;
const against = []; // the page's own policy

const test = story(() => [['failed-pages-ada', ada], ['failed-pages-ben', ben]]);

const card = (page) => page.getByRole('region', { name: 'Your workspace' });
const alert = (page) => page.getByRole('alert');

before(async () => {
  front = await startFront();
  tell({});
  ada = await openBrowser('ada');
  ben = await openBrowser('ben');
  for (const { page } of [ada, ben])
    page.on('console', (message) => { if (/Content Security Policy/i.test(message.text())) against.push(message.text()); });
  await ada.page.goto(state().link);
  await ada.page.getByLabel('Your name here').fill('ada');
});

after(async () => {
  await ada?.close();
  await ben?.close();
  await front?.stop();
});

test('a password that is too short is refused with what it needs, and the form stays', async () => {
  const { page } = ada;
  await page.getByLabel('Password').fill('short');
  await page.getByRole('button', { name: 'Set password' }).click();
  assert.equal(await page.getByLabel('Password').evaluate((field) => field.validity.tooShort), true);
  await page.getByLabel('Password').fill('passwordpassword');
  await page.getByRole('button', { name: 'Set password' }).click();
  await alert(page).waitFor();
  assert.match(await alert(page).innerText(), /password/i);
  await look(page, '20-weak-password');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Set password' }).click();
  await card(page).waitFor();
  token = await signInToken('ada', password);
});

test('an invitation is made on the page, opened once, and says afterwards why it does not open again', async () => {
  const { page } = ada;
  const people = page.getByRole('region', { name: 'People' });
  await people.getByLabel('Name').fill('ben');
  await people.getByRole('button', { name: 'Invite' }).click();
  const link = await people.getByLabel('Invitation link for ben').inputValue();
  await people.getByRole('button', { name: 'Revoke' }).waitFor();
  await look(page, '21-invited');
  await people.getByLabel('Name').fill('ben');
  await people.getByRole('button', { name: 'Invite' }).click();
  await alert(people).waitFor();
  assert.match(await alert(people).innerText(), /ben/);
  await look(page, '22-invited-twice');
  await ben.page.goto(link);
  await ben.page.getByRole('heading', { name: 'Welcome to ClawLoops' }).waitFor();
  await look(ben.page, '23-invitation');
  await ben.page.getByLabel('Password').fill(password);
  await ben.page.getByRole('button', { name: 'Set password' }).click();
  await card(ben.page).waitFor();
  assert.equal(await ben.page.getByRole('region', { name: 'People' }).count(), 0, 'inviting is for admins');
  await look(ben.page, '24-home-user');
  const other = await ben.context.newPage();
  await other.goto(link);
  await other.getByRole('heading', { name: 'This invitation does not work' }).waitFor();
  assert.match(await alert(other).innerText(), /used|consumed/i);
  await look(other, '25-invitation-used');
  await other.getByRole('button', { name: 'Go to sign in' }).click();
  await card(other).waitFor();
  await other.close();
});

test('the menu opens and closes by keyboard, changes the password and signs out', async () => {
  const { page } = ben;
  const menu = page.locator('summary', { hasText: 'ben' });
  await menu.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Change password' }).waitFor();
  await look(page, '26-menu');
  await page.keyboard.press('Escape');
  assert.equal(await page.getByRole('button', { name: 'Change password' }).isVisible(), false);
  assert.equal(await menu.evaluate((element) => element === document.activeElement), true);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByLabel('Password now').fill('not the one');
  await page.getByLabel('New password').fill(`${password} again`);
  await page.getByRole('button', { name: 'Set password' }).click();
  await alert(page).waitFor();
  assert.match(await alert(page).innerText(), /password/i);
  await look(page, '27-change-password');
  await page.getByRole('button', { name: 'Back' }).click();
  await card(page).waitFor();
  await menu.click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
});

test('a wrong password is answered in one sentence with the request\'s id to copy', async () => {
  const { page } = ben;
  await look(page, '28-sign-in');
  await page.getByLabel('Name').fill('ben');
  await page.getByLabel('Password').fill('no such password here');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await alert(page).waitFor();
  const said = await alert(page).innerText();
  assert.match(said, /name or (the )?password/i);
  assert.match(said, /req_[a-z2-7]{20}/);
  await look(page, '29-wrong-password');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await card(page).waitFor();
});

// What the model layer says of a person in moments that cannot be had on demand (a full queue, a used up budget, a hold): only these
// answers are put in the place of the server's, `METHOD path` → [status, body]; every other call is real.
async function says(page, answers) {
  const asked = [];
  await page.unroute('**/api/v1/users/me/**');
  await page.route('**/api/v1/users/me/**', async (route) => {
    const request = route.request();
    const name = `${request.method()} ${new URL(request.url()).pathname.slice('/api/v1'.length)}`;
    if (!(name in answers)) return route.continue();
    asked.push(`${name} ${request.postData() ?? ''}`.trim());
    const [status, body] = typeof answers[name] === 'function' ? answers[name](request) : answers[name];
    return route.fulfill({ status, contentType: 'application/json', body: status === 204 ? '' : JSON.stringify(body) });
  });
  await page.reload();
  await card(page).waitFor();
  return asked;
}
const ago = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();
const nothing = [404, { code: 'NOT_FOUND', message: 'The API has nothing at this address.', requestId: 'req_aaaaaaaaaaaaaaaaaaaa' }];
const quota = {
  items: [
    { budgetId: 'bud_1', name: 'Each person', scope: 'person', unit: 'money', window: 'month', limit: 20e9, raisedOn: '', raisedBy: 0, spent: 800e6, reserved: 0, resetsAt: ago(-60 * 24 * 4) },
    { budgetId: 'bud_2', name: 'Each day', scope: 'person', unit: 'tokens', window: 'day', limit: 200_000, raisedOn: new Date().toISOString().slice(0, 10), raisedBy: 50_000, spent: 215_000, reserved: 4_000, resetsAt: ago(-60 * 5) },
    { budgetId: 'bud_3', name: 'Big model', scope: 'route', unit: 'money', window: 'week', limit: 5e9, raisedOn: '', raisedBy: 0, spent: 5_010e6, reserved: 0, resetsAt: ago(-60 * 50) },
  ],
  limits: [{ scope: 'person', subject: '', requestsPerMinute: 60, tokensPerMinute: 200_000, streams: 4 }], held: '',
};
const overflows = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test('what is left is shown with bars and units, and what this appliance does not offer is said', async () => {
  const { page } = ben;
  await says(page, { 'GET /users/me/quota': [200, quota], 'GET /users/me/keys': nothing, 'GET /users/me/queue': nothing, 'GET /users/me/refusals': nothing });
  const models = page.getByRole('region', { name: 'Models' });
  await models.getByText('$0.80 of $20.00 this month').waitFor();
  const text = await models.innerText();
  assert.match(text, /215 k tokens of 250 k tokens today/); // with today's raise
  assert.match(text, /Nearly used up. Starts anew in 5 h/);
  assert.match(text, /\$5.01 of \$5.00 this week/);
  assert.match(text, /Used up: models refuse you until it starts anew/);
  assert.match(text, /At most 60 requests and 200 k tokens a minute, 4 answers at once/);
  assert.deepEqual(await models.locator('progress').evaluateAll((bars) => bars.map((bar) => [bar.value / bar.max, bar.className])), [[0.04, 'ok'], [0.86, 'warn'], [1, 'bad']]);
  const keys = page.getByRole('region', { name: 'Keys' });
  await keys.getByText('Keys: this appliance does not offer it.').waitFor();
  assert.equal(await keys.getByRole('button', { name: 'Make key' }).isVisible(), false);
  assert.equal(await page.getByRole('region', { name: 'Refused' }).isVisible(), false);
  await look(page, '34-what-is-left');
  await says(page, { 'GET /users/me/quota': nothing });
  await models.getByText('What is left of your budgets: this appliance does not offer it.').waitFor();
});

test('whoever waits reads their place, and whoever was refused why, with the id', async () => {
  const { page } = ben;
  await page.setViewportSize({ width: 360, height: 780 });
  await says(page, {
    'GET /users/me/quota': [200, quota],
    'GET /users/me/keys': [200, { items: [] }],
    'GET /users/me/queue': [200, { items: [{ ticket: 't1', target: 'starter', route: 'starter', kind: 'interactive', since: ago(0.1), position: 2, waitMs: 8600 }] }],
    'GET /users/me/refusals': [200, { items: [
      { requestId: 'req_bbbbbbbbbbbbbbbbbbbb', at: ago(3), route: 'claude', rule: 'budget', sentence: 'The budget Big model ($5.00 a week) is used up; it starts anew on Monday.', numbers: {}, change: 'x' },
      { requestId: 'req_cccccccccccccccccccc', at: ago(70), route: 'starter', rule: 'too_fast', sentence: '<b>Not</b> more than 60 requests a minute.', numbers: {}, change: 'x' }] }],
  });
  await page.getByRole('region', { name: 'Models' }).getByText('place 2, about 8.6 s').waitFor();
  const refused = page.getByRole('region', { name: 'Refused' });
  await refused.getByText('is used up; it starts anew on Monday').waitFor();
  assert.match(await refused.innerText(), /3 min ago · claude[\s\S]*req_bbbbbbbbbbbbbbbbbbbb/);
  assert.match(await refused.innerText(), /<b>Not<\/b> more than/, 'text stays text');
  assert.equal(await overflows(page), 0, 'nothing is wider than a small phone');
  await look(page, '35-waiting-and-refused');
  await page.setViewportSize({ width: 1200, height: 820 });
});

test('a key is shown once where it is made, and revoked after a second press', async () => {
  const { page } = ben;
  const asked = [];
  await page.unroute('**/api/v1/users/me/**');
  page.on('request', (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`));
  await page.reload();
  const keys = page.getByRole('region', { name: 'Keys' });
  await keys.getByLabel('Name').fill('laptop');
  await keys.getByLabel('Lasts').selectOption('90 days');
  await keys.getByRole('button', { name: 'Make key' }).click();
  const secret = await keys.getByLabel('The key laptop').inputValue();
  assert.match(secret, /^clk_[A-Za-z0-9_-]{43}$/);
  assert.match(await keys.innerText(), new RegExp(`${state().portal}/v1`));
  await keys.getByText(/never used · runs out in (89|90) days/).waitFor();
  await look(page, '36-key-made');
  const storages = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href]));
  assert.equal(storages.includes('clk_'), false, 'the secret is kept nowhere');
  await page.reload();
  await keys.getByRole('button', { name: 'Revoke laptop' }).waitFor();
  assert.equal((await page.content()).includes(secret), false, 'shown once');
  await keys.getByRole('button', { name: 'Revoke laptop' }).click();
  await keys.getByText('Whatever uses "laptop" is refused from then on').waitFor();
  await look(page, '37-key-revoke');
  await keys.getByRole('button', { name: 'Keep it' }).click();
  await keys.getByRole('button', { name: 'Revoke laptop' }).click();
  assert.equal(asked.some((one) => one.startsWith('DELETE')), false, 'asked first');
  await keys.getByRole('button', { name: 'Revoke for good' }).click();
  await until('the key is gone', async () => (await keys.getByRole('button', { name: 'Revoke laptop' }).count()) === 0);
  assert.equal(asked.filter((one) => one.startsWith('DELETE /api/v1/users/me/keys/key_')).length, 1);
});

test('whom no model answers reads it first, with the admin\'s sentence', async () => {
  const { page } = ben;
  await says(page, { 'GET /users/me/quota': [200, { items: [], limits: [], held: 'Look at your loop first.' }], 'GET /users/me/keys': [200, { items: [] }] });
  const notice = page.getByRole('alert').filter({ hasText: 'Models do not answer you' });
  await notice.waitFor();
  assert.match(await notice.innerText(), /Look at your loop first\.[\s\S]*ask one/);
  assert.equal(await page.locator('main > section:visible').first().evaluate((element) => element.className), 'card held');
  await look(page, '38-held');
  await page.unroute('**/api/v1/users/me/**');
  await page.reload();
  await card(page).waitFor();
});

test('a person on hold reads who decided and how to ask, at once', async () => {
  const users = (await api('GET', '/api/v1/admin/users', { token })).body.items;
  const { userId } = users.find((one) => one.username === 'ben');
  const put = async (status) => assert.equal((await api('PATCH', `/api/v1/admin/users/${userId}/status`, { token, body: { status } })).status, 200);
  await put('disabled');
  await ben.page.getByRole('heading', { name: 'You are on hold' }).waitFor({ timeout: 30_000 });
  assert.match(await ben.page.locator('main').innerText(), /An admin has disabled ben.*Ask an admin/s);
  await look(ben.page, '30-on-hold');
  await put('active');
});

test('while the control plane hangs the page says since when, keeps what it knows, and finds it again', async () => {
  const { page } = ada;
  const pid = await pidOf('clawloopsd');
  await supervisor('component.stop', { name: 'clawloopsd' });
  await page.getByText(/No contact since .*, trying/).waitFor({ timeout: 60_000 });
  assert.equal(await card(page).isVisible(), true, 'what was known stays');
  await look(page, '31-no-contact');
  const fresh = await ada.context.newPage();
  const answer = await fresh.goto(state().portal);
  assert.equal(answer.status(), 502);
  await fresh.getByRole('heading', { name: 'ClawLoops does not answer yet' }).waitFor();
  assert.match(await fresh.locator('main').innerText(), /control plane is not running.*started again by itself.*looks again every 5 s/s);
  await look(fresh, '32-control-plane-gone');
  await supervisor('component.start', { name: 'clawloopsd' });
  await card(fresh).waitFor({ timeout: 60_000 }); // by itself
  await fresh.close();
  await page.getByText(/No contact since/).waitFor({ state: 'hidden', timeout: 60_000 });
  await until('another process', async () => (await pidOf('clawloopsd')) !== pid);
});

test('when the relay is gone a workspace\'s page is one of ours, and it opens by itself when the relay is back', async () => {
  const { page } = ada;
  await page.getByRole('button', { name: 'Open workspace' }).click();
  await page.waitForURL(`${state().workspace}/w/ada/`, { timeout: 120_000 });
  await supervisor('component.stop', { name: 'relay' });
  const answer = await page.goto(`${state().workspace}/w/ada/`);
  assert.equal(answer.status(), 502);
  await page.getByRole('heading', { name: 'The workspace does not answer yet' }).waitFor();
  await look(page, '33-relay-gone');
  const stranger = await ben.context.newPage();
  assert.equal((await stranger.goto(`${state().workspace}/w/ada/`)).status() === 502, false, 'the session check comes before the page');
  await stranger.close();
  await supervisor('component.start', { name: 'relay' });
  await page.getByRole('heading', { name: 'The cell\'s own page' }).waitFor({ timeout: 60_000 });
});

test('no page loaded anything from elsewhere', () => {
  assert.deepEqual(ada.foreign, []);
  assert.deepEqual(ben.foreign, []);
  assert.deepEqual(against, []);
});
