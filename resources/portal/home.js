// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
import {get} from './api.js';
import {h, show, clock} from './ui.js';
import {keysCard} from './keys.js';
import {ModelsCard} from './models.js';
import {refusalsCard} from './refusals.js';
import {WorkspaceCard} from './workspace.js';
import {peopleCard} from './people.js';

// `again` looks at who is signed in anew; `openNow`: the person was on the way to the workspace.
export function homePage(user, again, openNow) {
  const card = new WorkspaceCard(again);
  const models = new ModelsCard();
  const keys = keysCard();
  const refusals = refusalsCard();
  const stale = h('p', {class: 'stale', hidden: true, role: 'status'});
  show(stale, models.held, card.element, models.element, keys.element, refusals.element, user.isAdmin ? peopleCard() : '');

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
    models.used(own ?? {requests: 0, promptTokens: 0, completionTokens: 0});
    if (openNow && !opened) {
      opened = true;
      card.open();
    }
  };
  const used = data => {
    const own = user.isAdmin ? data.byUser.find(each => each.key === user.userId) : data.total;
    if (own)
      models.used(own);
    models.changed();
    refusals.changed();
  };
  const connect = () => {
    events?.close();
    events = new EventSource('/api/v1/events');
    heard = Date.now();
    listen('snapshot', snapshot);
    listen('runtime', mine);
    listen('usage', used);
    listen('quota', () => models.changed());
    listen('queue', () => models.readQueue());
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
    models.leave();
    keys.leave();
    refusals.leave();
  }
  connect();
  return leave;
}
