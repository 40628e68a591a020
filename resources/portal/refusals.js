// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// "Why was I refused?": the person's last requests that were not let in. Hidden while there are none.
import {get} from './api.js';
import {h, copyButton, ago} from './ui.js';

export function refusalsCard() {
  const list = h('ul', {class: 'list refusals'});
  const element = h('section', {class: 'card', 'aria-label': 'Refused', hidden: true}, h('div', {class: 'head'}, h('h2', {}, 'Refused lately')),
    h('p', {class: 'muted'}, 'Requests of yours that no model was asked. An admin can look up each by its id.'), list);
  let gone = false;
  let soon;
  const load = async () => {
    let all;
    try {
      const answer = await get('/users/me/refusals');
      all = answer.items ?? answer.refusals ?? [];
    } catch {
      return; // what was known stays
    }
    element.hidden = all.length === 0;
    list.replaceChildren(...all.slice(0, 5).map(each => h('li', {},
      h('span', {class: 'grow'}, each.sentence, h('span', {class: 'muted small block', title: each.at}, [`${ago(each.at)} ago`, each.route].filter(Boolean).join(' · '))),
      h('span', {class: 'row'}, h('span', {class: 'mono muted'}, each.requestId), copyButton(each.requestId)))));
  };
  load();
  const every = setInterval(load, 30000);
  return {
    element,
    changed: () => { clearTimeout(soon); soon = setTimeout(() => { if (!gone) load(); }, 1000); },
    leave: () => { gone = true; clearInterval(every); clearTimeout(soon); },
  };
}
