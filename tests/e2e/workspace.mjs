// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The moves a person makes in the portal and in OpenClaw's Control UI.

import { state, screenshot } from './lib.mjs';

const composer = 'textarea[aria-label="Chat composer"]';

// From the portal's home: presses Open workspace and watches what it says until the workspace is there. Returns the step
// titles that were seen on the way, in order.
export async function openWorkspace(page, username, { shot } = {}) {
  const button = page.getByRole('button', { name: 'Open workspace' }).or(page.getByRole('link', { name: 'Open workspace' }));
  await button.first().click();
  const seen = [];
  const arrived = page.waitForURL((url) => url.origin === new URL(state().workspace).origin, { timeout: 240_000 });
  let there = false;
  arrived.then(() => { there = true; }, () => { there = true; });
  while (!there) {
    const titles = await page.locator('ol.steps li').evaluateAll((all) => all.map((one) => one.innerText.replace(/\s+/g, ' ').trim())).catch(() => []);
    for (const title of titles) if (title && !seen.includes(title)) seen.push(title);
    if (titles.length && shot) { await screenshot(page, shot).catch(() => {}); shot = undefined; }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await arrived;
  if (!new URL(page.url()).pathname.startsWith(`/w/${username}/`)) throw new Error(`the workspace opened at ${page.url()}`);
  await page.locator(composer).waitFor({ timeout: 120_000 });
  return seen;
}

export async function send(page, text) {
  await page.locator(composer).fill(text);
  await page.locator(composer).press('Enter');
}

// Types a message and waits for the whole answer; its text as the page shows it.
export async function chat(page, text, { seconds = 180 } = {}) {
  const groups = page.locator('.chat-group.assistant');
  const before = await groups.count();
  await send(page, text);
  await groups.nth(before).locator('.chat-text').first().waitFor({ timeout: seconds * 1000 });
  await page.locator('.chat-bubble.streaming, .chat-reading-indicator').first().waitFor({ state: 'detached', timeout: seconds * 1000 });
  return (await groups.nth(before).locator('.chat-text').allInnerTexts()).join('\n');
}

export async function chooseModel(page, route) {
  await send(page, `/model clawloops/${route}`);
  await page.getByText(`Model set to clawloops/${route}`).last().waitFor();
}

// Markdown changes blanks and marks, never letters and digits: what is compared is what was said.
export const plain = (text) => text.replace(/[^\p{L}\p{N}\p{Extended_Pictographic}]+/gu, ' ').trim();
