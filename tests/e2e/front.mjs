// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// For stories that need everything in front of the cells, and cells that fail on demand (tests/support/front.py).

import { spawn } from 'node:child_process';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run, state } from './lib.mjs';

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

// A component's process, by the flag that only this appliance's has.
export function pidOf(name) {
  const script = 'import json,socket,sys\np=socket.socket(socket.AF_UNIX);p.connect(sys.argv[1]);p.sendall(b\'{"id":1,"verb":"status","args":{}}\\n\')\n'
    + 'for line in p.makefile("r"):\n  m=json.loads(line)\n  if m.get("id")==1: print(next(c["pid"] for c in m["ok"]["components"] if c["name"]==sys.argv[2])); break';
  return Number(run('python3', ['-c', script, join(state().data, 'run', 'supervisor', 'control.sock'), name]));
}

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
