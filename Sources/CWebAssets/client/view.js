// The page: draws what `irc.js` knows, and hands on what a person does. Text becomes text nodes,
// never HTML. At most 400 lines of a room are in the page, however many there are.

import { Chat, fold } from "./irc.js";
import { Link } from "./link.js";

const $ = (id) => document.getElementById(id);
const SHOWN = 400;
const STEP = 100;
const kept = {
  get: (name, otherwise = null) => {
    try {
      return JSON.parse(localStorage.getItem("hubbub." + name)) ?? otherwise;
    } catch {
      // Storage is off, or somebody else wrote there.
      return otherwise;
    }
  },
  set: (name, value) => {
    try {
      value === null ? localStorage.removeItem("hubbub." + name) : localStorage.setItem("hubbub." + name, JSON.stringify(value));
    // Without storage nothing is kept, and all else works.
    } catch {}
  },
};
const { lobby, network } = document.body.dataset;

/** An element with attributes and children; strings become text. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "hue") element.style.setProperty("--hue", value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== false && child !== undefined));
  return element;
}

function cross() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", "m5 5 10 10M15 5 5 15");
  svg.append(path);
  return svg;
}

function hue(nick) {
  let sum = 0;
  for (const letter of fold(nick)) sum = (sum * 31 + letter.codePointAt(0)) >>> 0;
  return (sum % 24) * 15;
}
const face = (nick) => make("span", { class: "face", hue: hue(nick), "aria-hidden": "true" }, [...nick.replace(/^[^\p{L}\p{N}]+/u, "")][0] ?? "?");

const clock = new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit" });
const calendar = new Intl.DateTimeFormat([], { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const moment = new Intl.DateTimeFormat([], { dateStyle: "medium", timeStyle: "medium" });
const dayOf = (time) => new Date(time).toDateString();

// MARK: State

const way = { kind: "guest", nick: "", password: "" };
let current = null;
// The key of the first line in the page; null follows the end.
let top = null;
// A row of the page that stays where it is while others change.
let hold = null;
// The newest line that was seen when the room was opened.
let freshFrom = 0;
let isDrawing = false;
let pending = null;
const typed = [];
let typedAt = 0;
let tab = null;

const link = new Link(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/irc`, {
  opened: () => chat.begin(way.nick, way.kind === "login" ? { account: way.account ?? way.nick, password: way.password } : null),
  line: (text) => chat.receive(text),
  closed: (code, reason) => {
    chat.lastWords ??= reason;
    chat.end();
  },
  changed: () => draw(),
});

const chat = new Chat({
  send: (line) => link.send(line),
  changed,
  said,
  sasl: async (login, offered) => (await import("./sasl.js")).choose(login, offered, { isSecure: isSecureContext }),
});

function changed(what, detail) {
  if (what === "link" && chat.isWelcome) arrived();
  if (what === "joined") {
    saveRooms();
    if (pending === null || fold(pending) === fold(detail.name)) open(detail), (pending = current === detail ? "" : pending);
  }
  if (what === "rooms") saveRooms();
  if (what === "refused") refused(detail);
  if (what === "registered" && detail.result === "SUCCESS") Object.assign(way, { kind: "login", account: detail.account });
  if (what === "recovery") more("showRecovery", detail);
  if (what === "device") kept.set("device", { account: chat.account, device: detail.device, password: detail.password });
  if (what === "list") more("showListing");
  if (what === "answer") chat.note(current, detail);
  draw();
}

let hasArrived = false;
function arrived() {
  link.arrived();
  chat.lastWords = undefined;
  if (!$("app").hidden && hasArrived) return;
  hasArrived = true;
  $("door").hidden = true;
  $("app").hidden = false;
  kept.set("nick", way.nick);
  if (way.kind === "register" && way.password) {
    if (!isSecureContext) chat.note(null, "This connection is not encrypted, so no account is made over it.", "error");
    else if (chat.has("draft/account-registration")) chat.send(`REGISTER * * :${way.password}`);
    else chat.note(null, "This server makes no accounts; you are here as a guest.", "error");
  }
  if (way.keep && chat.account && !kept.get("device")) chat.send(`ACCOUNT DEVICE ADD web-${Math.random().toString(36).slice(2, 8)}`);
  way.keep = false;
  $("text").focus();
}

function saveRooms() {
  if (!chat.isWelcome) return;
  kept.set("rooms", [...chat.rooms.values()].filter((room) => room.kind === "room").map((room) => room.name));
}

function refused({ words, isLogin, isWrong }) {
  if (isWrong && way.kind === "login" && way.isDevice) {
    kept.set("device", null);
    way.isDevice = false;
  }
  if (chat.isWelcome) return chat.note(current, words, "error");
  link.stop();
  hasArrived = false;
  $("app").hidden = true;
  $("door").hidden = false;
  $("refused").textContent = words;
  $(isLogin ? "password" : "nick").focus();
}

// MARK: Coming in

function chooseWay(kind) {
  way.kind = kind;
  for (const button of document.querySelectorAll("[data-way]")) button.setAttribute("aria-pressed", button.dataset.way === kind);
  for (const part of document.querySelectorAll("[data-for]")) part.hidden = !part.dataset.for.includes(kind);
  $("password").required = kind !== "guest";
  $("password").autocomplete = kind === "register" ? "new-password" : "current-password";
  $("go").textContent = { guest: "Come in", login: "Log in", register: "Make the account" }[kind];
  $("refused").textContent = "";
}

/** As it is where it cannot be meant. */
function unescaped(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function comeIn() {
  const rooms = kept.get("rooms") ?? [];
  const asked = unescaped(location.hash).split(",").filter((name) => name.length > 1);
  chat.wishes = [...new Set([...asked, ...(rooms.length || asked.length ? rooms : [lobby].filter(Boolean))])];
  pending = asked[0] ?? kept.get("current") ?? null;
  if (pending && !chat.wishes.some((name) => fold(name) === fold(pending))) pending = null;
  link.state === "ended" && (link.state = "idle");
  link.start();
}

$("enter").onsubmit = (event) => {
  event.preventDefault();
  Object.assign(way, { nick: $("nick").value.trim().replace(/\s+/g, "_"), password: $("password").value, keep: $("keep").checked, isDevice: false, account: undefined });
  if (way.nick) comeIn();
};
for (const button of document.querySelectorAll("[data-way]")) button.onclick = () => chooseWay(button.dataset.way);

// MARK: Drawing

function draw() {
  if (isDrawing) return;
  isDrawing = true;
  // A page that nobody sees gets no frames, but its title has to be right.
  (document.hidden ? (work) => setTimeout(work, 200) : requestAnimationFrame)(() => {
    isDrawing = false;
    drawBanner();
    drawRooms();
    drawHead();
    drawPeople();
    drawLines();
  });
}

function drawBanner() {
  const words = {
    connecting: "Connecting …",
    waiting: `The connection is lost${chat.lastWords ? `: ${chat.lastWords}` : ""}. Coming back by itself; what you write is kept.`,
    ended: `You are no longer connected${chat.lastWords ? `: ${chat.lastWords}` : ""}.`,
    open: chat.isWelcome ? "" : "Coming in …",
  }[link.state];
  if (banner.words === words) return;
  banner.words = words;
  $("banner").hidden = !words;
  const now = ["waiting", "ended"].includes(link.state) && make("button", { type: "button", onclick: () => (link.state === "ended" && (link.state = "idle"), link.start()) }, "Connect now");
  $("banner").replaceChildren(make("span", {}, words ?? ""), now || "");
}
const banner = {};

const ordered = () => {
  const all = [...chat.rooms.values()];
  const by = (a, b) => a.name.localeCompare(b.name);
  return [...all.filter((room) => room.kind === "room").sort(by), ...all.filter((room) => room.kind === "talk").sort(by), chat.server];
};

function roomItem(room) {
  const news = room === chat.server ? 0 : room.unread;
  const label = `${room.name}${room.mentions ? `, ${room.mentions} for you` : news ? `, ${news} new` : ""}`;
  return make("li", {},
    make("button", { class: `to${news ? " news" : ""}${room.kind === "room" && !room.isJoined && chat.isWelcome ? " gone" : ""}`, "aria-current": room === current && "true", "aria-label": label, onclick: () => open(room) },
      room.kind === "talk" && face(room.name), make("span", {}, room.name), news > 0 && make("b", { class: room.mentions ? "hot" : "" }, news > 999 ? "999+" : `${room.mentions || news}`)),
    room !== chat.server && room === current && make("button", { class: "x", "aria-label": `Leave ${room.name}`, title: `Leave ${room.name}`, onclick: () => leave(room) }, cross()));
}

let drawnRooms = "";
function drawRooms() {
  const rooms = ordered();
  const state = JSON.stringify([chat.isWelcome, current?.name, rooms.map((room) => [room.name, room.unread, room.mentions, room.isJoined])]);
  if (state !== drawnRooms) {
    drawnRooms = state;
    const hadFocus = $("rooms").contains(document.activeElement);
    const items = [];
    for (const [kind, title] of [["room", "Rooms"], ["talk", "Private"], ["server", "Server"]]) {
      const some = rooms.filter((room) => room.kind === kind);
      if (some.length) items.push(make("li", {}, make("h2", {}, title)), ...some.map(roomItem));
    }
    $("rooms").replaceChildren(...items);
    if (hadFocus) $("rooms").querySelector("[aria-current]")?.focus();
    const hot = rooms.reduce((sum, room) => sum + (room === current && !document.hidden ? 0 : room.mentions), 0);
    document.title = `${hot ? `(${hot}) ` : ""}${current ? current.name + " · " : ""}${network}`;
    $("elsewhere").hidden = !rooms.some((room) => room !== current && room.unread && room !== chat.server);
  }
  $("mynick").textContent = chat.nick || way.nick;
  $("mystate").textContent = chat.isAway ? "away" : chat.account ? `logged in as ${chat.account}` : "guest";
}

function drawHead() {
  if (!current) return;
  $("name").textContent = current.name;
  const topic = current.kind === "talk" ? "A private talk" : current.kind === "server" ? "What the server says" : current.topic;
  if ($("topic").title !== topic) $("topic").replaceChildren(...rich(topic)), ($("topic").title = topic);
  $("count").textContent = current.kind === "room" && current.members.size ? current.members.size : "";
  $("who").hidden = current.kind !== "room";
  const where = current.kind === "server" ? "A command, as /join #tea" : `Write to ${current.name}`;
  $("text").placeholder = where;
  $("text").setAttribute("aria-label", where);
}

let drawnPeople = null;
function drawPeople() {
  if (current?.kind !== "room" || !$("app").classList.contains("showpeople")) return;
  const { signs } = chat.prefixes;
  const rank = ({ sign }) => (sign ? signs.indexOf(sign[0]) : 99);
  const people = [...current.members.values()].sort((a, b) => rank(a) - rank(b) || a.nick.localeCompare(b.nick));
  const state = current.name + people.map((person) => [person.nick, person.sign, person.isAway]).join();
  if (state === drawnPeople) return;
  drawnPeople = state;
  const shown = people.slice(0, 500);
  $("members").replaceChildren(
    ...shown.map((person) => {
      const role = { "@": "operator", "%": "half operator", "+": "voice", "~": "owner", "&": "admin" }[person.sign?.[0]];
      return make("li", { class: person.isAway && "away" },
        make("button", { onclick: () => showPerson(person.nick), "aria-label": `${person.nick}${role ? ", " + role : ""}${person.isAway ? ", away" : ""}` },
          face(person.nick), make("span", {}, person.nick), person.sign && make("small", { title: role }, person.sign[0])));
    }),
    people.length > shown.length ? make("li", { class: "fine" }, `and ${people.length - shown.length} more`) : "");
}

/** Links and mIRC's formats become elements; everything else stays text. */
function rich(text) {
  const nodes = [];
  let [bold, italic, under, struck, mono] = [false, false, false, false, false];
  const put = (part) => {
    if (!part) return;
    let children = [];
    let at = 0;
    for (const match of part.matchAll(/\bhttps?:\/\/[^\s<>"\x00-\x1f]+/gi)) {
      let url = match[0].replace(/[.,:;!?'*]+$/, "");
      while (/[)\]]$/.test(url) && (url.match(/[([]/g) ?? []).length < (url.match(/[)\]]/g) ?? []).length) url = url.slice(0, -1);
      children.push(part.slice(at, match.index), make("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, url));
      at = match.index + url.length;
    }
    children.push(part.slice(at));
    for (const [isOn, tag] of [[mono, "code"], [struck, "s"], [under, "u"], [italic, "em"], [bold, "strong"]]) if (isOn) children = [make(tag, {}, ...children)];
    nodes.push(...children);
  };
  for (const part of text.split(/(\x03(?:\d{1,2}(?:,\d{1,2})?)?|\x04(?:[0-9a-f]{6})?|[\x00-\x09\x0b-\x1f\x7f])/i)) {
    if (part === "\x02") bold = !bold;
    else if (part === "\x1d") italic = !italic;
    else if (part === "\x1f") under = !under;
    else if (part === "\x1e") struck = !struck;
    else if (part === "\x11") mono = !mono;
    else if (part === "\x0f") bold = italic = under = struck = mono = false;
    else if (!/^[\x00-\x09\x0b-\x1f\x7f]/.test(part)) put(part);
  }
  return nodes;
}

function movesText(moves) {
  const groups = [];
  for (const { word, nick, more } of moves) {
    if (word === "renamed") groups.push({ word, text: `${nick} is now ${more}` });
    else {
      const name = more && word === "left" ? `${nick} (${more})` : nick;
      const last = groups.at(-1);
      if (last?.word === word) last.names.push(name);
      else groups.push({ word, names: [name] });
    }
  }
  const list = (names) => (names.length > 8 ? `${names.slice(0, 7).join(", ")} and ${names.length - 7} others` : names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names[0]);
  return groups.map((group) => group.text ?? `${list(group.names)} ${group.word}`).join(" · ");
}

const isSpeech = (entry) => entry.kind === "say" || entry.kind === "notice";

function frame(entry, before) {
  const isHead = isSpeech(entry) ? !before || !isSpeech(before) || before.nick !== entry.nick || entry.time - before.time > 300000 : false;
  const isDay = !before || dayOf(before.time) !== dayOf(entry.time);
  const isFresh = freshFrom > 0 && entry.time > freshFrom && !entry.isOwn && entry.kind !== "presence" && (!before || before.time <= freshFrom) && before !== undefined;
  return { isHead: isHead || (isDay && isSpeech(entry)) || (isFresh && isSpeech(entry)), isDay, isFresh };
}

function row(entry, { isHead, isDay, isFresh }) {
  const time = make("time", { datetime: new Date(entry.time).toISOString(), title: moment.format(entry.time), "aria-hidden": "true" }, clock.format(entry.time));
  const lines = [
    isDay && make("div", { class: "day", role: "separator" }, make("span", {}, calendar.format(entry.time))),
    isFresh && make("div", { class: "fresh", role: "separator" }, make("span", {}, "New")),
  ];
  const isPerson = isSpeech(entry) || entry.kind === "action";
  const classes = `entry ${entry.kind} ${isPerson ? entry.state : "note"}${isHead ? " head" : ""}${entry.isMention ? " mention" : ""}`;
  if (!isPerson) {
    const text = entry.kind === "presence" ? movesText(entry.moves) : entry.kind === "gone" ? `A message was removed${entry.text ? `: ${entry.text}` : ""}` : entry.text;
    const more = entry.kind === "invite" && make("button", { onclick: () => join(entry.room) }, `Join ${entry.room}`);
    return make("div", { class: classes }, ...lines, make("p", { dir: "auto" }, ...rich(text), more && " ", more), time);
  }
  const name = make("button", { class: "name", hue: hue(entry.nick), onclick: () => showPerson(entry.nick) }, entry.nick);
  const body = make("span", { class: "what", dir: "auto" }, ...rich(entry.text));
  const isAction = entry.kind === "action";
  const who = isAction ? make("span", {}, name, " ") : make("span", { class: "who" }, name, make("span", { class: "quiet" }, ": "), isHead && time);
  return make("div", { class: classes }, ...lines, isHead && face(entry.nick), make("p", {}, who, body, " ", state(entry), isAction && time), !isHead && !isAction && time);
}

function state(entry) {
  const words = { sending: "on its way", waiting: "waiting for the connection", unsure: "was on its way", lost: "perhaps lost", refused: entry.words ?? "refused" }[entry.state];
  if (!words) return null;
  const room = current;
  const can = entry.state === "lost" || entry.state === "refused";
  return make("span", { class: "state" }, `– ${words} `,
    can && make("button", { onclick: () => chat.again(room, entry) }, "Say again"), can && make("button", { onclick: () => chat.drop(room, entry) }, "Forget"));
}

const log = $("log");
const rows = new Map();
let drawnRoom = null;
let drawnHeight = 0;
new ResizeObserver(() => top === null && draw()).observe(log);

const isAtBottom = () => log.scrollHeight - log.scrollTop - log.clientHeight < 60;

function visible() {
  const all = kept.get("moves") === false ? current.entries.filter((entry) => entry.kind !== "presence") : current.entries;
  const found = top === null ? -1 : all.findIndex((entry) => entry.key === top);
  const start = found >= 0 ? found : Math.max(0, all.length - 150);
  const end = found >= 0 ? Math.min(all.length, start + SHOWN) : all.length;
  return { all, start, end };
}

function drawLines() {
  if (!current) return;
  const isOther = drawnRoom !== current;
  if (isOther) {
    rows.clear();
    $("lines").replaceChildren();
    drawnRoom = current;
  }
  const { all, start, end } = visible();
  // Whoever has just scrolled up is not taken down again. A window that became smaller is no scrolling.
  if (!isOther && top === null && log.clientHeight === drawnHeight && !isAtBottom()) top = all[start]?.key ?? null;
  drawnHeight = log.clientHeight;
  const follows = top === null && current.isAtEnd;
  anchor();
  const wantedKeys = new Set();
  let next = $("lines").firstChild;
  for (let index = start; index < end; index++) {
    const entry = all[index];
    const how = frame(entry, all[index - 1]);
    const mark = `${entry.version}${how.isHead}${how.isDay}${how.isFresh}`;
    wantedKeys.add(entry.key);
    let node = rows.get(entry.key);
    if (!node || node.mark !== mark) {
      const fresh = row(entry, how);
      Object.assign(fresh, { mark, key: entry.key });
      if (node) {
        if (next === node) next = fresh;
        node.replaceWith(fresh);
      }
      rows.set(entry.key, (node = fresh));
    }
    if (node === next) next = next.nextSibling;
    else $("lines").insertBefore(node, next);
  }
  for (const [key, node] of rows) if (!wantedKeys.has(key)) node.remove(), rows.delete(key);
  $("edge").textContent = current.kind === "server" ? "" : current.loading ? "Fetching …" : start > 0 ? "" : current.isAtStart ? `This is where ${current.name} begins.` : chat.hasHistory || !chat.isWelcome ? "" : current.kind === "room" ? "Nothing older is kept here." : "";
  if (follows) log.scrollTop = log.scrollHeight;
  else unanchor();
  drawJump(all.length - end);
  if (follows && !document.hidden && document.hasFocus()) chat.seen(current);
  log.dataset.shown = rows.size;
}

/** Remembers which row is where, so that it stays there. */
function anchor() {
  hold = null;
  const edge = log.getBoundingClientRect().top;
  for (const node of $("lines").children) {
    const { top: y, bottom } = node.getBoundingClientRect();
    if (bottom > edge) return void (hold = { key: node.key, y });
  }
}
function unanchor() {
  const node = hold && rows.get(hold.key);
  if (node) log.scrollTop += node.getBoundingClientRect().top - hold.y;
}

function drawJump(below) {
  const isAway = top !== null || !current.isAtEnd;
  $("jump").hidden = !isAway;
  if (isAway) $("jump").textContent = current.unread ? `↓ ${current.unread} new` : "↓ To the newest";
}

let isScrolling = false;
log.onscroll = () => {
  if (isScrolling) return;
  isScrolling = true;
  requestAnimationFrame(() => {
    isScrolling = false;
    scrolled();
  });
};

async function scrolled() {
  if (!current) return;
  const { all, start, end } = visible();
  if (isAtBottom() && end === all.length && current.isAtEnd) {
    if (top !== null) (top = null), draw();
    return;
  }
  if (top === null && all.length) (top = all[start].key), draw();
  if (log.scrollTop < 600) {
    if (start > 0) (top = all[Math.max(0, start - STEP)].key), draw();
    else if (await chat.older(current)) {
      const fresh = visible();
      top = fresh.all[Math.max(0, fresh.start - STEP)]?.key ?? null;
      draw();
    }
  } else if (log.scrollHeight - log.scrollTop - log.clientHeight < 600) {
    if (end < all.length) (top = all[Math.min(start + STEP, Math.max(0, all.length - 150))].key), draw();
    else if (!current.isAtEnd) {
      await chat.newer(current);
      const fresh = visible();
      top = fresh.all[Math.min(fresh.start + STEP, Math.max(0, fresh.all.length - 150))]?.key ?? null;
      draw();
    }
  }
}

async function toPresent() {
  top = null;
  await chat.toPresent(current);
  draw();
}
$("jump").onclick = () => (toPresent(), $("text").focus());

function showEntry(entry) {
  const { all } = visible();
  const index = all.findIndex((one) => one === entry || (entry.msgid && one.msgid === entry.msgid));
  if (index < 0) return false;
  top = all[Math.max(0, index - 50)].key;
  drawLines();
  const node = rows.get(all[index].key);
  node.scrollIntoView({ block: "center" });
  node.classList.add("hit");
  anchor();
  return true;
}

// MARK: Rooms

function open(room) {
  if (current) current.draft = $("text").value;
  const isOther = current !== room;
  current = room;
  $("app").classList.remove("showside");
  if (isOther) {
    top = null;
    freshFrom = room.unread ? room.marker || (room.entries.at(-room.unread)?.time ?? 1) - 1 : 0;
    $("text").value = room.draft;
    grow();
    drawnPeople = null;
    kept.set("current", room.kind === "room" ? room.name : null);
  }
  closeDrawers();
  if (room === chat.server) chat.seen(room);
  draw();
  if (!matchMedia("(max-width: 760px)").matches) $("text").focus();
}

function leave(room, reason) {
  chat.leave(room, reason);
  if (current === room) open(ordered()[0]);
}

function join(name, key) {
  name = name.trim();
  if (!name) return;
  if (!chat.isRoomName(name)) return open(chat.talk(name));
  const room = chat.room(name);
  if (room?.isJoined) return open(room);
  pending = name;
  chat.join(name, key);
}

/** A new line: read out, and told where nobody looks. */
function said(room, entry) {
  if (entry.isOwn || !["say", "action", "notice"].includes(entry.kind)) {
    if (entry.kind === "error") announce(entry.text);
    return;
  }
  if (room === current) announce(entry.kind === "action" ? `${entry.nick} ${entry.text}` : `${entry.nick}: ${entry.text}`);
  if ((entry.isMention || room.kind === "talk") && (document.hidden || !document.hasFocus()) && kept.get("notify") && globalThis.Notification?.permission === "granted") {
    const note = new Notification(`${entry.nick}${room.kind === "room" ? " in " + room.name : ""}`, { body: entry.text.slice(0, 200), tag: room.name });
    note.onclick = () => (window.focus(), open(room), note.close());
  }
}

let unsaid = [];
function announce(text) {
  unsaid.push(text.replace(/[\x00-\x1f]/g, ""));
  if (unsaid.length > 1) return;
  setTimeout(() => {
    $("announcer").textContent = unsaid.length > 5 ? `${unsaid.length} new messages. ${unsaid.at(-1)}` : unsaid.join("\n");
    unsaid = [];
  }, 300);
}

// MARK: Writing

const text = $("text");

function grow() {
  if (CSS.supports("field-sizing", "content")) return;
  text.style.height = "auto";
  text.style.height = Math.min(text.scrollHeight, innerHeight * 0.4) + "px";
}

function rename(nick) {
  nick = nick.trim();
  if (!nick) return;
  way.nick = nick;
  kept.set("nick", nick);
  chat.send(`NICK ${nick}`);
}

function submit() {
  const value = text.value;
  if (!value.trim() || !current) return;
  typed.push(value);
  typedAt = typed.length;
  const command = /^\/(?!\/)(\S+)\s*(.*)$/s.exec(value);
  if (command && !value.includes("\n")) return more("run", command[1].toLowerCase(), command[2].trim());
  if (current.kind === "server") return hint("This is the server's page: only commands are understood here.");
  chat.say(current, value.replace(/^\/\//, "/"));
  if (top !== null) toPresent();
  written();
}
function written() {
  text.value = "";
  hint("");
  grow();
  draw();
}
const hint = (words) => ($("hint").textContent = words);

$("say").onsubmit = (event) => (event.preventDefault(), submit(), text.focus());
text.oninput = () => (grow(), hint(""), (tab = null));

function complete(back) {
  if (!tab) {
    const before = text.value.slice(0, text.selectionStart);
    const word = /\S*$/.exec(before)[0];
    const start = before.length - word.length;
    if (!word) return false;
    if (word[0] === "/" && !start) return more("completeCommand", word), true;
    const pool = chat.isRoomName(word) ? [...chat.rooms.values()].map((room) => room.name) : people();
    const found = pool.filter((name) => fold(name).startsWith(fold(word)));
    if (!found.length) return false;
    tab = { start, end: before.length, found, index: back ? found.length - 1 : 0, tail: start || "#&".includes(word[0]) ? " " : ": " };
  } else tab.index = (tab.index + (back ? -1 : 1) + tab.found.length) % tab.found.length;
  const name = tab.found[tab.index] + tab.tail;
  text.setRangeText(name, tab.start, tab.end, "end");
  tab.end = tab.start + name.length;
  hint(tab.found.length > 1 ? tab.found.join("  ") : "");
  return true;
}

/** Who spoke last first. */
function people() {
  const spoke = [...current.entries].reverse().filter((entry) => entry.nick && !entry.isOwn && (current.kind === "talk" || current.members.has(fold(entry.nick)))).map((entry) => entry.nick);
  const all = [...current.members.values()].map((person) => person.nick).filter((nick) => !chat.isMe(nick)).sort((a, b) => a.localeCompare(b));
  return [...new Set([...spoke, ...all])];
}

text.onkeydown = (event) => {
  if (event.isComposing) return;
  const { key, shiftKey } = event;
  const isPlain = !event.ctrlKey && !event.altKey && !event.metaKey;
  if (key === "Enter" && !shiftKey && isPlain) return event.preventDefault(), submit();
  // Shift-Tab without a completion under way is what it is everywhere: out of the field.
  if (key === "Tab" && isPlain && (!shiftKey || tab) && complete(shiftKey)) return event.preventDefault();
  if (key === "ArrowUp" && isPlain && !text.value.slice(0, text.selectionStart).includes("\n") && typedAt > 0) recall(typedAt - 1, event);
  if (key === "ArrowDown" && isPlain && !text.value.slice(text.selectionEnd).includes("\n") && typedAt < typed.length) recall(typedAt + 1, event);
};
function recall(index, event) {
  event.preventDefault();
  typedAt = index;
  text.value = typed[index] ?? "";
  grow();
}

document.addEventListener("keydown", (event) => {
  if ($("app").hidden || document.querySelector("dialog[open]")) return;
  const { key, code, altKey, ctrlKey, metaKey } = event;
  const rooms = ordered();
  let target = null;
  if (altKey && /^Digit[1-9]$/.test(code)) target = rooms[+code[5] - 1];
  else if (altKey && code === "KeyA") target = rooms.toSorted((a, b) => b.mentions - a.mentions || b.unread - a.unread).find((room) => room.unread && room !== chat.server);
  else if (altKey && (key === "ArrowUp" || key === "ArrowDown")) target = rooms[(rooms.indexOf(current) + (key === "ArrowUp" ? -1 : 1) + rooms.length) % rooms.length];
  else if ((ctrlKey || metaKey) && code === "KeyK") return event.preventDefault(), showJoin();
  else if ((ctrlKey || metaKey) && code === "KeyF" && current) return event.preventDefault(), showSearch();
  else if (key === "Escape") return closeDrawers() || toPresent(), text.focus();
  else if (key === "PageUp" || key === "PageDown") return event.preventDefault(), log.scrollBy(0, (key === "PageUp" ? -0.85 : 0.85) * log.clientHeight);
  else return;
  event.preventDefault();
  if (target) open(target);
});

// MARK: Drawers and dialogs

function closeDrawers() {
  const isPhone = matchMedia("(max-width: 760px)").matches;
  const { classList } = $("app");
  const had = isPhone && (classList.contains("showside") || classList.contains("showpeople"));
  if (isPhone) classList.remove("showside", "showpeople");
  drawer();
  return had;
}
function drawer() {
  const { classList } = $("app");
  const isPhone = matchMedia("(max-width: 760px)").matches;
  $("menu").setAttribute("aria-expanded", classList.contains("showside"));
  $("who").setAttribute("aria-expanded", classList.contains("showpeople"));
  $("shade").hidden = !(isPhone && (classList.contains("showside") || classList.contains("showpeople")));
}
function toggle(name, focus) {
  $("app").classList.toggle(name);
  drawer();
  drawnPeople = null;
  draw();
  if ($("app").classList.contains(name) && matchMedia("(max-width: 760px)").matches) $(focus).querySelector("button, [tabindex]")?.focus();
}
$("menu").onclick = () => toggle("showside", "side");
$("who").onclick = () => (toggle("showpeople", "people"), kept.set("people", $("app").classList.contains("showpeople")));
$("nobody").onclick = () => (closeDrawers(), $("who").focus());
$("shade").onclick = () => closeDrawers();

/** Commands, and the dialogs that are seldom opened, are loaded with the first of them. */
const more = (name, ...details) =>
  import("./more.js").then(
    (module) => module[name](page, ...details),
    () => hint("This part of the page could not be loaded. Is the connection lost?"),
  );
const page = { $, chat, kept, make, rich, moment, open, join, leave, rename, hint, showEntry, theme, text, grow, current: () => current, redraw: () => ((drawnRoom = null), draw()), written };
const showSearch = () => more("showSearch", "");
const showPerson = (nick) => more("showPerson", nick);
const showJoin = () => more("showJoin");
$("find").onclick = showSearch;
$("join").onclick = showJoin;
$("me").onclick = () => more("showSettings");

// MARK: Waking up

addEventListener("online", () => link.wake());
addEventListener("pageshow", (event) => event.persisted && link.wake());
addEventListener("focus", () => draw());
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  link.wake();
  if (current) freshFrom = current.unread ? current.marker || freshFrom : freshFrom;
  draw();
});
addEventListener("hashchange", () => {
  for (const name of unescaped(location.hash).split(",")) if (name.length > 1) join(name);
});

// MARK: The start

function theme() {
  document.documentElement.style.colorScheme = kept.get("theme") ?? "";
}
theme();
$("app").classList.toggle("showpeople", kept.get("people") ?? innerWidth > 1100);
drawer();
const device = kept.get("device");
const nick = kept.get("nick");
chooseWay("guest");
open(chat.server);
pending = null;
if (device && nick) {
  Object.assign(way, { kind: "login", nick, account: `${device.account}@${device.device}`, password: device.password, isDevice: true });
  $("app").hidden = false;
  comeIn();
} else if (nick) {
  way.nick = nick;
  $("app").hidden = false;
  comeIn();
} else {
  $("door").hidden = false;
  $("nick").focus();
}
globalThis.hubbub = { chat, link };
