// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The API, from the browser's side. Every refusal is an ApiError with the server's sentence and request id.

export class ApiError extends Error {
  constructor(status, code, message, requestId) {
    super(message);
    this.status = status;
    this.code = code;
    this.requestId = requestId;
  }
}

export async function call(method, path, body) {
  const options = {method, credentials: 'same-origin', cache: 'no-store', headers: {Accept: 'application/json'}};
  if (body !== undefined) {
    options.headers['Content-Type'] = 'application/json';
    options.body = JSON.stringify(body);
  }
  let answer;
  try {
    answer = await fetch('/api/v1' + path, options);
  } catch {
    throw new ApiError(0, 'NO_CONTACT', 'The appliance does not answer. Check that it runs and that this device is on its network, then try again.', '');
  }
  if (answer.status === 204)
    return null;
  const text = await answer.text();
  let data;
  try {
    data = JSON.parse(text);
  } catch {
    throw new ApiError(answer.status, 'NO_CONTACT', `The control plane is not reachable behind the entry (${answer.status}). It may be starting; try again in a moment.`,
      answer.headers.get('X-Request-Id') ?? '');
  }
  if (!answer.ok)
    throw new ApiError(answer.status, data.code, data.message, data.requestId);
  return data;
}

export const get = path => call('GET', path);
export const post = (path, body) => call('POST', path, body);
