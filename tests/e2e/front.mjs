// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// For stories that need everything in front of the cells, and cells that fail on demand (tests/support/front.py).

import { spawn } from 'node:child_process';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { root, state } from './lib.mjs';

export async function startFront() {
  const child = spawn('python3', [join(root, 'tests', 'support', 'front.py'), process.env.CLAWLOOPS_STATE], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => { child.on('exit', resolve); });
  await new Promise((resolve, reject) => {
    child.stdout.on('data', (data) => { if (String(data).includes('ready')) resolve(); });
    child.on('exit', (code) => reject(new Error(`front.py ended with ${code}`)));
    child.on('error', reject);
  });
  return { stop: async () => { child.stdin.end(); await ended; } };
}

// What the runtime manager does from now on (held_runtimed.py says what can be told).
export function tell(behaviour) {
  const file = join(state().folder, 'held.json');
  writeFileSync(`${file}.new`, JSON.stringify(behaviour));
  renameSync(`${file}.new`, file);
}

// One call of the supervisor's control socket.
export function supervisor(verb, args = {}) {
  return new Promise((resolve, reject) => {
    const socket = connect(join(state().data, 'run', 'supervisor', 'control.sock'), () => socket.write(`${JSON.stringify({ id: 1, verb, args })}\n`));
    let text = '';
    socket.on('error', reject);
    socket.on('data', (data) => {
      text += data;
      const answer = text.split('\n').slice(0, -1).map((line) => JSON.parse(line)).find((one) => one.id === 1);
      if (!answer) return;
      socket.destroy();
      if (answer.error) reject(new Error(answer.error.message));
      else resolve(answer.ok);
    });
  });
}

export const pidOf = async (name) => (await supervisor('status')).components.find((one) => one.name === name).pid;

// With CLAWLOOPS_LOOKS set, every page the stories pass is kept as light and dark, wide and narrow: for people to look at.
export async function look(page, name) {
  if (!process.env.CLAWLOOPS_LOOKS) return;
  const folder = join(root, 'build', 'test-logs', 'looks');
  mkdirSync(folder, { recursive: true });
  const before = page.viewportSize();
  for (const colorScheme of ['light', 'dark'])
    for (const width of [1280, 390]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 820 });
      await page.waitForTimeout(200); // colours change within 120 ms
      await page.screenshot({ path: join(folder, `${name}-${colorScheme}-${width}.png`) });
    }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(before);
}
