// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The card with the person's workspace: its state, and the way into it.
import {get, post} from './api.js';
import {h, failure, ago, clock, span} from './ui.js';

const words = {
  running: ['●', 'running', 'ok'], starting: ['◐', 'starting', 'busy'], stopping: ['◐', 'stopping', 'busy'], paused: ['❚❚', 'paused', 'quiet'],
  stopped: ['○', 'stopped', 'quiet'], none: ['○', 'not made yet', 'quiet'], error: ['✕', 'error', 'bad'],
};
const marks = {done: '✓', running: '◐', waiting: '○', failed: '✕'};

function stateOf(runtime) {
  if (!runtime || runtime.observedState === 'deleted')
    return 'none';
  const busy = runtime.task && (runtime.task.state === 'pending' || runtime.task.state === 'running');
  if (runtime.observedState === 'error')
    return busy ? 'starting' : 'error';
  if (busy && runtime.task.action !== 'start')
    return 'stopping';
  if (runtime.observedState === 'creating' || (runtime.observedState === 'running' && !runtime.ready) || (busy && !runtime.ready))
    return 'starting';
  return runtime.observedState;
}

// What is asked for and not yet begun is the first step's matter: somebody waits, so it has a time and a sentence.
function stepsOf(task) {
  const begun = task.steps.some(step => step.startedAt);
  if (task.state === 'failed' && !begun)
    return [];
  return task.steps.map((step, number) => number > 0 || !['waiting', 'running'].includes(step.state) ? step
    : {...step, state: 'running', startedAt: task.createdAt, sentence: step.sentence ?? 'It is asked for, and not begun yet.'});
}

function stepRow(step) {
  const time = step.durationMs !== null ? step.durationMs : step.startedAt ? Math.max(0, Date.now() - Date.parse(step.startedAt)) : null;
  return h('li', {class: step.state},
    h('span', {class: 'mark', 'aria-hidden': 'true'}, marks[step.state] ?? '?'), h('span', {}, step.title),
    h('span', {class: 'muted figures'}, time === null ? '' : span(time)),
    step.sentence && step.state !== 'failed' ? h('span', {class: 'sentence muted'}, step.sentence) : null); // a failure stands above
}

export class WorkspaceCard {
  constructor(fail) {
    this.runtime = null;
    this.heard = 0;
    this.opening = false;
    this.problem = null;
    this.fail = fail; // of a session that has ended
    this.stateLine = h('span', {class: 'state', role: 'status'});
    this.sentence = h('p', {class: 'muted'});
    this.steps = h('ol', {class: 'steps', 'aria-live': 'off'});
    this.trouble = h('div', {});
    this.openButton = h('button', {class: 'primary', type: 'button', onclick: () => this.open()}, 'Open workspace');
    this.stopButton = h('button', {type: 'button', onclick: () => this.stop()}, 'Stop');
    this.element = h('section', {class: 'card', 'aria-label': 'Your workspace'},
      h('div', {class: 'head'}, h('h2', {}, 'Your workspace'), this.stateLine), this.sentence,
      h('div', {class: 'row'}, this.openButton, this.stopButton), this.steps, this.trouble);
    this.draw();
    this.ticker = setInterval(() => this.draw(), 500);
  }

  leave() { clearInterval(this.ticker); this.opening = false; }

  put(runtime) {
    this.runtime = runtime;
    ++this.heard;
    this.draw();
    this.wake?.();
  }

  // What was heard on the event stream while an answer was on its way is newer than the answer: then it is asked for again.
  async ask(request) {
    for (;; request = () => get('/users/me/runtime/status')) {
      const before = this.heard;
      const answer = await request();
      if (this.heard === before) {
        this.put(answer);
        return;
      }
    }
  }

  draw() {
    const state = stateOf(this.runtime);
    const [shape, word, colour] = words[state] ?? ['?', 'unknown', 'quiet'];
    this.stateLine.className = `state ${colour}`;
    const line = `${shape} ${word}` + (this.runtime && state !== 'none' ? ` · ${ago(this.runtime.since)}` : '');
    if (this.stateLine.textContent !== line)
      this.stateLine.textContent = line;
    this.sentence.className = state === 'error' ? 'cause' : 'muted';
    this.sentence.textContent = state === 'none' ? 'It is made when you open it for the first time; that takes about half a minute.'
      : state === 'running' ? `Running since ${clock(this.runtime.since)}.`
          : state === 'stopped' ? 'Your files are kept. Opening it starts it again.' : this.runtime.reason;
    this.openButton.disabled = this.opening || state === 'stopping';
    this.openButton.textContent = this.opening ? 'Opening…' : 'Open workspace';
    this.stopButton.hidden = !['running', 'starting', 'paused'].includes(state);
    const task = this.runtime?.task;
    const follow = task && (this.opening || task.state === 'pending' || task.state === 'running' || (task.state === 'failed' && state === 'error'));
    const steps = follow ? stepsOf(task) : [];
    this.steps.replaceChildren(...steps.map(stepRow));
    this.sentence.hidden = steps.length > 0 && (state === 'starting' || state === 'stopping'); // the steps say it, with seconds
    this.trouble.replaceChildren(...(this.problem ? [this.problem] : []));
  }

  async attempt(work) {
    this.problem = null;
    try {
      await work();
    } catch (error) {
      this.opening = false;
      if (error.status === 401 || error.status === 403)
        return this.fail();
      this.problem = failure(error);
    }
    this.draw();
  }

  open() {
    return this.attempt(async () => {
      this.opening = true;
      this.draw();
      if (!this.runtime?.ready)
        await this.ask(() => post('/users/me/runtime/start'));
      await this.follow();
    });
  }

  // Until it is ready or has failed. Looks at every event, and asks by itself, so that a lost event stream holds nobody up.
  async follow() {
    while (this.opening) {
      const task = this.runtime.task;
      if (this.runtime.ready) {
        location.assign(this.runtime.browserUrl);
        return;
      }
      if (task && task.state === 'failed') {
        this.opening = false;
        const said = this.runtime.observedState === 'error'; // then the cause stands above
        this.problem = said ? null : failure({message: task.error?.message ?? this.runtime.reason, requestId: ''});
        return;
      }
      const heard = await new Promise(wake => { this.wake = () => wake(true); setTimeout(wake, 700, false); });
      this.wake = null;
      if (this.opening && !heard)
        await this.ask(() => get('/users/me/runtime/status'));
    }
  }

  stop() {
    this.opening = false;
    return this.attempt(() => this.ask(() => post('/users/me/runtime/stop')));
  }
}
