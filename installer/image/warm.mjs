// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Starts OpenClaw once, waits until it is ready, and stops it cleanly, so that Node writes its compile cache. Runs while
// the image is made, without a network. Exit 0 only when it was ready.
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

const state = "/home/node/.openclaw";
mkdirSync(state, { recursive: true, mode: 0o700 });
writeFileSync(`${state}/openclaw.json`, JSON.stringify({
  gateway: { mode: "local", auth: { mode: "token", token: "only-while-the-image-is-made" } },
}));
const child = spawn("openclaw", ["gateway", "--bind", "loopback", "--port", "18789"], {
  stdio: "inherit",
  env: {
    ...process.env,
    OPENCLAW_STATE_DIR: state,
    XDG_CACHE_HOME: `${state}/cache`,
    OPENCLAW_NO_RESPAWN: "1",
    OPENCLAW_DISABLE_BONJOUR: "1",
    OPENCLAW_NO_AUTO_UPDATE: "1",
  },
});
const ended = new Promise((done) => child.on("exit", (code) => done(code ?? 1)));
let ready = false;
const started = Date.now();
while (!ready && Date.now() - started < 240_000 && child.exitCode === null) {
  await pause(500);
  ready = await fetch("http://127.0.0.1:18789/readyz").then((answer) => answer.ok, () => false);
}
console.log(ready ? `ready after ${((Date.now() - started) / 1000).toFixed(1)} s` : "not ready");
if (ready) await pause(3000);
child.kill("SIGTERM");
await ended;
process.exit(ready ? 0 : 1);
