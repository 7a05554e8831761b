// A conversation by its lines: what the client sends, and what it then knows.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Chat, format } from "../../Sources/CWebAssets/client/irc.js";

const CAPS = "batch chathistory=1 echo-message labeled-response message-tags server-time draft/chathistory=1000 draft/read-marker draft/multiline=max-bytes=4096,max-lines=24 sasl=PLAIN";

/** A client and what it said; `lines` takes what was said since. */
function world({ caps = CAPS, login, sasl } = {}) {
  const out = [];
  const events = [];
  const chat = new Chat({ send: (line) => out.push(line), changed: (what, detail) => events.push([what, detail]), sasl, now: () => 5000 });
  const lines = () => out.splice(0);
  const come = (wishes = ["#tea"]) => {
    chat.wishes = chat.rooms.size ? chat.wishes : wishes;
    chat.begin("ann", login);
    chat.receive(`:s CAP * LS :${caps}`);
    const request = out.findLast((line) => line.startsWith("CAP REQ"));
    if (request) chat.receive(`:s CAP * ACK :${request.slice(9)}`);
    chat.receive(":s 001 ann :Welcome");
    chat.receive(":s 005 ann CHANTYPES=# PREFIX=(ov)@+ CHANMODES=beI,k,l,imnst :are supported");
    lines();
  };
  const enter = (name = "#tea") => {
    chat.receive(`:ann!a@h JOIN ${name}`);
    chat.receive(`:s 353 ann = ${name} :@bob ann`);
    chat.receive(`:s 366 ann ${name} :End`);
  };
  return { chat, out, events, lines, come, enter };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));
const stamp = (id) => new Date(1000000 + id * 1000).toISOString();
const message = (id, text = `line ${id}`, nick = "bob") => `@msgid=e-${id};time=${stamp(id)} :${nick}!b@h PRIVMSG #tea :${text}`;

/** Answers the last question about history from a log of so many lines. */
async function answer({ chat, lines }, log, wanted = /CHATHISTORY/) {
  await settle();
  const question = lines().find((line) => wanted.test(line));
  assert.ok(question, "No question was asked");
  const [, label, kind, place] = /^@label=(\S+) CHATHISTORY (\S+) #tea (\S+) 100$/.exec(question);
  const index = place === "*" ? log.length : log.findIndex((line) => line.includes(`msgid=${place.slice(6)};`));
  const page = kind === "AFTER" ? log.slice(index + 1, index + 101) : log.slice(Math.max(0, index - 100), index);
  const isEnd = kind === "AFTER" ? index + 101 >= log.length : index <= 100;
  chat.receive(`@label=${label} :s BATCH +1 chathistory #tea`);
  page.forEach((line, at) => chat.receive(line.replace("@", `@batch=1;${isEnd && at === page.length - 1 ? "draft/chathistory-end;" : ""}`)));
  chat.receive(":s BATCH -1");
  await settle();
  return kind;
}
const texts = (room) => room.entries.filter((entry) => entry.text).map((entry) => entry.text);

test("it negotiates, comes into its rooms, and knows who is there", () => {
  const { chat, come, enter, out } = world();
  come();
  enter();
  const room = chat.room("#TEA");
  assert.deepEqual([...room.members.values()].map(({ nick, sign }) => sign + nick), ["@bob", "ann"]);
  chat.receive(":bob!b@h MODE #tea +v-o ann bob");
  assert.deepEqual([...room.members.values()].map(({ nick, sign }) => sign + nick), ["bob", "+ann"]);
  chat.receive(":bob!b@h NICK bea");
  assert.ok(room.members.has("bea") && !room.members.has("bob"));
  chat.receive("PING :x");
  assert.equal(out.at(-1), "PONG x");
});

test("a taken nickname is tried with a line behind it, a few times", () => {
  const { chat, lines } = world();
  chat.begin("ann");
  chat.receive(":s 433 * ann :in use");
  assert.equal(lines().at(-1), "NICK ann_");
});

test("500 missed lines are filled, in order, without a gap and without a double", async () => {
  const all = world();
  const log = Array.from({ length: 40 }, (_, id) => message(id));
  all.come();
  all.enter();
  await answer(all, log);
  const room = all.chat.room("#tea");
  assert.equal(texts(room).length, 40);
  all.chat.receive(message(40));
  log.push(message(40));

  all.chat.end();
  for (let id = 41; id < 541; id++) log.push(message(id));
  all.come();
  all.enter();
  // What is said while the gap is being filled comes behind it, and is in the history too.
  log.push(message(541));
  all.chat.receive(message(541));
  for (let page = 0; page < 6; page++) await answer(all, log);
  assert.deepEqual(texts(room), Array.from({ length: 542 }, (_, id) => `line ${id}`));
  assert.equal(room.filling, null);
  assert.equal(room.unread, 502, "What was said before one came the first time is no news");
});

test("what was typed meanwhile is sent after the gap is filled, and what had arrived is not sent again", async () => {
  const all = world();
  const log = [message(0)];
  all.come();
  all.enter();
  await answer(all, log);
  const room = all.chat.room("#tea");
  all.chat.say(room, "arrived");
  all.chat.say(room, "never left");
  all.lines();
  all.chat.end();
  all.chat.say(room, "typed in the dark");
  assert.deepEqual(all.lines(), []);
  log.push(message(1, "arrived", "ann"), message(2));
  all.come();
  all.enter();
  assert.ok(!all.out.some((line) => line.includes("PRIVMSG")), "Nothing is sent before the gap is filled");
  await answer(all, log);
  const sent = all.lines().map((line) => line.replace(/^@label=\S+ /, ""));
  assert.deepEqual(sent, ["PRIVMSG #tea :never left", "PRIVMSG #tea :typed in the dark"]);
  assert.deepEqual(texts(room), ["line 0", "arrived", "line 1", "line 2", "never left", "typed in the dark"].filter((text) => text !== "line 1"));
});

test("without history what was on its way is said to be perhaps lost, and what was not is sent", async () => {
  const { chat, come, enter, lines } = world({ caps: "echo-message labeled-response message-tags batch" });
  come();
  enter();
  const room = chat.room("#tea");
  chat.say(room, "on its way");
  chat.end();
  chat.say(room, "later");
  come();
  enter();
  await settle();
  assert.deepEqual(room.entries.filter((entry) => entry.isOwn).map(({ text, state }) => [text, state]), [["on its way", "lost"], ["later", "sending"]]);
  assert.equal(lines().filter((line) => line.includes("PRIVMSG")).length, 1);
});

test("more than is kept in memory is read from its end, and the rest by scrolling", async () => {
  const all = world();
  const log = [message(0)];
  all.come();
  all.enter();
  await answer(all, log);
  all.chat.end();
  for (let id = 1; id < 5000; id++) log.push(message(id));
  all.come();
  all.enter();
  let kind;
  for (let page = 0; page < 21 && kind !== "LATEST"; page++) kind = await answer(all, log);
  const room = all.chat.room("#tea");
  assert.deepEqual(texts(room), Array.from({ length: 100 }, (_, index) => `line ${4900 + index}`));
  assert.equal(room.filling, null);
  const older = all.chat.older(room);
  await answer(all, log);
  assert.equal(await older, true);
  assert.equal(texts(room)[0], "line 4800");
});

test("a room's memory has a bound however far one scrolls, and its end comes back", async () => {
  const all = world();
  const log = Array.from({ length: 6000 }, (_, id) => message(id));
  all.come();
  all.enter();
  await answer(all, log);
  const room = all.chat.room("#tea");
  for (let page = 0; page < 30; page++) {
    all.chat.older(room);
    await answer(all, log);
    assert.ok(room.entries.length <= 2000);
  }
  assert.equal(room.isAtEnd, false);
  all.chat.receive(message(6000));
  log.push(message(6000));
  assert.notEqual(texts(room).at(-1), "line 6000", "What is new is not put behind a gap");
  all.chat.toPresent(room);
  await answer(all, log);
  assert.equal(texts(room).at(-1), "line 6000");
  assert.equal(room.isAtEnd, true);
});

test("an echo puts a line where it has its place", () => {
  const { chat, come, enter, lines } = world({ caps: "echo-message labeled-response message-tags batch" });
  come();
  enter();
  const room = chat.room("#tea");
  chat.say(room, "one");
  chat.say(room, "two");
  const labels = lines().map((line) => /label=(\S+)/.exec(line)[1]);
  chat.receive(message(1, "between"));
  assert.deepEqual(texts(room), ["one", "two", "between"]);
  chat.receive(`@label=${labels[0]};msgid=e-2 :ann!a@h PRIVMSG #tea :one`);
  assert.deepEqual(texts(room), ["between", "one", "two"]);
  assert.deepEqual(room.entries.map((entry) => entry.state), ["sent", "sent", "sending"]);
});

test("a refused line says why, and can be said again", () => {
  const { chat, come, enter, lines } = world();
  come();
  enter();
  const room = chat.room("#tea");
  room.filling = null;
  chat.say(room, "no");
  const label = /label=(w\S+)/.exec(lines().join())[1];
  chat.receive(`@label=${label} :s 404 ann #tea :You are muted`);
  const [entry] = room.entries.filter((one) => one.isOwn);
  assert.equal(entry.state, "refused");
  assert.equal(entry.words, "You are muted");
  chat.again(room, entry);
  assert.equal(lines().filter((line) => line.includes("PRIVMSG #tea no")).length, 1);
});

test("a paste is one message of several lines, there and back", () => {
  const { chat, come, enter, lines } = world();
  come();
  enter();
  const room = chat.room("#tea");
  room.filling = null;
  chat.say(room, "one\ntwo three\n\nfour");
  const sent = lines().filter((line) => !line.includes("CHATHISTORY"));
  assert.match(sent[0], /BATCH \+(\S+) draft\/multiline #tea$/);
  assert.equal(sent.length, 5);
  for (const line of ["@msgid=e-9 :bob!b@h BATCH +m draft/multiline #tea", "@batch=m :bob!b@h PRIVMSG #tea :a", "@batch=m :bob!b@h PRIVMSG #tea :b", "@batch=m;draft/multiline-concat :bob!b@h PRIVMSG #tea :c", ":s BATCH -m"]) chat.receive(line);
  assert.equal(room.entries.at(-1).text, "a\nbc");
  assert.equal(room.entries.at(-1).msgid, "e-9");
});

test("who comes and goes is one line, and whoever came and left again is none", () => {
  const { chat, come, enter } = world({ caps: "message-tags" });
  come();
  enter();
  const room = chat.room("#tea");
  chat.receive(":cid!c@h JOIN #tea");
  chat.receive(":dan!d@h JOIN #tea");
  chat.receive(":cid!c@h QUIT :Quit: ");
  assert.deepEqual(room.entries.map((entry) => entry.moves.map(({ nick, word }) => `${nick} ${word}`)), [["dan joined"]]);
  chat.receive(":dan!d@h PART #tea");
  assert.deepEqual(room.entries, []);
});

test("unread lines and mentions are counted until they are seen, here or on another device", () => {
  const { chat, come, enter } = world({ caps: "message-tags server-time draft/read-marker" });
  come();
  enter();
  const room = chat.room("#tea");
  chat.receive(message(1));
  chat.receive(message(2, "ann, tea?"));
  chat.receive(message(3, "mine", "ann"));
  assert.deepEqual([room.unread, room.mentions], [2, 1]);
  chat.receive(`:s MARKREAD #tea timestamp=${stamp(1)}`);
  assert.deepEqual([room.unread, room.mentions], [1, 1]);
  chat.seen(room);
  assert.deepEqual([room.unread, room.mentions], [0, 0]);
  chat.receive(message(4));
  assert.equal(room.unread, 1);
});

test("a private talk is with whoever said something to us, or heard something from us elsewhere", () => {
  const { chat, come } = world();
  come([]);
  chat.receive(":bob!b@h PRIVMSG ann :psst");
  chat.receive(":ann!a@h PRIVMSG bob :yes?");
  assert.deepEqual(texts(chat.room("bob")), ["psst", "yes?"]);
  chat.receive(":bob!b@h NICK bea");
  assert.equal(chat.room("bea").entries.length, 3);
  assert.equal(chat.room("bob"), undefined);
});

test("what is removed is gone from the page", () => {
  const { chat, come, enter } = world({ caps: "message-tags" });
  come();
  enter();
  chat.receive(message(1, "a secret"));
  chat.receive(":bob!b@h REDACT #tea e-1 :oops");
  const [entry] = chat.room("#tea").entries;
  assert.deepEqual([entry.kind, entry.text], ["gone", "oops"]);
});

test("CTCP questions are answered, and are no lines", () => {
  const { chat, come, enter, lines } = world({ caps: "message-tags" });
  come();
  enter();
  chat.receive(":bob!b@h PRIVMSG ann :\x01PING 5\x01");
  chat.receive(":bob!b@h PRIVMSG ann :\x01CONSTRUCTOR\x01");
  chat.receive(":bob!b@h NOTICE ann :\x01VERSION x\x01");
  assert.deepEqual(lines(), [format("NOTICE", "bob", "\x01PING 5\x01")]);
  assert.equal(chat.room("bob"), undefined);
});

test("a password goes in pieces of 400, and a login that fails ends before anybody comes in", async () => {
  const long = "x".repeat(800);
  const all = world({ login: { account: "ann", password: "p" }, sasl: async () => ({ mechanism: "PLAIN", answer: async () => long }) });
  all.chat.begin("ann", { account: "ann", password: "p" });
  all.chat.receive(`:s CAP * LS :${CAPS}`);
  all.chat.receive(":s CAP * ACK :sasl");
  await settle();
  assert.equal(all.out.at(-1), "AUTHENTICATE PLAIN");
  all.lines();
  all.chat.receive("AUTHENTICATE +");
  await settle();
  assert.deepEqual(all.lines(), ["AUTHENTICATE " + long.slice(400), "AUTHENTICATE " + long.slice(400), "AUTHENTICATE +"]);
  all.chat.receive(":s 904 ann :SASL authentication failed");
  assert.deepEqual(all.events.at(-1), ["refused", { words: "The name or the password is wrong.", isLogin: true, isWrong: true }]);
  assert.ok(!all.out.includes("CAP END"));
});

test("the client survives any line", () => {
  const { chat, come, enter } = world();
  come();
  enter();
  const commands = ["JOIN", "PART", "QUIT", "KICK", "NICK", "TOPIC", "MODE", "AWAY", "ACCOUNT", "RENAME", "INVITE", "REDACT", "MARKREAD", "KILL", "WALLOPS", "FAIL", "WARN", "NOTE", "REGISTER", "BATCH", "CAP", "AUTHENTICATE", "ERROR", "001", "005", "322", "353", "366", "433", "471", "900", "904"];
  for (const command of commands) for (const params of ["", " a", " #tea", " #tea a", " a #tea", " +1 chathistory", " -1", " :", " a b c d e"]) for (const source of ["", ":ann!a@h ", ":bob!b@h ", ":s "]) {
    if (command === "BATCH" && !params) continue;
    chat.receive(source + command + params);
  }
});
