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

const test = story(() => [['failed-pages-ada', ada], ['failed-pages-ben', ben]]);

const card = (page) => page.getByRole('region', { name: 'Your workspace' });
const alert = (page) => page.getByRole('alert');

before(async () => {
  front = await startFront();
  tell({});
  ada = await openBrowser('ada');
  ben = await openBrowser('ben');
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
});
