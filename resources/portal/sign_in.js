// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
import {get, post, call} from './api.js';
import {h, show, field, form, failure} from './ui.js';

const passwordHint = 'At least 15 characters. A few unrelated words are good; a password manager is better.';
const newPassword = (label, attributes = {}) =>
  field(label, {type: 'password', autocomplete: 'new-password', minlength: 15, maxlength: 256, ...attributes}, passwordHint);

export async function signInPage(done, note) {
  const username = field('Name', {name: 'username', autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false', autofocus: true});
  const password = field('Password', {name: 'password', type: 'password', autocomplete: 'current-password'});
  const first = h('p', {class: 'muted', hidden: true}, 'Nobody can sign in yet: the first admin comes in by the link that installer/up printed. `clawloopsd bootstrap-link` prints a new one.');
  show(h('section', {class: 'card narrow'}, h('h1', {}, 'Sign in'), note ? h('p', {}, note) : null, first,
    form('Sign in', [username.element, password.element], async () => {
      await post('/auth/login', {username: username.input.value.trim(), password: password.input.value});
      await done();
    })));
  try {
    first.hidden = !(await get('/auth/options')).bootstrapOpen;
  } catch { /* the form says it when it is sent */ }
}

export function bootstrapPage(token, done) {
  const username = field('Your name here', {name: 'username', autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false', autofocus: true, pattern: '[a-z][a-z0-9\\-]{0,30}[a-z0-9]'},
    'Lower-case letters, digits and hyphens; it is part of your workspace\'s address.');
  const password = newPassword('Password', {name: 'password'});
  show(h('section', {class: 'card narrow'}, h('h1', {}, 'Set up this appliance'),
    h('p', {}, 'You are its first admin. Choose your name and a password.'),
    form('Set password', [username.element, password.element], async () => {
      await post('/auth/bootstrap', {token, username: username.input.value.trim(), password: password.input.value});
      await done();
    })));
}

export async function invitationPage(token, done) {
  const path = `/public/invitations/${encodeURIComponent(token)}`;
  let invitation;
  try {
    invitation = await get(path);
  } catch (error) {
    show(h('section', {class: 'card narrow'}, h('h1', {}, 'This invitation does not work'), failure(error),
      h('div', {class: 'row'}, h('button', {class: 'primary', type: 'button', onclick: () => done()}, 'Go to sign in'))));
    return;
  }
  const username = field('Your name here', {name: 'username', autocomplete: 'username', readonly: true, value: invitation.username});
  const password = newPassword('Password', {name: 'password', autofocus: true});
  show(h('section', {class: 'card narrow'}, h('h1', {}, 'Welcome to ClawLoops'),
    h('p', {}, 'You get a workspace of your own on this appliance. Choose a password.'),
    form('Set password', [username.element, password.element], async () => {
      await post(`${path}/accept`, {username: invitation.username, password: password.input.value});
      await done();
    })));
}

export function changePasswordPage(user, done, cancel) {
  const name = h('input', {type: 'text', autocomplete: 'username', value: user.username, hidden: true});
  const current = field('Password now', {type: 'password', autocomplete: 'current-password', autofocus: true});
  const next = newPassword('New password');
  show(h('section', {class: 'card narrow'}, h('h1', {}, 'Change password'),
    h('p', {}, user.mustChangePassword ? user.passwordChangeReason ?? 'You have to set a new password before you go on.'
      : 'You stay signed in here; everywhere else you are signed out.'),
    form('Set password', [name, current.element, next.element], async () => {
      await post('/auth/password/change', {currentPassword: current.input.value, newPassword: next.input.value});
      await done();
    }, cancel ? h('button', {type: 'button', onclick: cancel}, 'Back') : null)));
}

export function disabledPage(user, signOut) {
  show(h('section', {class: 'card narrow'}, h('h1', {}, 'You are on hold'),
    h('p', {}, `An admin has disabled ${user.username} on this appliance. Your workspace is kept. Ask an admin to enable you again.`),
    h('div', {class: 'row'}, h('button', {class: 'primary', type: 'button', onclick: signOut}, 'Sign out'))));
}

export async function signOut() {
  await call('POST', '/auth/logout');
}
