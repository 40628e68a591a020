// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Which page: by the fragment (a single-use secret, taken out of the address at once) and by who is signed in.
import {get} from './api.js';
import {h, show, failure} from './ui.js';
import {signInPage, bootstrapPage, invitationPage, changePasswordPage, disabledPage, signOut} from './sign_in.js';
import {homePage} from './home.js';

let leave = () => {};
let openNow = false;
let retry;

function takeFragment() {
  const [name, value] = location.hash.slice(1).split('=');
  if (location.hash)
    history.replaceState(null, '', '/');
  return {name, value};
}

// The workspace sends people here when it cannot be opened; twice in a row means that going there again would not help.
function mayGoOn() {
  const last = Number(sessionStorage.getItem('sentBackAt') ?? 0);
  sessionStorage.setItem('sentBackAt', String(Date.now()));
  return Date.now() - last > 15000;
}

function personMenu(user) {
  const corner = document.getElementById('person');
  if (!user)
    return corner.replaceChildren();
  const out = async () => {
    try {
      await signOut();
    } catch { /* then the session is gone already, or the page says what is wrong */ }
    await start();
  };
  const menu = h('details', {class: 'menu'}, h('summary', {}, user.username),
    h('div', {class: 'items'},
      user.isDisabled ? null : h('button', {type: 'button', onclick: () => { menu.open = false; leave(); changePasswordPage(user, start, start); }}, 'Change password'),
      h('button', {type: 'button', onclick: out}, 'Sign out')));
  corner.replaceChildren(menu);
}

async function start() {
  leave();
  leave = () => {};
  clearTimeout(retry);
  let answer;
  try {
    answer = await get('/auth/access');
  } catch (error) {
    personMenu(null);
    show(h('section', {class: 'card narrow'}, h('h1', {}, 'No contact'), failure(error),
      h('p', {class: 'muted small'}, 'It is tried again every few seconds.'),
      h('div', {class: 'row'}, h('button', {class: 'primary', type: 'button', onclick: start}, 'Try again'))));
    retry = setTimeout(start, 4000);
    return;
  }
  personMenu(answer.user);
  if (answer.access === 'signed_out')
    return signInPage(start, openNow ? 'Then your workspace opens.' : null);
  if (answer.access === 'disabled')
    return disabledPage(answer.user, async () => { await signOut(); await start(); });
  if (answer.access === 'password_change_required')
    return changePasswordPage(answer.user, start);
  leave = homePage(answer.user, start, openNow);
  openNow = false;
}

const {name, value} = takeFragment();
show(h('div', {class: 'skeleton', 'aria-hidden': 'true'}));
if (name === 'workspace')
  openNow = mayGoOn();
if (name === 'bootstrap' && value)
  bootstrapPage(value, start);
else if (name === 'invitation' && value)
  await invitationPage(value, start);
else
  await start();
document.addEventListener('click', event => {
  for (const menu of document.querySelectorAll('details.menu[open]'))
    if (!menu.contains(event.target))
      menu.open = false;
});
document.addEventListener('keydown', event => {
  const menu = document.querySelector('details.menu[open]');
  if (event.key === 'Escape' && menu) {
    menu.open = false;
    menu.querySelector('summary').focus();
  }
});
window.addEventListener('hashchange', () => location.reload());
window.addEventListener('pageshow', event => { if (event.persisted) start(); });
