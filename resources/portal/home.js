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

  const mine = runtime => { if (runtime.userId === user.userId) card.put(runtime); };
  let opened = false;
  let events;
  let heard;
  let later;
  let left = false;
  const silent = () => {
    if (stale.hidden)
      stale.textContent = `No contact since ${clock(heard)}, trying. What you see is from then.`;
    stale.hidden = false;
    document.body.classList.add('silent');
  };
  const listen = (name, take) => events.addEventListener(name, event => {
    heard = Date.now();
    stale.hidden = true;
    document.body.classList.remove('silent');
    take?.(JSON.parse(event.data));
  });
  const snapshot = data => {
    data.runtimes.forEach(mine);
    const own = user.isAdmin ? data.usage.byUser.find(each => each.key === user.userId) : data.usage.total;
    useOf({total: own ?? {requests: 0, promptTokens: 0, completionTokens: 0}});
    if (openNow && !opened) {
      opened = true;
      card.open();
    }
  };
  const used = data => {
    const own = user.isAdmin ? data.byUser.find(each => each.key === user.userId) : data.total;
    if (own)
      useOf({total: own});
  };
  const connect = () => {
    events?.close();
    events = new EventSource('/api/v1/events');
    heard = Date.now();
    listen('snapshot', snapshot);
    listen('runtime', mine);
    listen('usage', used);
    listen('ping');
    events.addEventListener('error', () => {
      silent();
      if (events.readyState === EventSource.CLOSED) // refused, and not tried again by itself
        later = setTimeout(askWhy, 2000);
    });
  };
  // Is the session gone, or is nobody there to ask? Only the first changes the page.
  const askWhy = async () => {
    let access;
    try {
      ({access} = await get('/auth/access'));
    } catch {
      if (!left)
        later = setTimeout(askWhy, 2000);
      return;
    }
    if (left)
      return;
    if (['signed_out', 'disabled', 'password_change_required'].includes(access))
      again();
    else
      connect();
  };
  // The appliance says something every 15 s; a connection that is open and dumb raises no error by itself.
  const watch = setInterval(() => {
    if (Date.now() - heard > 40000 && events.readyState !== EventSource.CLOSED) {
      silent();
      connect();
    }
  }, 5000);
  function leave() {
    left = true;
    clearInterval(watch);
    clearTimeout(later);
    document.body.classList.remove('silent');
    events.close();
    card.leave();
  }
  connect();
  return leave;
}
