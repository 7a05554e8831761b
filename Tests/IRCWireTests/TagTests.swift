import Testing

@testable import IRCWire

/// Swift Testing has a `Tag` of its own.
typealias Tag = IRCWire.Tag

@Suite("Tag")
struct TagTests {
  // IRCv3 message-tags, "Escaping values", the table.
  @Test(
    "a value is escaped on the wire and comes back",
    arguments: [
      (";", #"\:"#), (" ", #"\s"#), (#"\"#, #"\\"#), ("\r", #"\r"#), ("\n", #"\n"#),
      ("\r\n", #"\r\n"#),
      (#"raw+:=,escaped; \"#, #"raw+:=,escaped\:\s\\"#), (#"\s"#, #"\\s"#), ("é😀", "é😀"),
    ])
  func escaping(value: String, wire: String) {
    var line: [UInt8] = []
    Tag("k", value).append(to: &line)
    #expect(String(decoding: line, as: UTF8.self) == "k=" + wire)
    #expect(Tag.parse("k=" + wire) == [Tag("k", value)])
  }

  // "If a lone `\` exists at the end of an escaped value (with no escape character following it), then there
  // SHOULD be no output character. For example, the escaped value `test\` should unescape to `test`."
  @Test(
    "a broken escape loses its backslash and nothing else",
    arguments: [
      (#"test\"#, "test"), (#"\"#, ""), (#"\\\"#, #"\"#), (#"\b"#, "b"), (#"\é"#, "é"),
      (#"a\=b"#, "a=b"),
    ])
  func brokenEscapes(wire: String, value: String) {
    #expect(Tag.parse("k=" + wire) == [Tag("k", value)])
  }

  // "@id=123AB;rose -> {"id": "123AB", "rose": ""}", "@url=;netsplit=tur,ty" (Modern IRC, "Tags").
  @Test(
    "tags are taken apart at semicolons and at the first equals sign",
    arguments: [
      ("id=123AB;rose", [Tag("id", "123AB"), Tag("rose")]),
      ("url=;netsplit=tur,ty", [Tag("url"), Tag("netsplit", "tur,ty")]),
      ("a=b=c", [Tag("a", "b=c")]),
      ("", []),
      (";;", []),
      ("=v;a;=", [Tag("a")]),
      ("+a=1;example.com/b", [Tag("+a", "1"), Tag("example.com/b")]),
      ("a=1;a=2", [Tag("a", "1"), Tag("a", "2")]),
    ])
  func parsing(text: String, tags: [Tag]) {
    #expect(Tag.parse(text) == tags)
  }

  @Test(
    "several are written with semicolons, an at and a space; none as nothing",
    arguments: [
      ([], ""), ([Tag("a")], "@a "),
      ([Tag("a", "b"), Tag("c"), Tag("+d", " ")], #"@a=b;c;+d=\s "#),
    ] as [([Tag], String)])
  func writing(tags: [Tag], text: String) {
    var line: [UInt8] = []
    Tag.append(tags, to: &line)
    #expect(String(decoding: line, as: UTF8.self) == text)
  }

  // "A client-only tag is prefixed with a plus sign (`+`)."
  @Test(
    "a plus sign makes a tag client-only",
    arguments: [
      ("+a", true), ("a", false), ("a+", false), ("", false), ("+", false), ("+é", false),
      ("+draft/react", true), ("+example.com/a-1", true), ("+a/", false), ("+/a", false),
      ("+a/b/c", false), ("+a.b", false), ("++a", false),
    ])
  func clientOnly(key: String, isClientOnly: Bool) {
    #expect(Tag(key).isClientOnly == isClientOnly)
  }

  // "Individual tag keys MUST only be used a maximum of once per message."
  @Test("of a key that is there twice the last value is relayed")
  func twice() {
    let tags = [Tag("+a", "1"), Tag("label", "x"), Tag("+b"), Tag("+a", "2")]
    #expect(Tag.clientOnly(tags) == [Tag("+b"), Tag("+a", "2")])
  }
}
