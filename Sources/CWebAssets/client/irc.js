// IRC as values: lines, names, rooms, and what a conversation is at present. Knows no page and no
// socket, so that it runs in tests without either: lines go in by `Chat.receive`, lines come out by
// `send`, and `changed` says what to draw again.

const escapes = { ":": ";", s: " ", "\\": "\\", r: "\r", n: "\n" };
const unescapeTag = (text) => text.replace(/\\(.?)/gs, (_, letter) => escapes[letter] ?? letter);
const escapeTag = (text) =>
  text.replace(/[; \\\r\n]/g, (letter) => "\\" + { ";": ":", " ": "s", "\\": "\\", "\r": "r", "\n": "n" }[letter]);

/** Takes a line apart; null for an empty one. Never throws. */
export function parse(line) {
  const tags = {};
  let rest = line;
  if (rest[0] === "@") {
    const end = rest.indexOf(" ");
    for (const tag of rest.slice(1, end < 0 ? undefined : end).split(";")) {
      const equals = tag.indexOf("=");
      if (tag) tags[equals < 0 ? tag : tag.slice(0, equals)] = equals < 0 ? "" : unescapeTag(tag.slice(equals + 1));
    }
    rest = end < 0 ? "" : rest.slice(end);
  }
  rest = rest.trimStart();
  let source = "";
  if (rest[0] === ":") [, source, rest] = /^:(\S*) *(.*)$/s.exec(rest);
  const params = [];
  while (rest) {
    if (rest[0] === ":" && params.length) {
      params.push(rest.slice(1));
      break;
    }
    const end = rest.indexOf(" ");
    params.push(end < 0 ? rest : rest.slice(0, end));
    rest = end < 0 ? "" : rest.slice(end).replace(/^ +/, "");
    if (end >= 0 && !rest) break;
  }
  if (!params.length) return null;
  const command = params.shift().toUpperCase();
  const [, nick, user = "", host = ""] = /^([^!@]*)(?:!([^@]*))?(?:@(.*))?$/s.exec(source) ?? [, source];
  return { tags, source, nick, user, host, command, params };
}

/** A line of these parts. The last may have spaces in it; none may have a line's end. */
export function format(command, ...params) {
  const clean = params.map((part) => String(part).replace(/[\r\n\0]+/g, " "));
  const last = clean.length - 1;
  if (last >= 0 && (clean[last] === "" || clean[last][0] === ":" || clean[last].includes(" "))) clean[last] = ":" + clean[last];
  return [command, ...clean].join(" ");
}

const tagged = (tags, line) =>
  Object.keys(tags).length ? "@" + Object.entries(tags).map(([name, value]) => `${name}=${escapeTag(value)}`).join(";") + " " + line : line;

const bytes = new TextEncoder();

/** Cuts a text into pieces of up to `limit` bytes of UTF-8, at spaces where there are some, never within a character. */
export function split(text, limit) {
  const pieces = [];
  const segments = Intl.Segmenter ? (part) => [...new Intl.Segmenter().segment(part)].map((s) => s.segment) : (part) => [...part];
  while (bytes.encode(text).length > limit) {
    let [count, end, space] = [0, 0, 0];
    for (const letter of segments(text)) {
      const size = bytes.encode(letter).length;
      if (count + size > limit) break;
      count += size;
      end += letter.length;
      if (letter === " ") space = end;
    }
    // One character of more bytes than a line may have.
    if (!end) end = [...text][0].length;
    const cut = space > end / 2 ? space : end;
    pieces.push(text.slice(0, cut).trimEnd());
    text = text.slice(cut);
  }
  return [...pieces, text].filter((piece) => piece !== "");
}

/** Names that differ in the case of ASCII's letters alone are the same. */
export const fold = (name = "") => name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/** Whether a text speaks to somebody: the name as a word of its own. */
export function mentions(text, nick) {
  const [inside, name] = [fold(text), fold(nick)];
  for (let at = inside.indexOf(name); nick && at >= 0; at = inside.indexOf(name, at + 1)) {
    const isWord = (letter) => letter !== undefined && /[\p{L}\p{N}_]/u.test(letter);
    if (!isWord(inside[at - 1]) && !isWord(inside[at + name.length])) return true;
  }
  return false;
}

// Lines asked for at a time.
const PAGE = 100;
// Lines of a room in memory; the server has the others.
const KEPT = 2000;
const wanted = [
  "account-notify", "account-tag", "away-notify", "batch", "cap-notify", "chghost", "draft/account-registration",
  "draft/channel-rename", "draft/chathistory", "draft/message-redaction", "draft/multiline",
  "draft/read-marker", "echo-message", "extended-join", "invite-notify", "labeled-response", "message-tags",
  "multi-prefix", "sasl", "server-time", "setname", "soju.im/search", "standard-replies",
];

/** A room, or a private talk with one person. Its lines are in the order in which all read them. */
export class Room {
  constructor(name, kind) {
    Object.assign(this, {
      name, kind, topic: "", members: new Map(), entries: [], ids: new Set(), unread: 0, mentions: 0, marker: 0,
      isJoined: kind === "talk", isAtEnd: true, isAtStart: false, filling: null, held: [], loading: false, draft: "", account: null,
    });
  }

  get last() {
    for (let i = this.entries.length - 1; i >= 0; i--) if (this.entries[i].msgid) return this.entries[i];
  }
  get first() {
    return this.entries.find((entry) => entry.msgid);
  }
}

/**
 * One person's conversation with a server, over as many connections as it takes.
 *
 * 1. `begin` when a connection is there; it negotiates, logs in and comes back into its rooms.
 * 2. `receive` for each line. 3. `end` when the connection is lost; what was typed is kept.
 */
export class Chat {
  #serial = 0;
  #label = 0;
  #batches = new Map();
  #names = new Map();
  #asked = [];

  constructor({ send, changed = () => {}, said = () => {}, now = Date.now, sasl }) {
    Object.assign(this, { send, changed, said, now, sasl });
    this.nick = "";
    // { account, password }
    this.login = null;
    this.account = null;
    this.rooms = new Map();
    this.server = new Room("Server", "server");
    this.caps = new Map();
    this.offered = new Map();
    this.support = {};
    this.isWelcome = false;
    // Rooms to come (back) into.
    this.wishes = [];
    this.listing = [];
    this.isAway = false;
  }

  has(name) {
    return this.caps.has(name);
  }
  get hasHistory() {
    return this.has("draft/chathistory") && this.has("batch") && this.has("message-tags");
  }
  get limit() {
    const own = (this.nick + "!" + (this.user ?? "") + "@" + (this.host ?? "")).length;
    return 512 - 2 - Math.max(own, 100) - ": PRIVMSG  :".length;
  }
  isMe(nick) {
    return !!nick && fold(nick) === fold(this.nick);
  }
  isRoomName(name) {
    return !!name && (this.support.CHANTYPES ?? "#&").includes(name[0]);
  }
  room(name) {
    return this.rooms.get(fold(name));
  }
  get prefixes() {
    const [, modes, signs] = /^\((.*)\)(.*)$/.exec(this.support.PREFIX ?? "(ov)@+") ?? [, "ov", "@+"];
    return { modes, signs };
  }

  // MARK: The connection

  begin(nick, login) {
    this.nick = this.wantedNick = nick;
    this.login = login ?? null;
    this.caps.clear();
    this.offered.clear();
    this.isWelcome = false;
    this.send("CAP LS 302");
    this.send(format("NICK", nick));
    this.send(format("USER", "web", "0", "*", nick));
  }

  end() {
    this.isWelcome = false;
    this.account = null;
    this.#batches.clear();
    this.#asked = [];
    this.exchange = null;
    for (const room of this.rooms.values()) {
      if (room.kind === "room" && room.isJoined && !this.wishes.some((name) => fold(name) === fold(room.name))) this.wishes.push(room.name);
      if (room.kind === "room") room.isJoined = false;
      room.members.clear();
      room.loading = false;
      // The next page holds them again, behind what was missed before them.
      if (room.filling) room.held = room.held.filter((entry) => !entry.msgid);
      room.filling = null;
      this.#release(room);
      for (const entry of room.entries) if (entry.state === "sending") this.#set(room, entry, { state: "unsure" });
      this.changed("room", room);
    }
    this.changed("link");
  }

  #capabilities(subcommand, list, isMore) {
    for (const word of list.split(" ").filter(Boolean)) {
      const [name, ...value] = word.replace(/^-/, "").split("=");
      if (subcommand === "ACK") word[0] === "-" ? this.caps.delete(name) : this.caps.set(name, this.offered.get(name) ?? "");
      else if (subcommand === "DEL") this.caps.delete(name), this.offered.delete(name);
      else this.offered.set(name, value.join("="));
    }
    if (isMore) return;
    if (subcommand === "LS" || subcommand === "NEW") {
      const names = wanted.filter((name) => this.offered.has(name) && !this.caps.has(name));
      if (names.length) this.send(format("CAP", "REQ", names.join(" ")));
      else if (subcommand === "LS") this.#negotiated();
    } else if ((subcommand === "ACK" || subcommand === "NAK") && !this.isWelcome) this.#negotiated();
  }

  async #negotiated() {
    if (!this.login) return this.send("CAP END");
    if (!this.has("sasl")) return this.#refuseLogin("This server has no accounts. Come as a guest.");
    try {
      this.exchange = await this.sasl(this.login, (this.caps.get("sasl") || "PLAIN").split(","));
      this.send("AUTHENTICATE " + this.exchange.mechanism);
    } catch (error) {
      this.#refuseLogin(error.message);
    }
  }

  #refuseLogin(words, isWrong) {
    this.exchange = null;
    this.changed("refused", { words, isLogin: true, isWrong });
  }

  async #authenticate(piece) {
    if (!this.exchange) return;
    try {
      this.challenge = (this.challenge ?? "") + (piece === "+" ? "" : piece);
      if (piece.length === 400) return;
      const answer = await this.exchange.answer(this.challenge);
      this.challenge = "";
      for (let at = 0; at < answer.length; at += 400) this.send("AUTHENTICATE " + answer.slice(at, at + 400));
      if (answer.length % 400 === 0) this.send("AUTHENTICATE +");
    } catch (error) {
      this.send("AUTHENTICATE *");
      this.#refuseLogin(error.message);
    }
  }

  #welcome() {
    this.isWelcome = true;
    for (const name of this.wishes) this.join(name);
    for (const room of this.rooms.values()) if (room.kind === "talk") this.#comeBack(room);
    this.changed("link");
  }

  // MARK: What a person does

  join(name, key) {
    if (!this.isWelcome) return void this.wishes.push(name);
    this.send(key ? format("JOIN", name, key) : format("JOIN", name));
  }

  #unwish(name) {
    this.wishes = this.wishes.filter((wish) => fold(wish) !== fold(name));
  }

  leave(room, reason) {
    this.#unwish(room.name);
    if (room.kind === "room" && room.isJoined && this.isWelcome) this.send(format("PART", room.name, ...(reason ? [reason] : [])));
    this.rooms.delete(fold(room.name));
    this.changed("rooms");
  }

  talk(nick) {
    let room = this.room(nick);
    if (!room) {
      this.rooms.set(fold(nick), (room = new Room(nick, "talk")));
      if (this.isWelcome) this.#comeBack(room);
      this.changed("rooms");
    }
    return room;
  }

  /** Says a text in a room: a line at once where that is possible, else as soon as it is. */
  say(room, text, kind = "say") {
    const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
    if (lines.length > 1 && kind === "say" && this.has("draft/multiline") && this.#fitsMultiline(lines)) return this.#add(room, lines.join("\n"), kind);
    for (const line of lines) for (const piece of split(line, this.limit - bytes.encode(room.name).length - (kind === "action" ? 9 : 0))) this.#add(room, piece, kind);
  }

  #fitsMultiline(lines) {
    const limits = Object.fromEntries((this.caps.get("draft/multiline") || "").split(",").map((part) => part.split("=")));
    const size = bytes.encode(lines.join("\n")).length;
    return lines.length <= (+limits["max-lines"] || 24) && size <= (+limits["max-bytes"] || 4096) && lines.every((line) => bytes.encode(line).length < this.limit);
  }

  #add(room, text, kind) {
    const entry = this.#entry({ kind, nick: this.nick, text, isOwn: true, state: "waiting" });
    room.isAtEnd ? this.#append(room, entry) : this.toPresent(room).then(() => this.#append(room, entry));
    this.#deliver(room, entry);
  }

  /** Sends a line that is kept; where the room is still being caught up with, that comes first. */
  #deliver(room, entry) {
    if (!this.isWelcome || !room.isJoined || room.filling) return;
    const label = this.has("labeled-response") ? { label: "w" + ++this.#label } : {};
    entry.label = label.label;
    const echoes = this.has("echo-message");
    this.#set(room, entry, { state: echoes ? "sending" : "sent" });
    const lines = entry.text.split("\n");
    if (lines.length > 1) {
      const reference = "m" + ++this.#label;
      this.send(tagged(label, format("BATCH", "+" + reference, "draft/multiline", room.name)));
      for (const line of lines) this.send(tagged({ batch: reference }, format("PRIVMSG", room.name, line)));
      this.send(format("BATCH", "-" + reference));
    } else this.send(tagged(label, format("PRIVMSG", room.name, entry.kind === "action" ? `\x01ACTION ${entry.text}\x01` : entry.text)));
  }

  /** Says a line again that was lost or refused. */
  again(room, entry) {
    this.#remove(room, entry);
    this.#add(room, entry.text, entry.kind);
  }

  drop(room, entry) {
    this.#remove(room, entry);
    this.changed("room", room);
  }

  /** The room was seen up to its end. */
  seen(room) {
    if (room.kind === "server") room.unread = room.mentions = 0;
    const last = room.entries.findLast((entry) => entry.time && entry.kind !== "presence");
    if (!room.unread && !room.mentions && (!last || last.time <= room.marker)) return;
    room.unread = room.mentions = 0;
    if (last && last.time > room.marker) {
      room.marker = last.time;
      if (this.has("draft/read-marker") && this.isWelcome && this.account) this.send(format("MARKREAD", room.name, "timestamp=" + new Date(last.time).toISOString()));
    }
    this.changed("rooms");
  }

  // MARK: History

  #ask(room, words, use) {
    room.loading = true;
    const label = this.has("labeled-response") ? { label: "h" + ++this.#label } : {};
    return new Promise((resolve) => {
      this.#asked.push({ room, label: label.label, resolve: (page) => ((room.loading = false), use?.(page), resolve(page), this.changed("room", room)) });
      this.send(tagged(label, format("CHATHISTORY", words[0], room.name, ...words.slice(1), PAGE)));
    });
  }

  /** 100 lines before the first; false where there are none. */
  async older(room) {
    const first = room.first;
    if (!this.hasHistory || !this.isWelcome || room.loading || room.isAtStart || room.filling) return false;
    const page = await this.#ask(room, first ? ["BEFORE", "msgid=" + first.msgid] : ["LATEST", "*"]);
    if (!page) return false;
    if (page.isEnd || !page.entries.length) room.isAtStart = true;
    const fresh = page.entries.filter((entry) => !room.ids.has(entry.msgid));
    for (const entry of fresh) room.ids.add(entry.msgid);
    room.entries.unshift(...fresh);
    if (room.entries.length > KEPT) {
      for (const entry of room.entries.splice(KEPT)) room.ids.delete(entry.msgid);
      room.isAtEnd = false;
    }
    this.changed("room", room);
    return fresh.length > 0;
  }

  /** 100 lines after the last one that is here, where the end of the room is not. */
  async newer(room) {
    if (!this.hasHistory || !this.isWelcome || room.loading || room.isAtEnd || room.filling || !room.last) return;
    const page = await this.#ask(room, ["AFTER", "msgid=" + room.last.msgid]);
    if (!page) return;
    for (const entry of page.entries) this.#append(room, entry);
    if (page.isEnd) room.isAtEnd = true;
    this.changed("room", room);
  }

  #clear(room) {
    const own = room.entries.filter((entry) => entry.isOwn && entry.state !== "sent");
    room.entries = [];
    room.ids.clear();
    room.isAtStart = false;
    return own;
  }

  async toPresent(room) {
    if (room.isAtEnd || !this.hasHistory || !this.isWelcome) return;
    const page = await this.#ask(room, ["LATEST", "*"]);
    if (!page) return;
    const own = this.#clear(room);
    room.isAtEnd = true;
    room.isAtStart = page.isEnd;
    for (const entry of [...page.entries, ...own]) this.#append(room, entry);
    this.changed("room", room);
  }

  /** The lines around one, or around a moment: `msgid=…` or `timestamp=…`. */
  async around(room, place) {
    if (!this.hasHistory || !this.isWelcome || room.loading) return;
    const page = await this.#ask(room, ["AROUND", place]);
    if (!page?.entries.length) return;
    const own = this.#clear(room);
    room.isAtEnd = room.isAtStart = false;
    for (const entry of page.entries) this.#append(room, entry);
    if (own.length) room.held.push(...own);
    this.changed("room", room);
    return page.entries;
  }

  /** Fills what was missed since the last line that is here, and then sends what was typed meanwhile. */
  async #comeBack(room) {
    // What was said in private is kept between accounts alone.
    let isWhole = this.hasHistory && room.isAtEnd && (room.kind === "room" || this.account);
    if (isWhole) {
      const filling = (room.filling = {});
      let last = room.last;
      const wasEmpty = !last;
      let missed = [];
      for (let turn = 0; room.filling === filling; turn++) {
        const page = await this.#ask(room, last ? ["AFTER", "msgid=" + last.msgid] : ["LATEST", "*"]);
        if (room.filling !== filling) return;
        if (page) missed.push(...page.entries);
        isWhole = page;
        if (page && wasEmpty && page.isEnd) room.isAtStart = true;
        if (!page || page.isEnd || wasEmpty || !page.entries.length) break;
        last = missed.at(-1);
        // So much was missed that it is read from its end, and the rest by scrolling up.
        if (missed.length >= KEPT) {
          const own = this.#clear(room);
          missed = [];
          last = null;
          room.held.unshift(...own);
          const latest = await this.#ask(room, ["LATEST", "*"]);
          if (room.filling !== filling) return;
          missed = latest?.entries ?? [];
          isWhole = null;
          break;
        }
      }
      // Own lines that were on their way and arrived are in what was missed.
      const unsure = room.entries.filter((entry) => entry.state === "unsure");
      for (const entry of missed) {
        const arrived = unsure.findIndex((own) => own.text === entry.text && own.kind === entry.kind && fold(own.nick) === fold(entry.nick));
        if (arrived >= 0) this.#remove(room, unsure.splice(arrived, 1)[0]);
      }
      const waiting = room.entries.filter((entry) => entry.isOwn && (entry.state === "waiting" || entry.state === "unsure"));
      for (const entry of waiting) this.#remove(room, entry);
      const before = room.unread;
      for (const entry of missed) this.#append(room, entry, { isMissed: wasEmpty ? !room.marker : false });
      if (wasEmpty && !room.marker) room.unread = before;
      room.filling = null;
      this.#release(room);
      for (const entry of waiting) this.#append(room, entry);
    }
    // Else nobody knows whether they arrived.
    if (!isWhole) for (const entry of room.entries) if (entry.state === "unsure") this.#set(room, entry, { state: "lost" });
    for (const entry of [...room.entries]) if (entry.isOwn && (entry.state === "waiting" || entry.state === "unsure")) this.#deliver(room, entry);
    this.changed("room", room);
  }

  #release(room) {
    for (const entry of room.held.splice(0)) this.#append(room, entry);
  }

  /** Finds lines: by the server where it can, else in those that are here. */
  search(text, room) {
    if (this.has("soju.im/search") && this.isWelcome) {
      return new Promise((resolve) => {
        const label = this.has("labeled-response") ? { label: "s" + ++this.#label } : {};
        this.#asked.push({ isSearch: true, room, label: label.label, resolve: (page) => resolve(page?.entries ?? []) });
        const words = [["in", room.name], ["text", text], ["limit", "50"]].map(([name, value]) => `${name}=${escapeTag(value)}`).join(";");
        this.send(tagged(label, format("SEARCH", words)));
      });
    }
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const found = room.entries.filter((entry) => entry.text && entry.kind !== "presence" && words.every((word) => (entry.nick + " " + entry.text).toLowerCase().includes(word)));
    return Promise.resolve(found.slice(-50));
  }

  // MARK: Lines of a room

  #entry(fields) {
    return { key: ++this.#serial, version: 0, time: this.now(), kind: "say", nick: "", text: "", isOwn: false, state: "sent", ...fields };
  }

  #set(room, entry, fields) {
    Object.assign(entry, fields);
    entry.version++;
    this.changed("room", room);
  }

  #remove(room, entry) {
    const index = room.entries.indexOf(entry);
    if (index >= 0) room.entries.splice(index, 1);
    else room.held = room.held.filter((held) => held !== entry);
    if (entry.msgid) room.ids.delete(entry.msgid);
  }

  #append(room, entry, { isMissed = false } = {}) {
    if (entry.msgid) {
      if (room.ids.has(entry.msgid)) return;
      room.ids.add(entry.msgid);
    }
    room.entries.push(entry);
    while (room.entries.length > KEPT) {
      const [gone] = room.entries.splice(0, 1);
      room.ids.delete(gone.msgid);
      room.isAtStart = false;
    }
    this.#count(room, entry, isMissed);
    this.changed("room", room);
  }

  #count(room, entry, isMissed) {
    if (isMissed || entry.isOwn || !["say", "action", "notice"].includes(entry.kind) || entry.time <= room.marker) return;
    room.unread++;
    if (entry.isMention || room.kind === "talk") room.mentions++;
  }

  /** A line that arrived now: behind all others, once those that were missed are there. */
  #arrive(room, entry) {
    if (room.filling) return void room.held.push(entry);
    if (!room.isAtEnd) return this.#count(room, entry, false), this.changed("room", room);
    this.#append(room, entry);
    this.said(room, entry);
  }

  /** Who came and went is one line, as long as nobody says anything between. */
  #presence(room, word, nick, more = "") {
    const last = room.entries.at(-1);
    const entry = last?.kind === "presence" && !room.filling && room.isAtEnd ? last : this.#entry({ kind: "presence", moves: [] });
    if (entry !== last) this.#arrive(room, entry);
    const moves = entry.moves;
    const opposite = { joined: "left", left: "joined" }[word];
    const before = moves.findIndex((move) => fold(move.nick) === fold(nick) && move.word === opposite && !move.more);
    // Who came and left again, or the other way round, is no news.
    if (before >= 0 && opposite === "joined" && !more) moves.splice(before, 1);
    else moves.push({ word, nick, more });
    this.#set(room, entry, { time: this.now() });
    if (!moves.length) this.#remove(room, entry);
  }

  note(room, text, kind = "info", fields = {}) {
    this.#arrive(room ?? this.server, this.#entry({ kind, text, ...fields }));
  }

  // MARK: What the server says

  receive(line) {
    const message = parse(line);
    if (!message) return;
    const { command, params, tags } = message;
    if (command === "BATCH") return params[0] && this.#batch(message);
    const batch = this.#batches.get(tags.batch);
    if (batch) return void batch.lines.push(message);
    this.#act(message);
  }

  #batch(message) {
    const [name, type, target] = message.params;
    const reference = name.slice(1);
    if (name[0] === "+") {
      const outer = this.#batches.get(message.tags.batch);
      this.#batches.set(reference, { type, target, tags: message.tags, lines: [], outer, message });
      return;
    }
    const batch = this.#batches.get(reference);
    if (!batch) return;
    this.#batches.delete(reference);
    Object.assign(batch.tags, message.tags["draft/chathistory-end"] !== undefined && { "draft/chathistory-end": "" });
    if (batch.type === "draft/multiline") {
      const joined = this.#joinLines(batch);
      if (joined) batch.outer ? batch.outer.lines.push(joined) : this.#act(joined);
    } else if (batch.type === "chathistory" || batch.type === "soju.im/search") this.#page(batch);
    else for (const line of batch.lines) this.#act({ ...line, tags: { ...(batch.tags.label && { label: batch.tags.label }), ...line.tags } });
  }

  #joinLines({ lines, target, tags, message }) {
    if (!lines.length) return null;
    let text = lines[0].params[1];
    for (const line of lines.slice(1)) text += (line.tags["draft/multiline-concat"] === undefined ? "\n" : "") + line.params[1];
    return { ...lines[0], tags: { ...lines[0].tags, ...tags, batch: undefined }, params: [target, text], source: message.source, nick: message.nick };
  }

  #page(batch) {
    const isSearch = batch.type !== "chathistory";
    const index = this.#asked.findIndex((asked) => (batch.tags.label ? asked.label === batch.tags.label : !!asked.isSearch === isSearch && (isSearch || fold(asked.room.name) === fold(batch.target ?? ""))));
    const entries = batch.lines.filter((line) => ["PRIVMSG", "NOTICE"].includes(line.command)).map((line) => this.#spoken(line)).filter((entry) => !entry.isProgram);
    const gone = new Set(batch.lines.filter((line) => line.command === "REDACT").map((line) => line.params[1]));
    for (const entry of entries) if (gone.has(entry.msgid)) Object.assign(entry, { kind: "gone", text: "" });
    const isEnd = [batch, ...batch.lines].some(({ tags }) => tags["draft/chathistory-end"] !== undefined) || batch.lines.length < PAGE;
    if (index >= 0) return this.#asked.splice(index, 1)[0].resolve({ entries, isEnd });
    // Nobody asked: a server that tells by itself what was said before.
    const room = batch.target && this.room(batch.target);
    if (room) for (const entry of entries) this.#append(room, entry, { isMissed: true });
  }

  #failAsked(label, room) {
    const index = this.#asked.findIndex((asked) => (label ? asked.label === label : !room || fold(asked.room.name) === fold(room)));
    if (index >= 0) this.#asked.splice(index, 1)[0].resolve(null);
    return index >= 0;
  }

  #time(tags) {
    const time = Date.parse(tags.time ?? "");
    return Number.isNaN(time) ? this.now() : time;
  }

  #spoken({ nick, params, command, tags }) {
    let text = params[1] ?? "";
    let kind = command === "NOTICE" ? "notice" : "say";
    let isProgram = false;
    if (text[0] === "\x01") {
      const [, word, rest] = /^\x01(\S*) ?(.*?)\x01?$/s.exec(text);
      if (word === "ACTION") [kind, text] = ["action", rest];
      else isProgram = true;
    }
    const isOwn = this.isMe(nick);
    return this.#entry({ kind, nick, text, isOwn, isProgram, msgid: tags.msgid, time: this.#time(tags), account: tags.account, isMention: !isOwn && mentions(text, this.nick) });
  }

  #act(message) {
    // The commands that are nothing without what they are about.
    if (!message.params.length && /^(JOIN|PART|KICK|NICK|TOPIC|RENAME|PRIVMSG|NOTICE|BATCH|CAP|\d+)$/.test(message.command)) return;
    const handler = this["on" + message.command];
    if (handler) return handler.call(this, message, ...message.params);
    if (/^\d\d\d$/.test(message.command)) this.#numeric(message);
  }

  onCAP(message, _, subcommand, ...rest) {
    this.#capabilities(subcommand, rest.at(-1) ?? "", rest.length > 1 && rest[0] === "*");
  }
  onAUTHENTICATE(message, piece) {
    this.#authenticate(piece);
  }
  onPING(message, text) {
    this.send(format("PONG", text ?? ""));
  }
  onERROR(message, text) {
    this.lastWords = text;
    this.note(null, text, "error");
  }

  onJOIN({ nick, host, user, tags }, name, account) {
    if (this.isMe(nick)) {
      [this.host, this.user] = [host, user];
      let room = this.room(name);
      if (!room) this.rooms.set(fold(name), (room = new Room(name, "room")));
      room.isJoined = true;
      this.#unwish(name);
      room.members.clear();
      this.changed("joined", room);
      return void this.#comeBack(room);
    }
    const room = this.room(name);
    if (!room) return;
    room.members.set(fold(nick), { nick, sign: "", account: account && account !== "*" ? account : null });
    this.#presence(room, "joined", nick);
  }

  #without(room, nick, word, more) {
    if (room.members.delete(fold(nick))) this.#presence(room, word, nick, more);
    this.changed("people", room);
  }
  onPART({ nick }, name, reason) {
    const room = this.room(name);
    if (!room) return;
    if (!this.isMe(nick)) return this.#without(room, nick, "left", reason);
    room.isJoined = false;
    this.rooms.delete(fold(name));
    this.changed("rooms");
  }
  onQUIT({ nick }, reason) {
    for (const room of this.rooms.values()) if (room.members.has(fold(nick))) this.#without(room, nick, "left", /^(Quit|Connection closed)?:? ?$/.test(reason ?? "") ? "" : reason);
  }
  onKICK({ nick }, name, target, reason) {
    const room = this.room(name);
    if (!room) return;
    const why = reason && reason !== target ? `: ${reason}` : "";
    if (this.isMe(target)) {
      room.isJoined = false;
      room.members.clear();
      return this.note(room, `${nick} removed you from ${name}${why}`, "error");
    }
    room.members.delete(fold(target));
    this.note(room, `${nick} removed ${target}${why}`);
  }
  onNICK({ nick }, next) {
    const isMine = this.isMe(nick);
    if (isMine) this.nick = next;
    for (const room of this.rooms.values()) {
      const person = room.members.get(fold(nick));
      if (person) {
        room.members.delete(fold(nick));
        room.members.set(fold(next), { ...person, nick: next });
        this.#presence(room, "renamed", nick, next);
      }
      if (room.kind === "talk" && fold(room.name) === fold(nick)) {
        this.rooms.delete(fold(nick));
        room.name = next;
        this.rooms.set(fold(next), room);
        this.note(room, `${nick} is now ${next}`);
      }
    }
    this.changed(isMine ? "link" : "rooms");
  }
  onTOPIC({ nick }, name, topic) {
    const room = this.room(name);
    if (!room) return;
    room.topic = topic;
    this.note(room, topic ? `${nick} set the topic: ${topic}` : `${nick} removed the topic`);
  }
  onMODE({ nick }, name, modes = "", ...rest) {
    const room = this.room(name);
    if (!room) return;
    const { modes: letters, signs } = this.prefixes;
    const [lists, always, whenSet] = (this.support.CHANMODES ?? "beI,k,l").split(",");
    let sign = "+";
    const words = [...rest];
    for (const letter of modes) {
      if (letter === "+" || letter === "-") sign = letter;
      else if (letters.includes(letter)) {
        const person = room.members.get(fold(words.shift() ?? ""));
        const mark = signs[letters.indexOf(letter)];
        if (person) person.sign = [...signs].filter((one) => (one === mark ? sign === "+" : person.sign.includes(one))).join("");
      } else if (lists.includes(letter) || always?.includes(letter) || (sign === "+" && whenSet?.includes(letter))) words.shift();
    }
    this.note(room, `${nick} set ${[modes, ...rest].join(" ")}`);
    this.changed("people", room);
  }
  onAWAY({ nick }, text) {
    for (const room of this.rooms.values()) {
      const person = room.members.get(fold(nick));
      if (person) person.isAway = text !== undefined;
      if (person) this.changed("people", room);
    }
  }
  onACCOUNT({ nick }, account) {
    for (const room of this.rooms.values()) {
      const person = room.members.get(fold(nick));
      if (person) person.account = account === "*" ? null : account;
    }
    if (this.isMe(nick)) this.account = account === "*" ? null : account;
    this.changed("link");
  }
  onRENAME({ nick }, from, to, reason) {
    const room = this.room(from);
    if (!room) return;
    this.rooms.delete(fold(from));
    room.name = to;
    this.rooms.set(fold(to), room);
    this.note(room, `${nick} renamed this room to ${to}${reason ? ": " + reason : ""}`);
    this.changed("rooms");
  }
  onINVITE({ nick }, target, name) {
    if (this.isMe(target)) this.note(null, `${nick} invites you to ${name}`, "invite", { room: name });
  }
  onREDACT({ nick }, name, msgid, reason) {
    const room = this.room(name) ?? this.room(nick);
    const entry = room?.entries.find((one) => one.msgid === msgid);
    if (entry) this.#set(room, entry, { kind: "gone", text: reason ?? "" });
  }
  onMARKREAD(message, name, stamp = "") {
    const room = this.room(name);
    const time = Date.parse(stamp.replace("timestamp=", ""));
    if (!room || !(time > room.marker)) return;
    room.marker = time;
    const fresh = room.entries.filter((entry) => !entry.isOwn && ["say", "action", "notice"].includes(entry.kind) && entry.time > time);
    room.unread = fresh.length;
    room.mentions = fresh.filter((entry) => entry.isMention || room.kind === "talk").length;
    this.changed("rooms");
  }
  onKILL(message, target, reason) {
    if (this.isMe(target)) this.lastWords = reason;
  }
  onWALLOPS({ nick }, text) {
    this.note(null, `${nick}: ${text}`, "notice");
  }

  onPRIVMSG(message, target) {
    const entry = this.#spoken(message);
    if (entry.isProgram) {
      const [, word, rest] = /^\x01(\S*) ?(.*?)\x01?$/s.exec(entry.text);
      const answer = { VERSION: "Hubbub in a browser", PING: rest }[word];
      const isDue = this.isMe(target) && !(Date.now() - this.answered < 5000);
      if (message.command === "PRIVMSG" && answer !== undefined && isDue && !entry.isOwn && !message.tags.batch) (this.answered = Date.now()), this.send(format("NOTICE", message.nick, `\x01${word} ${answer}\x01`));
      return;
    }
    const name = target.replace(/^[@%+~&]+(?=[#&])/, "");
    const isRoom = this.isRoomName(name);
    if (!isRoom && (!message.nick || message.nick.includes("."))) return this.note(null, entry.text, "notice");
    const room = isRoom ? this.room(name) : entry.kind === "notice" && !this.room(entry.isOwn ? target : message.nick) ? this.server : this.talk(entry.isOwn ? target : message.nick);
    if (!room) return;
    if (entry.isOwn && this.#confirm(room, entry, message.tags.label)) return;
    this.#arrive(room, entry);
  }
  onNOTICE(message, target) {
    this.onPRIVMSG(message, target);
  }

  /** An echo: the line that was on its way has its place now, which is where the echo stands. */
  #confirm(room, echo, label) {
    const own = [...room.entries, ...room.held].find((entry) => entry.state === "sending" && (label ? entry.label === label : entry.text === echo.text && entry.kind === echo.kind));
    if (!own) return false;
    this.#remove(room, own);
    this.#append(room, Object.assign(own, { msgid: echo.msgid, time: echo.time, text: echo.text, state: "sent", version: own.version + 1 }));
    // What is still on its way comes after what has arrived.
    const waiting = room.entries.filter((entry) => entry.isOwn && ["sending", "waiting"].includes(entry.state));
    for (const entry of waiting) this.#remove(room, entry), room.entries.push(entry);
    return true;
  }

  // MARK: Refusals and answers

  onFAIL({ tags }, command, code, ...context) {
    const words = context.at(-1);
    if (command === "CHATHISTORY" || command === "SEARCH") {
      this.#failAsked(tags.label, context[1]);
      return code === "INVALID_TARGET" || this.note(context[1] && this.room(context[1]), `History is not available: ${words}`, "error");
    }
    if (command === "REGISTER") return this.changed("refused", { words, isLogin: true });
    if (!this.#refuseLine(tags.label, words)) this.note(null, words, "error");
  }
  onWARN(message, ...context) {
    this.note(null, context.at(-1));
  }
  onNOTE({ tags }, command, code, ...context) {
    if (command === "REGISTER" && code === "RECOVERY_CODE") return this.changed("recovery", context.at(-2) ?? context[0]);
    if (command === "ACCOUNT" && code === "DEVICE_PASSWORD") return this.changed("device", { device: context[0], password: context[1] });
    const room = context.map((word) => this.room(word)).find(Boolean);
    this.note(room ?? null, context.at(-1));
  }
  onREGISTER(message, result, account, words) {
    if (result === "SUCCESS") this.account = account;
    this.changed("registered", { result, account, words });
  }

  #refuseLine(label, words, name) {
    for (const room of this.rooms.values()) {
      const entry = room.entries.find((one) => one.state === "sending" && (label ? one.label === label : name && fold(room.name) === fold(name)));
      if (!entry) continue;
      this.#set(room, entry, { state: "refused", words });
      return true;
    }
    return false;
  }

  #numeric({ command, params, tags }) {
    const code = +command;
    const [, one, two] = params;
    const words = params.at(-1);
    const room = one && this.room(one);
    switch (code) {
      case 1:
        this.nick = params[0];
        return this.#welcome();
      case 5:
        for (const token of params.slice(1, -1)) {
          const [name, value = ""] = token.split(/=(.*)/s);
          this.support[name] = value;
        }
        return this.changed("link");
      case 305:
      case 306:
        this.isAway = code === 306;
        return this.changed("link");
      case 321:
        return void (this.listing = []);
      case 322:
        return void this.listing.push({ name: one, count: +two, topic: params[3] ?? "" });
      case 323:
        return this.changed("list");
      case 331:
      case 332:
        if (room) room.topic = code === 332 ? two : "";
        return this.changed("rooms");
      case 353:
        return this.#nameReply(params[2], words);
      case 366:
        return this.#namesEnd(one);
      case 376:
      case 422:
        return this.changed("link");
      case 401:
      case 403:
      case 404:
      case 415:
      case 486:
      case 531:
        if (this.#refuseLine(tags.label, words, one)) return;
        break;
      case 900:
        this.account = two;
        return this.changed("link");
      case 903:
        this.changed("loggedIn");
        return this.isWelcome || this.send("CAP END");
      case 902:
      case 904:
      case 905:
      case 906:
      case 908:
        return this.#refuseLogin(code === 904 ? "The name or the password is wrong." : words, code === 904);
      case 432:
      case 433:
      case 436:
      case 437:
        if (this.isWelcome) break;
        if (code === 432) return this.changed("refused", { words: "This nickname cannot be had: " + words });
        this.nick = this.nick + "_";
        if (this.nick.length > this.wantedNick.length + 3) return this.changed("refused", { words: "This nickname is taken." });
        return this.send(format("NICK", this.nick));
      case 464:
      case 465:
        this.lastWords = words;
        return this.changed("refused", { words });
    }
    if (code >= 400 && code < 600) {
      const isRefusedJoin = [403, 405, 471, 473, 474, 475, 477].includes(code);
      if (isRefusedJoin) this.#unwish(params[1]);
      return this.note(room ?? null, `${room ? "" : params.slice(1, -1).join(" ") + ": "}${words}`, "error", { isPlain: isRefusedJoin });
    }
    // Figures of the start and the message of the day belong to the server's own page; answers to
    // questions are said where they were asked, which the view knows.
    const text = params.slice(1).join(" ");
    if (code < 300 || [372, 375].includes(code)) return this.note(null, words);
    if (![315, 318, 329, 333, 368, 376].includes(code)) this.changed("answer", text);
  }

  #nameReply(name, list = "") {
    const { signs } = this.prefixes;
    const people = this.#names.get(fold(name)) ?? new Map();
    for (const word of list.split(" ").filter(Boolean)) {
      let at = 0;
      while (signs.includes(word[at])) at++;
      const nick = word.slice(at).split("!")[0];
      people.set(fold(nick), { nick, sign: word.slice(0, at) });
    }
    this.#names.set(fold(name), people);
  }
  #namesEnd(name) {
    const room = this.room(name);
    const people = this.#names.get(fold(name));
    this.#names.delete(fold(name));
    if (!room || !people) return;
    for (const [key, person] of people) people.set(key, { ...room.members.get(key), ...person });
    room.members = people;
    this.changed("people", room);
  }
}
