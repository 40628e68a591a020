// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// For admins: inviting. The rest of an admin's work is in the desktop app.
import {get, post} from './api.js';
import {h, field, form, failure, copyButton, ago} from './ui.js';

export function peopleCard() {
  const name = field('Name', {name: 'invitee', autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false', pattern: '[a-z][a-z0-9\\-]{0,30}[a-z0-9]'},
    'Lower-case letters, digits and hyphens; it is part of their workspace\'s address.');
  const made = h('div', {class: 'made', 'aria-live': 'polite'});
  const list = h('ul', {class: 'list', hidden: true});

  const present = ({invitation, link}) => {
    const text = h('input', {readonly: true, value: link, 'aria-label': `Invitation link for ${invitation.username}`, onfocus: event => event.target.select()});
    made.replaceChildren(h('div', {class: 'field'}, h('p', {class: 'small'}, `Give this link to ${invitation.username}. It works once, for 7 days, and is not shown again.`),
      h('div', {class: 'link'}, text, copyButton(link))));
  };
  const act = async work => {
    try {
      await work();
    } catch (error) {
      made.replaceChildren(failure(error));
    }
  };
  const load = () => act(async () => {
    const pending = (await get('/admin/invitations')).items.filter(each => each.status === 'pending');
    list.hidden = pending.length === 0;
    list.replaceChildren(...pending.map(each => h('li', {},
      h('span', {}, each.username, h('span', {class: 'muted small', title: each.createdAt}, ` invited ${ago(each.createdAt)} ago`)),
      h('span', {class: 'row'},
        h('button', {type: 'button', class: 'plain', onclick: () => act(async () => { present(await post(`/admin/invitations/${each.invitationId}/resend`)); await load(); })}, 'New link'),
        h('button', {type: 'button', class: 'plain destructive', onclick: () => act(async () => { await post(`/admin/invitations/${each.invitationId}/revoke`); made.replaceChildren(); await load(); })}, 'Revoke')))));
  });
  const invite = form('Invite', [name.element], async () => {
    present(await post('/admin/invitations', {username: name.input.value.trim()}));
    name.input.value = '';
    await load();
  });
  load();
  return h('section', {class: 'card', 'aria-label': 'People'}, h('div', {class: 'head'}, h('h2', {}, 'People')),
    h('p', {class: 'muted'}, 'People, runtimes and models are looked after in the desktop app: start ', h('code', {}, 'clawloops'), ' on your machine.'),
    invite, made, list);
}
