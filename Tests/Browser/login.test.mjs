// Logging in and staying connected: `sasl.js` and `link.js`.

import assert from "node:assert/strict";
import { test } from "node:test";
import { backoff, Link } from "../../Sources/CWebAssets/client/link.js";
import { choose, Scram } from "../../Sources/CWebAssets/client/sasl.js";

globalThis.crypto ??= (await import("node:crypto")).webcrypto; // Node 18 has it there alone.
const login = { account: "user", password: "pencil" };

// RFC 7677 section 3
const NONCE = "rOprNGfwEbeRWgbNEkqO";
const FIRST = `r=${NONCE}%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`;

test("SCRAM-SHA-256 says what the specification's example says", async () => {
  const scram = new Scram(login, NONCE);
  assert.equal(atob(await scram.answer("")), `n,,n=user,r=${NONCE}`);
  assert.equal(atob(await scram.answer(btoa(FIRST))), `c=biws,r=${NONCE}%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=`);
  assert.equal(await scram.answer(btoa("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")), "");
});

test("a server that does not know the password is found out", async () => {
  for (const last of ["v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", "", "e=invalid-proof"]) {
    const scram = new Scram(login, NONCE);
    await scram.answer("");
    await scram.answer(btoa(FIRST));
    await assert.rejects(scram.answer(btoa(last)));
  }
  for (const first of ["", "r=other,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096", FIRST.replace("4096", "1"), FIRST.replace("4096", "99999999999"), `r=${NONCE},s=aaaa,i=4096`]) {
    const scram = new Scram(login, NONCE);
    await scram.answer("");
    await assert.rejects(scram.answer(btoa(first)), first);
  }
});

test("a password is sent over an encrypted connection alone", () => {
  assert.equal(choose(login, ["PLAIN", "SCRAM-SHA-256"], { isSecure: false, hasCrypto: true }).mechanism, "SCRAM-SHA-256");
  assert.equal(choose(login, ["PLAIN"], { isSecure: true }).mechanism, "PLAIN");
  assert.equal(choose(login, ["PLAIN", "SCRAM-SHA-256"], { isSecure: true, hasCrypto: false }).mechanism, "PLAIN");
  for (const offered of [["PLAIN"], ["PLAIN", "SCRAM-SHA-256"]]) assert.throws(() => choose(login, offered, { isSecure: false, hasCrypto: false }), /not encrypted/);
  assert.throws(() => choose(login, ["EXTERNAL"], { isSecure: true }), /no way/);
});

test("the waits grow to 30 s, and chance spreads them", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5, 9].map((tries) => backoff(tries, () => 1)), [1000, 2000, 4000, 8000, 16000, 30000, 30000]);
  assert.equal(backoff(0, () => 0), 500);
});

/** A link over sockets that do what the test says. */
function wired() {
  const sockets = [];
  class Socket {
    constructor(url, protocols) {
      Object.assign(this, { url, protocols, sent: [], isClosed: false });
      sockets.push(this);
    }
    send(line) {
      this.sent.push(line);
    }
    close() {
      this.isClosed = true;
    }
  }
  const calls = [];
  const link = new Link("ws://x/irc", { Socket, random: () => 1, silence: 0, opened: () => calls.push("opened"), line: (line) => calls.push(line), closed: (code) => calls.push(code) });
  return { link, sockets, calls };
}

test("a lost connection is made again, and at once where something wakes up", () => {
  const { link, sockets, calls } = wired();
  link.start();
  assert.deepEqual(sockets[0].protocols, ["text.ircv3.net"]);
  sockets[0].onopen();
  sockets[0].onmessage({ data: "PING" });
  sockets[0].onclose({ code: 1006, reason: "" });
  assert.equal(link.state, "waiting");
  link.wake();
  assert.equal(sockets.length, 2);
  sockets[1].onopen();
  // Whatever the old socket still says is no longer heard.
  sockets[0].onmessage({ data: "old" });
  assert.deepEqual(calls, ["opened", "PING", 1006, "opened"]);
  link.stop();
});

test("whoever was banned or killed is not brought back", () => {
  const { link, sockets } = wired();
  link.start();
  sockets[0].onopen();
  sockets[0].onclose({ code: 1008, reason: "Banned" });
  assert.equal(link.state, "ended");
  link.wake();
  assert.equal(sockets.length, 1);
});

test("after sleep a connection has to prove that it is there", ({ mock }) => {
  // Time stands still but for what the test lets pass: any pause would be seen.
  mock.timers.enable({ apis: ["setTimeout"] });
  const { link, sockets } = wired();
  link.start();
  sockets[0].onopen();
  link.wake();
  assert.deepEqual(sockets[0].sent, ["PING :awake"]);
  sockets[0].onmessage({ data: "PONG" });
  assert.equal(link.state, "open");
  link.wake();
  mock.timers.tick(1);
  assert.equal(sockets[0].isClosed, true);
  assert.equal(sockets.length, 2, "It comes back without waiting");
  link.stop();
});
