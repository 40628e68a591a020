// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A person's keys for their own programs. The secret is shown once, where it is made, and is nowhere afterwards.
import {call, get, post} from './api.js';
import {h, field, form, failure, copyButton, ago, left, notOffered} from './ui.js';

const day = 24 * 3600 * 1000;
const spans = [['30', '30 days'], ['90', '90 days'], ['365', 'a year'], ['', 'until revoked']];

export function keysCard() {
  const list = h('ul', {class: 'list', hidden: true});
  const made = h('div', {class: 'made', 'aria-live': 'polite'});
  const problem = h('div', {});
  const name = field('Name', {name: 'key', autocomplete: 'off', maxlength: 64}, 'What it is for: "laptop", "nightly job".');
  const lasts = h('select', {id: 'key-lasts', name: 'lasts'}, spans.map(([value, text]) => h('option', {value, selected: value === '90'}, text)));
  const batch = h('input', {type: 'checkbox', id: 'key-batch'});

  const row = key => {
    const over = key.expiresAt && Date.parse(key.expiresAt) <= Date.now();
    const facts = [`${key.prefix}…`, key.lastUsedAt ? `used ${ago(key.lastUsedAt)} ago` : 'never used',
      key.expiresAt ? over ? 'has run out' : `runs out in ${left(key.expiresAt)}` : 'until revoked', key.batch ? 'batch' : ''].filter(Boolean);
    const item = h('li', {});
    const plain = () => item.replaceChildren(h('span', {}, key.name, h('span', {class: 'muted small block'}, facts.join(' · '))),
      h('button', {type: 'button', class: 'plain destructive', 'aria-label': `Revoke ${key.name}`, onclick: ask}, 'Revoke'));
    const ask = () => {
      const yes = h('button', {type: 'button', class: 'plain destructive', onclick: async () => {
        yes.disabled = true;
        try {
          await call('DELETE', `/users/me/keys/${encodeURIComponent(key.keyId)}`);
          problem.replaceChildren();
          made.replaceChildren();
        } catch (error) {
          problem.replaceChildren(failure(error));
        }
        await load();
      }}, 'Revoke for good');
      item.replaceChildren(h('span', {}, `Whatever uses "${key.name}" is refused from then on.`),
        h('span', {class: 'row'}, yes, h('button', {type: 'button', class: 'plain', onclick: plain}, 'Keep it')));
      yes.focus();
    };
    plain();
    return item;
  };
  const load = async () => {
    try {
      const {items} = await get('/users/me/keys');
      list.hidden = items.length === 0;
      list.replaceChildren(...items.map(row));
      create.hidden = false;
    } catch (error) {
      create.hidden = error.status === 404;
      problem.replaceChildren(error.status === 404 ? h('p', {class: 'muted'}, notOffered(error, 'Keys')) : failure(error));
    }
  };
  const create = form('Make key', [name.element,
    h('div', {class: 'field'}, h('label', {for: 'key-lasts'}, 'Lasts'), lasts),
    h('div', {class: 'field check'}, batch, h('label', {for: 'key-batch'}, 'Batch: waits behind people who wait in person'))], async () => {
    const body = {name: name.input.value.trim(), batch: batch.checked};
    if (lasts.value)
      body.expiresAt = new Date(Date.now() + Number(lasts.value) * day).toISOString();
    const {key, secret} = await post('/users/me/keys', body);
    const shown = h('input', {readonly: true, value: secret, 'aria-label': `The key ${key.name}`, onfocus: event => event.target.select()});
    made.replaceChildren(h('div', {class: 'field'},
      h('p', {class: 'small'}, `This is the key "${key.name}". It is shown only now: put it where the program keeps its secrets.`),
      h('div', {class: 'link'}, shown, copyButton(secret)),
      h('p', {class: 'hint'}, 'Programs that speak OpenAI\'s protocol use it with the address ', h('code', {}, `${location.origin}/v1`), '.')));
    name.input.value = '';
    await load();
  });
  create.hidden = true; // until it is known that there is such a thing here
  load();
  return {
    element: h('section', {class: 'card', 'aria-label': 'Keys'}, h('div', {class: 'head'}, h('h2', {}, 'Keys')),
      h('p', {class: 'muted'}, 'With a key a program of yours uses the same models, budgets and limits as you do.'), list, problem, create, made),
    leave: () => { made.replaceChildren(); }, // nobody else reads the secret from this page
  };
}
