// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Each step of a start stalls in turn, and each way of failing happens: the page stays there, names it with its seconds and
// one sentence, survives a reload, and goes on when it can. Only the runtime manager is a double, as it has to stall.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { look, pidOf, startFront, tell } from './front.mjs';
import { api, openBrowser, signInToken, state, story, until } from './lib.mjs';

const password = 'nine quiet herons by the weir';
let front;
let ada;
let token;

const chapter = story(() => [['failed-progress', ada]]);
const test = (name, told) => chapter(name, () => told(ada.page));

before(async () => {
  front = await startFront();
  ada = await openBrowser('progress');
});

after(async () => {
  await ada?.close();
  await front?.stop();
});

const card = (page) => page.getByRole('region', { name: 'Your workspace' });
const openButton = (page) => card(page).getByRole('button', { name: /^Open/ });

// The page as a person reads it: its state, its sentence, its steps with their marks and seconds, what went wrong.
async function read(page) {
  return page.evaluate(() => {
    const text = (element) => element && !element.closest('[hidden]') ? element.textContent.trim() : '';
    const section = document.querySelector('section[aria-label="Your workspace"]');
    if (!section) return { state: '', steps: [], sentence: '', trouble: '', buttons: [] };
    return {
      state: text(section.querySelector('.state')),
      sentence: text(section.querySelector('.head + p')),
      steps: [...section.querySelectorAll('ol.steps li')].map((row) => ({
        is: row.className, mark: row.querySelector('.mark').textContent, title: row.children[1].textContent,
        seconds: Number.parseFloat(row.querySelector('.figures').textContent || 'NaN'), sentence: text(row.querySelector('.sentence')),
      })),
      trouble: text(section.querySelector('.failure p')),
      buttons: [...section.querySelectorAll('button')].filter((one) => !one.hidden).map((one) => one.textContent + (one.disabled ? ' (off)' : '')),
    };
  });
}

const running = (seen) => seen.steps.find((step) => step.is === 'running');

// The page stays at this step: its seconds go on, what comes before is done and timed, what comes after waits, nothing claims
// success, and a reload shows the same from the same beginning.
async function staysAt(page, title, sentence) {
  const first = await until(`the step "${title}"`, async () => {
    const seen = await read(page);
    return running(seen)?.title === title && sentence.test(running(seen).sentence) && seen;
  });
  const later = await until('two more seconds on the page', async () => {
    const seen = await read(page);
    return running(seen)?.seconds >= running(first).seconds + 2 && seen;
  }, { seconds: 20 });
  for (const seen of [first, later]) {
    assert.match(seen.state, /^◐ starting/);
    const at = seen.steps.findIndex((step) => step.is === 'running');
    for (const [number, step] of seen.steps.entries()) {
      const wanted = number < at ? ['done', '✓'] : number === at ? ['running', '◐'] : ['waiting', '○'];
      assert.deepEqual([step.is, step.mark], wanted, `${step.title} while ${title} is under way`);
      assert.equal(Number.isNaN(step.seconds), number > at, `seconds of ${step.title}`);
    }
    assert.equal(seen.trouble, '');
    assert.equal(new URL(page.url()).origin, state().portal);
  }
  const before = running(later).seconds;
  await page.reload();
  const again = await until('the step after a reload', async () => {
    const seen = await read(page);
    return running(seen)?.title === title && seen;
  });
  assert.ok(running(again).seconds >= before, `the seconds go on after a reload: ${before}, ${running(again).seconds}`);
}

const stopWorkspace = async (page) => {
  await card(page).getByRole('button', { name: 'Stop' }).click();
  await until('stopped', async () => /stopped/.test((await read(page)).state));
};

test('before the first start the page says what there is not, and what to do', async (page) => {
  await page.goto(state().link);
  await look(page, '01-bootstrap');
  await page.getByLabel('Your name here').fill('ada');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Set password' }).click();
  await card(page).waitFor();
  await until('the state', async () => /not made yet/.test((await read(page)).state));
  await look(page, '02-home-empty');
  token = await signInToken('ada', password);
});

const stalls = [
  ['Reserved', /It is asked for, and not begun yet/, () => tell({ hold: ['cell.list'] })], // before it acts it looks at what there is
  ['Reserved', /The folders and the model access are being made/, () => tell({ hold: ['cell.prepare'] })],
  ['Container', /The container is being made/, () => tell({ hold: ['cell.start'] })],
  ['OpenClaw starting', /OpenClaw is starting/, () => tell({ live: false, ready: false })],
  ['Ready', /OpenClaw answers and is loading/, () => tell({ live: true, ready: false })],
];

test('a start that stalls at each step in turn stays there, saying so, and goes on', async (page) => {
  for (const [number, [title, sentence, hold]] of stalls.entries()) {
    hold();
    if (number === 0) await openButton(page).click();
    await staysAt(page, title, sentence);
    await look(page, `03-stalled-${number}`);
  }
  tell({});
  await until('running', async () => /^● running/.test((await read(page)).state));
  await look(page, '04-home-running');
  await openButton(page).click();
  await page.waitForURL(`${state().workspace}/w/ada/`);
  await page.goto(state().portal);
});

test('a stop that takes long is shown as what it is, whichever way the news arrives', async (page) => {
  tell({ hold: ['cell.stop'] });
  // The answer to the click comes last, and is older than what the event stream brought meanwhile.
  let release;
  const released = new Promise((resolve) => { release = resolve; });
  await page.route('**/runtime/stop', async (route) => {
    const answer = await route.fetch();
    await released;
    await route.fulfill({ response: answer });
  });
  await card(page).getByRole('button', { name: 'Stop' }).click();
  const seen = await until('stopping', async () => {
    const now = await read(page);
    return /^◐ stopping/.test(now.state) && running(now)?.seconds >= 2 && /asked to end/.test(running(now).sentence) && now;
  });
  assert.ok(seen.buttons.some((one) => one === 'Open workspace (off)'), JSON.stringify(seen.buttons));
  await look(page, '05-stopping');
  tell({});
  await until('stopped', async () => /^○ stopped/.test((await read(page)).state));
  assert.match((await read(page)).sentence, /files are kept/);
  const late = page.waitForResponse('**/runtime/stop');
  release();
  await (await late).finished();
  await page.waitForTimeout(700); // the card is drawn every half second
  assert.match((await read(page)).state, /^○ stopped/, 'after an answer that was overtaken');
  await page.unroute('**/runtime/stop');
  await look(page, '06-home-stopped');
});

for (const [name, step] of [['gateway', 'Reserved'], ['runtimed', 'Reserved']])
  test(`while ${name} hangs the page stays at the step that needs it, with its name`, async (page) => {
    const pid = await pidOf(name);
    process.kill(pid, 'SIGSTOP');
    try {
      await openButton(page).click();
      const seen = await until('the step', async () => {
        const now = await read(page);
        return running(now)?.title === step && running(now).seconds >= 3 && now;
      });
      assert.match(seen.state, /^◐ starting/);
      await until('the sentence to name who does not answer', async () => /not answer|not reachable/.test(running(await read(page))?.sentence ?? ''),
        { seconds: 90 });
      await look(page, `07-hangs-${name}`);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await page.waitForURL(`${state().workspace}/w/ada/`, { timeout: 120_000 });
    await page.goto(state().portal);
    await card(page).waitFor();
    await until('running', async () => /^● running/.test((await read(page)).state));
    await stopWorkspace(page);
  });

test('OpenClaw that refuses its configuration (exit code 78) is an error with its cause, and can be started again', async (page) => {
  tell({ live: false, ready: false });
  await openButton(page).click();
  await until('OpenClaw starting', async () => running(await read(page))?.title === 'OpenClaw starting');
  tell({ exit: { code: 78, lines: ['Config invalid: gateway.port must be a number'] } });
  const seen = await until('the error', async () => {
    const now = await read(page);
    return /^✕ error/.test(now.state) && now;
  });
  for (const words of [/refuses its configuration \(exit code 78\)/, /Correct it, then start/, /gateway\.port must be a number/])
    assert.match(seen.sentence || seen.trouble, words);
  assert.deepEqual(seen.steps.filter((step) => step.is === 'failed').map((step) => step.mark), ['✕']);
  assert.ok(seen.buttons.includes('Open workspace'), JSON.stringify(seen.buttons));
  await look(page, '08-exit-78');
  await page.reload();
  await until('the error after a reload', async () => /^✕ error/.test((await read(page)).state));
  await look(page, '08-exit-78-again');
  const tried = (await api('GET', '/api/v1/users/me/runtime/status', { token })).body.since;
  await new Promise((wake) => setTimeout(wake, 3000)); // nobody tries it again by themselves
  assert.equal((await api('GET', '/api/v1/users/me/runtime/status', { token })).body.since, tried);
  tell({});
  await openButton(page).click();
  await page.waitForURL(`${state().workspace}/w/ada/`);
  await page.goto(state().portal);
  await until('running', async () => /^● running/.test((await read(page)).state));
});

test('OpenClaw that keeps ending is tried again with the next try named, then left alone with the reason', async (page) => {
  tell({ exit: { code: 1, lines: ['out of memory'] } });
  const between = await until('the next try', async () => {
    const now = await read(page);
    return /The next try is in \d+ s/.test(running(now)?.sentence ?? '') && now;
  });
  assert.match(running(between).sentence, /ended with exit code 1/);
  await look(page, '09-crashed');
  const given = await until('the error', async () => {
    const now = await read(page);
    return /^✕ error/.test(now.state) && now;
  }, { seconds: 120 });
  assert.match(given.sentence, /times within 10 minutes.*stays stopped until somebody starts it.*out of memory/);
  await look(page, '10-crash-loop');
  tell({});
  await openButton(page).click();
  await page.waitForURL(`${state().workspace}/w/ada/`);
  await page.goto(state().portal);
  await until('running', async () => /^● running/.test((await read(page)).state));
  await stopWorkspace(page);
});

test('a start that is refused says by whom and why', async (page) => {
  const why = 'The OpenClaw image localhost/held:1 is not on this machine. Run installer/up, which makes it.';
  tell({ refuse: { 'cell.start': ['NOT_FOUND', why] } });
  await openButton(page).click();
  const seen = await until('the error', async () => {
    const now = await read(page);
    return /^✕ error/.test(now.state) && now;
  });
  assert.equal(seen.sentence, why);
  await look(page, '11-refused');
  tell({});
  await openButton(page).click();
  await page.waitForURL(`${state().workspace}/w/ada/`);
});
