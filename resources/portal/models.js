// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a person may use and what is left of it: models, this month, budgets with their bars, limits, the place in the queue, and
// in front of everything the notice that models do not answer them.
import {get} from './api.js';
import {h, count, money, span, left, notOffered} from './ui.js';

const windows = {day: 'today', week: 'this week', month: 'this month', run: 'in one run'};
const amount = (budget, value) => budget.unit === 'money' ? money(value) : `${count(value)} tokens`;
const today = () => new Date().toISOString().slice(0, 10);

function budgetRow(budget) {
  const limit = budget.limit + (budget.raisedOn === today() ? budget.raisedBy : 0);
  const gone = budget.spent + (budget.reserved ?? 0);
  const state = limit <= budget.spent ? 'bad' : gone >= limit * 0.8 ? 'warn' : 'ok';
  const words = `${amount(budget, budget.spent)} of ${amount(budget, limit)} ${windows[budget.window] ?? ''}`;
  const rest = limit <= budget.spent ? 'Used up: models refuse you until it starts anew. An admin can raise it.' : state === 'warn' ? 'Nearly used up.' : '';
  return h('li', {class: 'budget'},
    h('div', {class: 'line'}, h('span', {}, budget.name || 'Budget'), h('span', {class: 'figures'}, words)),
    h('progress', {class: state, max: Math.max(1, limit), value: limit > 0 ? Math.min(budget.spent, limit) : 1, 'aria-label': `${budget.name || 'Budget'}: ${words}`}),
    h('p', {class: 'small muted'}, [rest, budget.resetsAt ? `Starts anew in ${left(budget.resetsAt)}.` : ''].filter(Boolean).join(' ')));
}

function limitText(limit) {
  const parts = [];
  if (limit.requestsPerMinute > 0)
    parts.push(`${limit.requestsPerMinute} requests`);
  if (limit.tokensPerMinute > 0)
    parts.push(`${count(limit.tokensPerMinute)} tokens`);
  const pace = parts.length ? `${parts.join(' and ')} a minute` : '';
  return [pace, limit.streams > 0 ? `${limit.streams} answers at once` : ''].filter(Boolean).join(', ');
}

export class ModelsCard {
  constructor() {
    this.held = h('section', {class: 'card held', role: 'alert', hidden: true});
    this.models = h('ul', {class: 'models'});
    this.none = h('p', {class: 'muted'});
    this.month = h('p', {class: 'muted figures'});
    this.queue = h('ul', {class: 'list', 'aria-label': 'Waiting', hidden: true});
    this.budgets = h('ul', {class: 'budgets', 'aria-label': 'Budgets'});
    this.limits = h('p', {class: 'small muted', hidden: true});
    this.problem = h('p', {class: 'small muted', hidden: true});
    this.element = h('section', {class: 'card', 'aria-label': 'Models'}, h('div', {class: 'head'}, h('h2', {}, 'Models you can use')),
      this.none, this.models, this.queue, this.month, this.budgets, this.limits, this.problem);
    this.gone = false;
    this.start();
  }

  start() {
    this.readModels();
    this.readQuota();
    this.readQueue();
  }

  leave() {
    this.gone = true;
    clearTimeout(this.soon);
    clearTimeout(this.ticking);
  }

  async readModels() {
    try {
      const {items} = await get('/models');
      this.none.textContent = items.length ? '' : 'None. Ask an admin to offer one.';
      this.none.hidden = items.length > 0;
      this.models.replaceChildren(...items.map(each => h('li', {}, h('span', {}, each.title),
        each.title === each.modelId ? null : h('code', {}, each.modelId), each.available ? null : h('span', {class: 'state warn'}, '▲ does not answer right now'))));
    } catch {
      this.none.hidden = false;
      this.none.textContent = 'The list cannot be read right now.';
    }
  }

  async readQuota() {
    try {
      const {items, limits, held} = await get('/users/me/quota');
      this.held.hidden = !held;
      this.held.replaceChildren(...(held ? [h('h2', {}, '❄ Models do not answer you'), h('p', {}, held),
        h('p', {class: 'muted small'}, 'Your workspace and your files stay as they are. Only an admin can release you: ask one.')] : []));
      this.budgets.replaceChildren(...items.map(budgetRow));
      const texts = (limits ?? []).map(limitText).filter(Boolean);
      this.limits.hidden = texts.length === 0;
      this.limits.textContent = texts.length ? `At most ${texts.join('; ')}.` : '';
      this.say('');
    } catch (error) {
      this.say(notOffered(error, 'What is left of your budgets'));
    }
  }

  async readQueue() {
    let entries = [];
    try {
      const answer = await get('/users/me/queue');
      entries = answer.items ?? answer.entries ?? [];
    } catch { /* no place can be told; the request itself is answered or refused all the same */ }
    this.queue.hidden = entries.length === 0;
    this.queue.replaceChildren(...entries.map(each => h('li', {},
      h('span', {}, h('span', {class: 'state busy'}, '⋯ waiting'), ` for ${each.route}`),
      h('span', {class: 'muted figures'}, each.position === 1 ? 'next' : `place ${each.position}`, each.waitMs > 0 ? `, about ${span(each.waitMs)}` : ''))));
    clearTimeout(this.ticking);
    if (entries.length && !this.gone)
      this.ticking = setTimeout(() => this.readQueue(), 3000);
  }

  say(sentence) {
    this.problem.hidden = !sentence;
    this.problem.textContent = sentence;
  }

  // Many events, one look.
  changed() {
    clearTimeout(this.soon);
    this.soon = setTimeout(() => { if (!this.gone) this.readQuota(); }, 1000);
  }

  used(total) {
    this.month.textContent = total.requests === 0 ? 'This month: nothing yet.'
      : `This month: ${count(total.promptTokens + total.completionTokens)} tokens in ${count(total.requests)} requests.`;
  }
}
