// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Small pieces every page is made of. Text only ever goes in as text.

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined)
      continue;
    if (name.startsWith('on'))
      element.addEventListener(name.slice(2), value);
    else
      element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

export function show(...content) {
  document.getElementById('page').replaceChildren(...content);
  document.querySelector('#page [autofocus]')?.focus();
}

let fields = 0;
export function field(label, attributes, hint) {
  const id = `field-${++fields}`;
  const hintId = hint ? `${id}-hint` : null;
  const input = h('input', {id, 'aria-describedby': hintId, required: true, ...attributes});
  return {input, element: h('div', {class: 'field'}, h('label', {for: id}, label), input, hint ? h('p', {class: 'hint', id: hintId}, hint) : null)};
}

export function copyButton(text, label = 'Copy') {
  const button = h('button', {type: 'button', class: 'plain', onclick: async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = 'Copied';
    } catch {
      button.textContent = 'Select and copy it by hand';
    }
    setTimeout(() => { button.textContent = label; }, 2000);
  }}, label);
  return button;
}

// One sentence, and the request id in small print.
export function failure(error) {
  return h('div', {class: 'failure', role: 'alert'},
    h('p', {}, error.message),
    error.requestId ? h('div', {class: 'row'}, h('span', {class: 'mono'}, error.requestId), copyButton(error.requestId)) : null);
}

// A form that says what went wrong beneath its fields and cannot be sent twice. `send` may throw an ApiError.
export function form(verb, fieldElements, send, beside = null) {
  const problem = h('div', {});
  const button = h('button', {class: 'primary', type: 'submit'}, verb);
  return h('form', {onsubmit: async event => {
    event.preventDefault();
    button.disabled = true;
    problem.replaceChildren();
    try {
      await send();
    } catch (error) {
      problem.replaceChildren(failure(error));
    } finally {
      button.disabled = false;
    }
  }}, fieldElements, problem, h('div', {class: 'row'}, button, beside));
}

export function ago(text, now = Date.now()) {
  const seconds = Math.max(0, Math.round((now - Date.parse(text)) / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ${Math.floor(seconds % 3600 / 60)} min`;
  return `${Math.floor(seconds / 86400)} days`;
}
export const clock = text => new Date(text).toLocaleTimeString([], {hour: '2-digit', minute: '2-digit', hourCycle: 'h23'});
export const span = ms => ms < 10000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
export const count = number => number < 10000 ? `${number}` : number < 10000000 ? `${Math.round(number / 1000)} k` : `${(number / 1000000).toFixed(1)} M`;
// Nano-units of the dollar; what is not nothing is never shown as nothing.
export const money = nanos => nanos > 0 && nanos < 10000000 ? '< $0.01' : `$${(Math.round(nanos / 10000000) / 100).toFixed(2)}`;
export function left(text, now = Date.now()) {
  const seconds = Math.max(0, Math.round((Date.parse(text) - now) / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.ceil(seconds / 60)} min`;
  if (seconds < 2 * 86400) return `${Math.ceil(seconds / 3600)} h`;
  return `${Math.ceil(seconds / 86400)} days`;
}
export const notOffered = (error, what) => error.status === 404 ? `${what}: this appliance does not offer it.` : `${what} cannot be read right now.`;
