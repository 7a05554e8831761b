// The server in a picture: one JSON object a second, drawn by hand as SVG, with a table behind each
// picture for whoever does not see it.

const FORMAT = 1;
const KEPT = 120; // Seconds that the curves show.
const $ = (id) => document.getElementById(id);

function put(parent, space, tag, attributes, children) {
  const element = space ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  element.append(...children.filter((child) => child !== undefined && child !== null && child !== false));
  parent?.append(element);
  return element;
}
const make = (tag, attributes = {}, ...children) => put(null, false, tag, attributes, children);
const draw = (tag, attributes = {}, ...children) => put(null, true, tag, attributes, children);

// MARK: Numbers as people read them

const plain = new Intl.NumberFormat([], { maximumFractionDigits: 1 });
function short(value) {
  if (value >= 1e6) return plain.format(value / 1e6) + " M";
  return value >= 1e4 ? plain.format(value / 1e3) + " k" : plain.format(value);
}
function size(value) {
  for (const unit of ["B", "KiB", "MiB"]) {
    if (value < 1024) return `${plain.format(value)} ${unit}`;
    value /= 1024;
  }
  return `${plain.format(value)} GiB`;
}
function micro(value) {
  if (value === null || value === undefined) return "–";
  return value < 1000 ? `${Math.round(value)} µs` : value < 1e6 ? `${plain.format(value / 1000)} ms` : `${plain.format(value / 1e6)} s`;
}
function span(seconds) {
  const [days, hours, minutes] = [Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60];
  return days ? `${days} d ${hours} h` : hours ? `${hours} h ${minutes} min` : minutes ? `${minutes} min` : `${Math.floor(seconds)} s`;
}

// MARK: Pictures

/** Curves over the last two minutes; a second without a figure is a gap in them. */
function curves(series, { width = 240, height = 48, words, top }) {
  const highest = Math.max(top ?? 0, ...series.flat().filter((value) => value !== null), 1e-9);
  const x = (index, all) => ((KEPT - all.length + index) * width) / (KEPT - 1);
  const y = (value) => height - 2 - (value / highest) * (height - 6);
  const svg = draw("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": words, preserveAspectRatio: "none" });
  svg.append(draw("line", { class: "rule", x1: 0, x2: width, y1: height - 1, y2: height - 1 }));
  series.forEach((values, number) => {
    let path = "";
    let isDown = false;
    values.forEach((value, index) => {
      if (value === null) return void (isDown = false);
      path += `${isDown ? "L" : "M"}${x(index, values).toFixed(1)} ${y(value).toFixed(1)}`;
      isDown = true;
    });
    if (!number && path && !values.includes(null)) svg.append(draw("path", { class: "area", d: `${path}L${width} ${height}L${x(0, values).toFixed(1)} ${height}Z` }));
    svg.append(draw("path", { class: number ? "path second" : "path", d: path }));
  });
  return svg;
}

/** Where each member stands: at the left whoever is always told first, at the right always last. */
function positions(people) {
  const known = people.filter((person) => person.position !== null && person.position !== undefined).sort((a, b) => a.position - b.position);
  const width = 440;
  const x = (position) => 10 + position * (width - 20);
  const words = known.length ? `Mean position from 0, always first, to 1, always last. ${known[0].nickname} ${known[0].position.toFixed(2)} to ${known.at(-1).nickname} ${known.at(-1).position.toFixed(2)}.` : "No position was measured yet.";
  const svg = draw("svg", { viewBox: `0 0 ${width} 62`, role: "img", "aria-label": words });
  svg.append(draw("rect", { class: "band", x: x(0.4), width: x(0.6) - x(0.4), y: 6, height: 30, rx: 6 }));
  svg.append(draw("line", { class: "rule", x1: 10, x2: width - 10, y1: 21, y2: 21 }));
  known.forEach((person, index) => {
    const isFar = Math.abs(person.position - 0.5) > 0.1;
    svg.append(draw("circle", { class: isFar ? "dot far" : "dot", cx: x(person.position), cy: 21 + ((index % 3) - 1) * 7, r: 5 }, draw("title", {}, `${person.nickname}: ${person.position.toFixed(2)}`)));
  });
  for (const [position, anchor, text] of [[0, "start", "always first"], [0.5, "middle", "fair"], [1, "end", "always last"]]) svg.append(draw("text", { x: x(position), y: 54, "text-anchor": anchor }, text));
  return svg;
}

/** A bar for each, with its name before it and its value behind. */
function bars(rows, show, words, limit) {
  const highest = Math.max(limit ?? 0, ...rows.map((row) => row.value), 1e-9);
  const svg = draw("svg", { viewBox: `0 0 440 ${Math.max(1, rows.length) * 22}`, role: "img", "aria-label": words });
  if (!rows.length) svg.append(draw("text", { x: 0, y: 15 }, "none"));
  rows.forEach((row, index) => {
    const y = index * 22;
    const name = row.name.length > 20 ? row.name.slice(0, 19) + "…" : row.name;
    svg.append(draw("text", { class: "name", x: 0, y: y + 15 }, name));
    svg.append(draw("rect", { class: row.isOver ? "bar over" : "bar", x: 140, y: y + 5, height: 12, rx: 3, width: Math.max(row.value ? 2 : 0, (row.value / highest) * 210) }));
    svg.append(draw("text", { x: 440, y: y + 15, "text-anchor": "end" }, show(row.value)));
  });
  return svg;
}

function table(heads, rows) {
  return make("table", {}, make("thead", {}, make("tr", {}, ...heads.map((head) => make("th", { scope: "col" }, head)))),
    make("tbody", {}, ...rows.map(([first, ...others]) => make("tr", {}, make("th", { scope: "row" }, first), ...others.map((value) => make("td", {}, value))))));
}

// A picture is made anew each second; whether its table is open, and who has the focus, is not.
const figures = new Map();
function figure(parent, key, title, { big, key: legend, pictures, heads, rows }) {
  let place = figures.get(key);
  if (!place) {
    place = { figure: make("figure"), caption: make("figcaption"), body: make("div"), details: make("details", {}, make("summary", {}, "Table", make("span", { class: "quiet" }))), table: make("div") };
    place.details.append(place.table);
    place.details.querySelector("summary").setAttribute("aria-label", `Table: ${title}`);
    place.figure.append(place.caption, place.body, place.details);
    parent.append(place.figure);
    figures.set(key, place);
  }
  place.isSeen = true;
  place.caption.replaceChildren(make("h3", {}, title), ...(big ? [make("p", { class: "big" }, big[0], make("small", {}, big[1] ? ` ${big[1]}` : ""))] : []), ...(legend ?? []));
  place.body.replaceChildren(...pictures);
  if (place.details.open || !place.table.firstChild) place.table.replaceChildren(table(heads, rows));
}

// MARK: What is shown

const history = new Map();
function remember(key, value) {
  const values = history.get(key) ?? [];
  values.push(value ?? null);
  if (values.length > KEPT) values.shift();
  history.set(key, values);
  return values;
}

function tile(key, title, value, show, unit) {
  const values = remember(key, value);
  const known = values.filter((one) => one !== null);
  figure($("tiles"), "tile " + key, title, {
    big: [value === undefined || value === null ? "–" : show(value), unit],
    pictures: [curves([values], { words: `${title} in the last two minutes: now ${show(value ?? 0)}, at the most ${show(Math.max(...known, 0))}.` })],
    heads: ["seconds ago", title],
    rows: values.map((one, index) => [`${values.length - 1 - index}`, one === null ? "–" : show(one)]).reverse().slice(0, 30),
  });
}

function room({ name, members, messagesPerSecond, spreadP50, spreadP99, people }) {
  const median = remember("p50 " + name, spreadP50);
  const late = remember("p99 " + name, spreadP99);
  const behind = [...people].sort((a, b) => b.lagBytes - a.lagBytes).slice(0, 5).map((person) => ({ name: person.nickname, value: person.lagBytes, isOver: person.isBlocked }));
  const place = (person) => (person.position === null || person.position === undefined ? "–" : person.position.toFixed(3));
  figure($("rooms"), "room " + name, name, {
    key: [make("p", { class: "key" }, `${members} ${members === 1 ? "member" : "members"}, ${short(messagesPerSecond)} messages/s`)],
    pictures: [
      make("h4", {}, "From the first to the last who is told"),
      make("p", { class: "key" }, make("i"), `p50 ${micro(spreadP50)}   `, make("i", { class: "second" }), `p99 ${micro(spreadP99)}`),
      curves([median, late], { width: 440, height: 70, words: `Spread of a fan-out in ${name}: p50 ${micro(spreadP50)}, p99 ${micro(spreadP99)}.` }),
      make("h4", {}, "Mean position of each member"),
      positions(people),
      make("h4", {}, "Furthest behind"),
      bars(behind, size, `Furthest behind in ${name}: ${behind.map((row) => `${row.name} ${size(row.value)}`).join(", ") || "nobody"}.`, 4096),
    ],
    heads: ["member", "position", "behind", "socket"],
    rows: people.map((person) => [person.nickname, place(person), size(person.lagBytes), person.isBlocked ? "full" : "free"]),
  });
}

function counts(key, title, list, show = short, head = "count") {
  const rows = list.map(({ name, kind, count, heldMicroseconds, processorSeconds }) => ({ name: name ?? `${kind} (${count})`, value: processorSeconds ?? heldMicroseconds ?? count })).sort((a, b) => b.value - a.value).slice(0, 10);
  figure($("inner"), key, title, {
    pictures: [bars(rows, show, `${title}: ${rows.map((row) => `${row.name} ${show(row.value)}`).join(", ") || "none"}.`)],
    heads: ["", head],
    rows: rows.map((row) => [row.name, show(row.value)]),
  });
}

function show(block) {
  const { server, rooms, endings, refusals, locks, store, threads } = block;
  $("server").textContent = server.name;
  $("about").textContent = `${server.version}, up ${span(server.uptimeSeconds)}`;
  for (const place of figures.values()) place.isSeen = false;
  tile("messages", "Messages", server.messagesPerSecond, short, "a second");
  tile("deliveries", "Deliveries", server.deliveriesPerSecond, short, "a second");
  tile("clients", "Connected", server.clients.reduce((sum, one) => sum + one.count, 0), short);
  tile("blocked", "Sockets that take nothing", server.blocked, short);
  tile("sent", "Sent", server.sentBytesPerSecond, size, "a second");
  tile("processor", "Processor", server.processorSeconds * 100, short, "%");
  tile("memory", "Memory", server.memoryBytes, size);
  if (store) tile("store", "Waiting to be stored", store.waitingBytes, size);
  if (store) tile("commit", "Longest commit", store.commitMilliseconds, short, "ms");
  for (const one of rooms) room(one);
  counts("clients", "Connected, by how they came", server.clients);
  counts("endings", "Connections ended from here, by reason", endings);
  counts("refusals", "Refused, by reason", refusals);
  counts("locks", "Locks: the longest time held", locks, micro, "held");
  counts("threads", "Processor time by kind of thread", threads, (value) => `${plain.format(value * 100)} %`, "time");
  for (const [key, place] of figures) if (!place.isSeen) place.figure.remove(), figures.delete(key);
  document.title = `${short(server.messagesPerSecond)}/s · ${server.name}`;
}

// MARK: The stream

let greeting = null;
let tries = 0;

function connect() {
  const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/live`, ["hubbub.live"]);
  let isIn = false;
  socket.onopen = () => socket.send(JSON.stringify(greeting));
  socket.onmessage = ({ data }) => {
    const block = JSON.parse(data);
    if (block.refused) return refuse(block.refused);
    if (block.format !== FORMAT) return location.reload();
    if (!isIn) history.clear();
    [isIn, tries] = [true, 0];
    $("door").hidden = true;
    $("board").hidden = false;
    $("link").textContent = "live, once a second";
    show(block);
  };
  socket.onclose = ({ reason }) => {
    if (!greeting) return;
    if ($("board").hidden) return refuse(reason || "The server cannot be reached.");
    $("link").textContent = "The connection is lost; coming back by itself.";
    setTimeout(connect, Math.min(30000, 1000 * 2 ** tries++) * (0.5 + Math.random() / 2));
  };
}

function refuse(words) {
  greeting = null;
  $("board").hidden = true;
  $("door").hidden = false;
  $("refused").textContent = words;
  $("secret").focus();
}

$("enter").onsubmit = (event) => {
  event.preventDefault();
  const [oper, secret] = [$("oper").value.trim(), $("secret").value];
  greeting = oper ? { oper, password: secret } : { token: secret };
  $("refused").textContent = "";
  connect();
};
$("oper").focus();
