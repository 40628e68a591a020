// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
import {get} from './api.js';
import {h, show, count, clock} from './ui.js';
import {WorkspaceCard} from './workspace.js';
import {peopleCard} from './people.js';

// `again` looks at who is signed in anew; `openNow`: the person was on the way to the workspace.
export function homePage(user, again, openNow) {
  const card = new WorkspaceCard(again);
  const models = h('p', {class: 'muted'});
  const usage = h('p', {class: 'muted figures'});
  const stale = h('p', {class: 'stale', hidden: true, role: 'status'});
  show(stale, card.element,
    h('section', {class: 'card', 'aria-label': 'Models'}, h('div', {class: 'head'}, h('h2', {}, 'Models you can use')), models, usage),
    user.isAdmin ? peopleCard() : '');

  const useOf = summary => {
    const total = summary.total.promptTokens + summary.total.completionTokens;
    usage.textContent = summary.total.requests === 0 ? 'This month: nothing yet.'
      : `This month: ${count(total)} tokens in ${count(summary.total.requests)} requests.`;
  };
  get('/models').then(({items}) => {
    models.textContent = items.length ? items.map(each => each.title).join(' · ') : 'None. Ask an admin to offer one.';
  }, () => { models.textContent = 'The list cannot be read right now.'; });

  const events = new EventSource('/api/v1/events');
  const mine = runtime => { if (runtime.userId === user.userId) card.put(runtime); };
  let opened = false;
  events.addEventListener('snapshot', event => {
    stale.hidden = true;
    const data = JSON.parse(event.data);
    data.runtimes.forEach(mine);
    const own = user.isAdmin ? data.usage.byUser.find(each => each.key === user.userId) : data.usage.total;
    useOf({total: own ?? {requests: 0, promptTokens: 0, completionTokens: 0}});
    if (openNow && !opened) {
      opened = true;
      card.open();
    }
  });
  events.addEventListener('runtime', event => mine(JSON.parse(event.data)));
  events.addEventListener('usage', event => {
    const data = JSON.parse(event.data);
    const own = user.isAdmin ? data.byUser.find(each => each.key === user.userId) : data.total;
    if (own)
      useOf({total: own});
  });
  events.addEventListener('error', () => {
    if (stale.hidden)
      stale.textContent = `No contact since ${clock(Date.now())}, trying.`;
    stale.hidden = false;
    if (events.readyState === EventSource.CLOSED) { // refused: look whether the session is still there
      leave();
      setTimeout(again, 2000);
    }
  });
  function leave() {
    events.close();
    card.leave();
  }
  return leave;
}
