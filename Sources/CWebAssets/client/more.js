// Commands, and the dialogs that are seldom opened: joining, search, settings, a person, help, the
// recovery code. Loaded with the first of them. `page` is what they need of `view.js`.

import { fold } from "./irc.js";

// MARK: Commands

/** Uses the first word, and the rest. */
const words = (text, use) => {
  const [, first, rest] = /^(\S*)\s*(.*)$/s.exec(text);
  if (first) use(first, rest);
};
const mode = (letters) => ({ chat, current }, nick) => nick && chat.send(`MODE ${current().name} ${letters} ${nick}`);

const commands = {
  join: ["#room [key]", "join a room", ({ join }, text) => words(text, join)],
  part: ["[reason]", "leave this room", ({ leave, current }, text) => leave(current(), text)],
  msg: ["name text", "say something to somebody", ({ chat, open }, text) => words(text, (name, rest) => (rest ? chat.say(chat.room(name) ?? chat.talk(name), rest) : open(chat.talk(name))))],
  query: ["name", "talk to somebody in private", ({ chat, open }, text) => words(text, (name) => open(chat.talk(name)))],
  me: ["text", "say what you do", ({ chat, current }, text) => text && chat.say(current(), text, "action")],
  nick: ["name", "take another name", ({ rename }, text) => rename(text)],
  topic: ["[text]", "set the topic of this room", ({ chat, current }, text) => chat.send(`TOPIC ${current().name}${text && " :" + text}`)],
  away: ["[text]", "say that you are away; without a text, that you are back", ({ chat }, text) => chat.send(text ? `AWAY :${text}` : "AWAY")],
  invite: ["name", "invite somebody into this room", ({ chat, current }, nick) => nick && chat.send(`INVITE ${nick} ${current().name}`)],
  kick: ["name [reason]", "remove somebody from this room", ({ chat, current }, text) => words(text, (nick, reason) => chat.send(`KICK ${current().name} ${nick} :${reason || nick}`))],
  op: ["name", "make somebody an operator of this room", mode("+o")],
  deop: ["name", "take that back", mode("-o")],
  voice: ["name", "let somebody speak in a moderated room", mode("+v")],
  mode: ["modes", "change the modes of this room", ({ chat, current }, text) => chat.send(`MODE ${current().name} ${text}`)],
  whois: ["name", "ask who somebody is", ({ chat }, nick) => nick && chat.send(`WHOIS ${nick} ${nick}`)],
  list: ["", "show all rooms", (page) => showJoin(page, true)],
  search: ["words", "search in this room", (page, text) => showSearch(page, text)],
  raw: ["line", "send a line of IRC as it is", ({ chat }, text) => text && chat.send(text)],
  help: ["", "show this", (page) => showHelp(page)],
};
const short = { j: "join", leave: "part", m: "msg", q: "query", quote: "raw" };

export function run(page, name, text) {
  const command = commands[short[name] ?? name];
  if (!command || !Object.hasOwn(commands, short[name] ?? name)) return page.hint(`There is no /${name}. /help shows what there is; // says a line that begins with a slash.`);
  if (!page.chat.isWelcome && !["help", "search", "part", "me"].includes(name)) return page.hint("Not now: the connection is lost.");
  page.written();
  command[2](page, text);
}

export function completeCommand({ text, hint }, word) {
  const found = Object.keys(commands).filter((name) => name.startsWith(fold(word.slice(1))));
  hint(found.map((name) => `/${name} ${commands[name][0]}`).join("   "));
  if (found.length === 1) text.setRangeText(`/${found[0]} `, 0, word.length, "end");
}

// MARK: Dialogs

const dialogs = new Map();
const style = document.createElement("link");
style.rel = "stylesheet";
style.href = new URL("./more.css", import.meta.url);
const styled = new Promise((resolve) => (style.onload = style.onerror = resolve));
document.head.append(style);

/** Opens a dialog, made the first time. `fill` gives its parts; a button's value is what it was closed with. */
function dialog({ make }, id, title, parts, closed = () => {}) {
  let element = dialogs.get(id);
  if (!element) {
    const heading = make("h2", { id: id + "-title" });
    element = make("dialog", { id, "aria-labelledby": heading.id }, make("form", { method: "dialog" }, heading, ...parts));
    document.body.append(element);
    dialogs.set(id, element);
  }
  element.querySelector("h2").textContent = title;
  element.returnValue = "";
  element.onclose = () => closed(element.returnValue);
  // Not before it looks as it should.
  styled.then(() => element.open || element.showModal());
  return element;
}
const buttons = ({ make }, ...all) => make("p", { class: "row" }, ...all.map(([text, attributes]) => make("button", attributes, text)));
const field = ({ make }, text, id, attributes) => make("label", { id: id + "-label" }, text, make("input", { id, ...attributes }));
const check = ({ make }, text, id, attributes) => make("label", { class: "check" }, make("input", { id, type: "checkbox", ...attributes }), text);

// MARK: Search

export function showSearch(page, query) {
  const { $, make, chat } = page;
  const room = page.current();
  const element = dialog(page, "searching", `Search in ${room.name}`, [
    field(page, "Words", "words", { enterkeyhint: "search", autocomplete: "off" }),
    field(page, "Or go to a day", "day", { type: "date" }),
    buttons(page, ["Search", { class: "primary" }], ["Close", { type: "button", onclick: () => dialogs.get("searching").close() }]),
    make("p", { id: "searched", role: "status" }),
    make("ul", { id: "hits", class: "found" }),
  ]);
  element.querySelector("form").onsubmit = (event) => (event.preventDefault(), search(page, room));
  $("hits").replaceChildren();
  $("searched").textContent = "";
  $("words").value = query;
  $("day-label").hidden = !chat.hasHistory;
  if (query) search(page, room);
}

async function search(page, room) {
  const { $, make, rich, chat, moment } = page;
  const [query, day] = [$("words").value.trim(), $("day").value];
  if (!query) return day && toDay(page, room, new Date(`${day}T00:00`));
  $("searched").textContent = "Searching …";
  const found = await chat.search(query, room);
  $("searched").textContent = found.length ? `${found.length} found, the newest first` : "Nothing found.";
  const text = (entry) => rich(entry.text).map((node) => (node.nodeName === "A" ? node.textContent : node));
  const hit = (entry) => make("button", { type: "button", onclick: () => goTo(page, room, entry) }, make("small", {}, `${entry.nick}, ${moment.format(entry.time)}`), make("span", { dir: "auto" }, ...text(entry)));
  $("hits").replaceChildren(...found.reverse().map((entry) => make("li", {}, hit(entry))));
}

async function toDay(page, room, day) {
  const found = await page.chat.around(room, `timestamp=${day.toISOString()}`);
  if (!found) return (page.$("searched").textContent = "Nothing is known of that day.");
  dialogs.get("searching").close();
  page.showEntry(found.find((entry) => entry.time >= day.getTime()) ?? found.at(-1));
}

async function goTo(page, room, entry) {
  dialogs.get("searching").close();
  page.open(room);
  if (page.showEntry(entry) || !entry.msgid) return;
  const found = await page.chat.around(room, `msgid=${entry.msgid}`);
  if (found) page.showEntry(entry);
}

// MARK: Joining, and the list of all rooms

export function showJoin(page, isList) {
  const { $, make, chat, join } = page;
  const list = () => {
    $("found").replaceChildren(make("li", { class: "fine" }, chat.isWelcome ? "Asking …" : "Not connected."));
    chat.send("LIST");
  };
  dialog(page, "joining", "Join a room or talk to somebody", [
    field(page, "A room, as #tea, or a person's name", "target", { autocapitalize: "none", spellcheck: "false", autocomplete: "off" }),
    buttons(page, ["Go", { class: "primary", value: "go" }], ["Show all rooms", { type: "button", id: "list", onclick: list }], ["Cancel", {}]),
    make("ul", { id: "found", class: "found" }),
  ], (result) => result === "go" && join($("target").value));
  $("found").replaceChildren();
  $("target").value = "";
  if (isList) list();
}

export function showListing({ $, make, rich, chat, join }) {
  if (!$("found")) return;
  const all = chat.listing.toSorted((a, b) => b.count - a.count || a.name.localeCompare(b.name)).slice(0, 200);
  const item = (room) =>
    make("li", {}, make("button", { type: "button", onclick: () => ($("joining").close(""), join(room.name)) },
      make("span", {}, `${room.name} `, make("small", {}, `${room.count} ${room.count === 1 ? "person" : "people"}`)),
      make("small", { dir: "auto" }, ...rich(room.topic).map((node) => (node.nodeName === "A" ? node.textContent : node)))));
  const none = make("li", { class: "fine" }, "There are no rooms. Make one: join a name that nobody has.");
  $("found").replaceChildren(...(all.length ? all.map(item) : [none]));
}

// MARK: Settings

export function showSettings(page) {
  const { $, make, chat, kept } = page;
  const option = (value, text) => make("option", { value }, text);
  const theme = make("select", { id: "theme", onchange: () => (kept.set("theme", $("theme").value || null), page.theme()) }, option("", "as the system"), option("light", "light"), option("dark", "dark"));
  dialog(page, "settings", "You", [
    field(page, "Name", "rename", { autocapitalize: "none", spellcheck: "false", maxlength: 32 }),
    make("label", {}, "Colours", theme),
    check(page, "Notify me when somebody says my name", "notify", { onchange: () => notify(page) }),
    check(page, "Show who comes and goes", "moves", {}),
    buttons(page, ["Done", { class: "primary", value: "go" }], ["Keys and commands", { value: "help" }], ["Log out and leave", { value: "leave" }]),
  ], (result) => {
    if (result === "help") return showHelp(page);
    if (result === "leave") return leave(page);
    if (result !== "go") return;
    if ($("rename").value.trim() !== chat.nick) page.rename($("rename").value);
    kept.set("moves", $("moves").checked);
    page.redraw();
  });
  $("rename").value = chat.nick;
  $("theme").value = kept.get("theme") ?? "";
  $("notify").checked = !!kept.get("notify");
  $("moves").checked = kept.get("moves") !== false;
}

async function notify({ $, kept }) {
  const isWanted = $("notify").checked && !!globalThis.Notification && (await Notification.requestPermission()) === "granted";
  $("notify").checked = isWanted;
  kept.set("notify", isWanted);
}

function leave({ chat, kept }) {
  const device = kept.get("device");
  if (device && chat.account) chat.send(`ACCOUNT DEVICE DEL ${device.device}`);
  chat.send("QUIT");
  for (const name of ["rooms", "nick", "current", "device"]) kept.set(name, null);
  setTimeout(() => location.reload(), 200);
}

// MARK: A person, help, the recovery code

export function showPerson(page, nick) {
  const { $, make, chat } = page;
  const room = page.current();
  const person = room.members.get(nick.toLowerCase());
  dialog(page, "person", nick, [
    make("p", { id: "about" }),
    buttons(page, ["Talk in private", { class: "primary", value: "talk" }], ["Who is this?", { value: "whois" }], ["Close", {}]),
  ], (result) => {
    if (result === "talk") page.open(chat.talk(nick));
    if (result === "whois") chat.send(`WHOIS ${nick} ${nick}`);
  });
  const facts = [person?.account && `logged in as ${person.account}`, person?.isAway && "away", room.kind === "room" && !person && "not in this room any more"];
  $("about").textContent = facts.filter(Boolean).join(", ");
}

export function showHelp(page) {
  const { make } = page;
  const keys = [
    ["Alt-1 … Alt-9", "the first to the ninth room"], ["Alt-↑, Alt-↓", "the room above, below"], ["Alt-A", "where you are wanted most"],
    ["Ctrl-K", "join a room or talk to somebody"], ["Ctrl-F", "search in this room"], ["Tab", "complete a name, a command, a room"],
    ["↑, ↓", "what you wrote before"], ["Shift-Enter", "a new line"], ["Page up, down", "scroll"], ["Escape", "to the newest line"],
  ];
  const rows = [...keys, ...Object.entries(commands).map(([name, [args, what]]) => [`/${name} ${args}`, what])];
  const list = make("dl", { tabindex: 0 }, ...rows.flatMap(([key, what]) => [make("dt", {}, key), make("dd", {}, what)]));
  dialog(page, "help", "Keys and commands", [list, buttons(page, ["Close", { class: "primary" }])]);
}

export function showRecovery(page, code) {
  const { $, make } = page;
  const copy = async () => {
    // Where the page may not write to the clipboard, the code is marked to be copied by hand.
    await navigator.clipboard.writeText($("code").textContent).catch(() => getSelection().selectAllChildren($("code")));
    $("copy").textContent = "Copied";
  };
  dialog(page, "recovery", "Your recovery code", [
    make("p", {}, "Keep it somewhere safe. It is shown this once, and is the only way back in if you forget your password."),
    make("p", {}, make("code", { id: "code" })),
    buttons(page, ["Copy", { type: "button", class: "primary", id: "copy", onclick: copy }], ["I have kept it", {}]),
  ]);
  $("code").textContent = code;
}
