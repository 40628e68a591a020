// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// From the printed link to an answer of the real model on the machine that `up` was run on: nothing here reaches into that
// machine but a browser.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { openBrowser, state } from '../e2e/lib.mjs';
import { chat, openWorkspace } from '../e2e/workspace.mjs';

test('the printed link ends in a chat', async () => {
  const browser = await openBrowser('first');
  try {
    const { page } = browser;
    await page.goto(state().link);
    await page.getByLabel(/name/i).first().fill('ada');
    const password = `first ${randomBytes(12).toString('hex')}`;
    await page.getByLabel(/^(new )?password/i).first().fill(password);
    const again = page.getByLabel(/again|repeat|confirm/i);
    if (await again.count()) await again.first().fill(password);
    await page.getByRole('button', { name: 'Set password' }).first().click();
    await page.getByRole('heading', { name: 'Your workspace' }).waitFor();
    await openWorkspace(page, 'ada');
    const answer = await chat(page, 'Say one sentence about otters.', { seconds: 600 });
    console.log(`answered: ${answer}`);
    assert.ok(answer.split(/\s+/).length >= 3, `the answer was "${answer}"`);
  } finally {
    await browser.close();
  }
});
