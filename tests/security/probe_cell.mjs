// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Runs inside a cell (node --input-type=module): tries what a cell must not reach and prints what it saw as JSON. Argument:
// {"addresses":[…],"ports":[…],"names":[…]}, addresses of this machine and of the documentation ranges only.

import { lookup } from 'node:dns/promises';
import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';

const wanted = JSON.parse(process.argv[2] ?? process.argv[1]);

const tryTcp = (host, port) => new Promise((resolve) => {
  const socket = connect({ host, port, timeout: 2000 });
  const end = (what) => { socket.destroy(); resolve({ host, port, what }); };
  socket.on('connect', () => end('open'));
  socket.on('timeout', () => end('timeout'));
  socket.on('error', (error) => end(error.code));
});

function sockets(folder, found = [], depth = 0) {
  if (depth > 6 || /^\/(proc|sys|dev)/.test(folder)) return found;
  let names = [];
  try { names = readdirSync(folder, { withFileTypes: true }); } catch { return found; }
  for (const entry of names) {
    const path = `${folder === '/' ? '' : folder}/${entry.name}`;
    if (entry.isSocket()) found.push(path);
    else if (entry.isDirectory() && !entry.isSymbolicLink() && entry.name !== 'node_modules') sockets(path, found, depth + 1);
  }
  return found;
}

const writable = (path) => {
  try { writeFileSync(`${path}/.probe`, 'x'); return true; } catch { return false; }
};
const readable = (path) => {
  try { accessSync(path, constants.R_OK); return statSync(path).isFile(); } catch { return false; }
};
const status = Object.fromEntries(readFileSync('/proc/self/status', 'utf8').split('\n').map((line) => line.split(':\t')).filter((pair) => pair[1]));

const connections = [];
for (const host of wanted.addresses) for (const port of wanted.ports) connections.push(await tryTcp(host, port));
const names = {};
for (const name of wanted.names) names[name] = await lookup(name).then((answer) => answer.address, (error) => error.code);

console.log(JSON.stringify({
  interfaces: Object.keys(networkInterfaces()),
  connections,
  names,
  sockets: sockets('/'),
  processes: readdirSync('/proc').filter((name) => /^\d+$/.test(name))
    .map((pid) => { try { return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim(); } catch { return ''; } }),
  writable: ['/', '/usr', '/etc', '/run', '/run/clawloops', '/run/clawloops/out', '/run/clawloops/config', '/home/node'].filter((path) => existsSync(path) && writable(path)),
  readable: ['/etc/shadow', ...(wanted.files ?? [])].filter(readable),
  capabilities: { effective: status.CapEff, bounding: status.CapBnd, noNewPrivileges: status.NoNewPrivs, seccomp: status.Seccomp },
  engineSockets: ['/run/podman/podman.sock', '/var/run/docker.sock', '/run/user/1000/podman/podman.sock'].filter(existsSync),
  uidMap: readFileSync('/proc/self/uid_map', 'utf8').trim().split(/\s+/),
}));
