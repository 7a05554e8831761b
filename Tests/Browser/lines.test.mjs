// What `irc.js` makes of lines, by tables.

import assert from "node:assert/strict";
import { test } from "node:test";
import { format, mentions, parse, split } from "../../Sources/CWebAssets/client/irc.js";

test("a line is taken apart as the specifications say", () => {
  const lines = [
    ["PING", { command: "PING", params: [] }],
    [":irc.example 001 ann :Welcome, ann", { source: "irc.example", nick: "irc.example", command: "001", params: ["ann", "Welcome, ann"] }],
    [":ann!a@h privmsg #tea ::)", { nick: "ann", user: "a", host: "h", command: "PRIVMSG", params: ["#tea", ":)"] }],
    ["@time=x;a\\:b=1 :n A b  c  :", { tags: { time: "x", "a\\:b": "1" }, nick: "n", params: ["b", "c", ""] }],
    ["@a=\\:\\s\\\\\\r\\n\\x\\ A", { tags: { a: "; \\\r\nx" }, command: "A" }],
    ["@+b;c= A", { tags: { "+b": "", c: "" }, command: "A" }],
    [":ann@h A", { nick: "ann", user: "", host: "h" }],
    ["A b ", { params: ["b"] }],
  ];
  for (const [line, expected] of lines) {
    const message = parse(line);
    for (const [name, value] of Object.entries(expected)) assert.deepEqual(message[name], value, `${line}: ${name}`);
  }
});

test("nonsense is no line, and never throws", () => {
  for (const line of ["", " ", "@a", "@a ", ":x", ":x ", "@a :x", "@", ":"]) assert.equal(parse(line), null, JSON.stringify(line));
});

test("a line that is made can be read again, and never becomes two", () => {
  for (const params of [["#tea", "a b"], ["#tea", ""], ["#tea", ":)"], ["x"], ["#tea", "a\r\nQUIT"], ["#tea", "a\0b"]]) {
    const line = format("PRIVMSG", ...params);
    assert.doesNotMatch(line, /[\r\n\0]/);
    assert.equal(parse(line).params.length, params.length);
    assert.equal(parse(line).params.at(-1), params.at(-1).replace(/[\r\n\0]+/g, " "));
  }
});

test("a long text is cut at spaces, within its bytes and never within a character", () => {
  const size = (text) => new TextEncoder().encode(text).length;
  const texts = ["a", "word ".repeat(100), "x".repeat(500), "é".repeat(300), "👨‍👩‍👧‍👦".repeat(20), "short 🏳️‍🌈 ".repeat(40)];
  for (const text of texts) {
    const pieces = split(text, 60);
    for (const piece of pieces) assert.ok(size(piece) <= 60, piece);
    assert.equal(pieces.join("").replaceAll(" ", ""), text.replaceAll(" ", ""));
    for (const piece of pieces) assert.ok(!piece.includes("\ufffd") && !/^\u200d/.test(piece), piece);
  }
  assert.deepEqual(split("", 60), []);
});

test("a name is heard as a word of its own, in any case", () => {
  for (const [text, nick, isHeard] of [
    ["ann: tea?", "Ann", true], ["tea, ANN!", "ann", true], ["planned", "ann", false], ["annie", "ann", false], ["(ann)", "ann", true],
    ["ännchen ann", "ann", true], ["éann", "ann", false], ["", "ann", false], ["a_ann", "ann", false], ["anything", "", false],
  ]) assert.equal(mentions(text, nick), isHeard, text);
});
