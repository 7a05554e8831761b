import HubbubThreads
import TestSupport
import Testing

@testable import IRCWire

@Suite("Message")
struct MessageTests {
  // The examples of Modern IRC, "Parameters", and of IRCv3 message-tags.
  @Test(
    "a line is taken apart as the specifications show",
    arguments: [
      (
        ":irc.example.com CAP * LIST :",
        Message(source: Source(name: "irc.example.com"), "CAP", "*", "LIST", "")
      ),
      ("CAP * LS :multi-prefix sasl", Message("CAP", "*", "LS", "multi-prefix sasl")),
      ("CAP REQ :sasl message-tags foo", Message("CAP", "REQ", "sasl message-tags foo")),
      (
        ":dan!d@localhost PRIVMSG #chan :Hey!",
        Message(
          source: Source(name: "dan", user: "d", host: "localhost"), "PRIVMSG", "#chan", "Hey!")
      ),
      (
        ":dan!d@localhost PRIVMSG #chan Hey!",
        Message(
          source: Source(name: "dan", user: "d", host: "localhost"), "PRIVMSG", "#chan", "Hey!")
      ),
      (
        ":dan!d@localhost PRIVMSG #chan ::-)",
        Message(
          source: Source(name: "dan", user: "d", host: "localhost"), "PRIVMSG", "#chan", ":-)")
      ),
      (
        "@id=234AB :dan!d@localhost PRIVMSG #chan :Hey what's up!",
        Message(
          tags: [Tag("id", "234AB")], source: Source(name: "dan", user: "d", host: "localhost"),
          "PRIVMSG", "#chan", "Hey what's up!")
      ),
      (
        "@aaa=bbb;ccc;example.com/ddd=eee :nick!ident@host.com PRIVMSG me :Hello",
        Message(
          tags: [Tag("aaa", "bbb"), Tag("ccc"), Tag("example.com/ddd", "eee")],
          source: Source(name: "nick", user: "ident", host: "host.com"), "PRIVMSG", "me", "Hello")
      ),
      (
        #"@+example=raw+:=,escaped\:\s\\ :irc.example.com NOTICE #channel :Message"#,
        Message(
          tags: [Tag("+example", #"raw+:=,escaped; \"#)], source: Source(name: "irc.example.com"),
          "NOTICE", "#channel", "Message")
      ),
    ])
  func examples(line: String, message: Message) throws {
    #expect(try Message(parsing: line) == message)
  }

  // "These message parts, and parameters themselves, are separated by one or more ASCII SPACE characters"
  // (Modern IRC, "Message Format").
  @Test(
    "spaces in a row count as one, and those at the ends for nothing (P5)",
    arguments: [
      ("  PING  a   b  ", Message("PING", "a", "b")),
      ("PING", Message("PING")),
      ("PING ", Message("PING")),
      ("PING a  :  b  ", Message("PING", "a", "  b  ")),
      ("PING  :", Message("PING", "")),
      ("PING a:b c:", Message("PING", "a:b", "c:")),
      ("  @a  :b  PING", Message(tags: [Tag("a")], source: Source(name: "b"), "PING")),
      ("@ PING", Message("PING")),
      (": PING", Message(source: Source(name: ""), "PING")),
      ("PING a\tb", Message("PING", "a\tb")),
    ])
  func spaces(line: String, message: Message) throws {
    #expect(try Message(parsing: line) == message)
  }

  // "params = *14( SPACE middle ) [ SPACE ":" trailing ] =/ 14( SPACE middle ) [ SPACE [ ":" ] trailing ]"
  // (RFC 2812 section 2.3.1).
  @Test(
    "the fifteenth parameter is the rest of the line (P5)",
    arguments: [
      ("15", ["15"]),
      ("15 16 17", ["15 16 17"]),
      (":15 16", ["15 16"]),
      ("15  :16 ", ["15  :16 "]),
      (":", [""]),
      ("", []),
    ])
  func manyParameters(rest: String, last: [String]) throws {
    let fourteen = (1...14).map { String($0) }
    let message = try Message(parsing: "X " + fourteen.joined(separator: " ") + " " + rest)
    #expect(message.parameters == fourteen + last)
  }

  @Test(
    "a command is given in capitals, and only ASCII has any",
    arguments: [
      ("privmsg a", "PRIVMSG"), ("PrivMsg a", "PRIVMSG"), ("001 a", "001"), ("x1 a", "X1"),
      // Unicode's capitals of these are an S, an I and SS: no way to write a command.
      ("privm\u{17F}g a", "PRIVM\u{17F}G"), ("j\u{131}in a", "J\u{131}IN"),
      ("pa\u{DF} a", "PA\u{DF}"),
    ])
  func capitals(line: String, command: String) throws {
    #expect(try Message(parsing: line).command == command)
  }

  // "If you encounter an empty message, silently ignore it." (Modern IRC, "Message Format"): told apart here.
  @Test(
    "a line without a command is none (P5)",
    arguments: [
      "", " ", "    ", ":", " : ", ":source", ":source  ", "@", "@tag", "@tag ", "@tag :source",
    ])
  func noCommand(line: String) {
    #expect(throws: Message.ParseError.noCommand) { try Message(parsing: line) }
  }

  // "<sequence of any characters except NUL, CR, LF, …>" (Modern IRC, of every part of a message).
  @Test(
    "NUL, CR and LF are forbidden anywhere (P4)",
    arguments: ["\0", "\r", "\n"],
    ["@a=%b PING", ":a%b PING", "PI%NG", "PING a%b", "PING :a b%", "%", "%PING", "PING %"])
  func forbidden(byte: String, line: String) {
    let text = line.split(separator: "%", omittingEmptySubsequences: false).joined(separator: byte)
    #expect(throws: Message.ParseError.forbiddenByte) { try Message(parsing: text) }
  }

  @Test(
    "what is not UTF-8 is refused, with the command where it could be read (P6)",
    arguments: [
      [0xFF], [0x80], [0xC3], [0xE2, 0x82], [0xC0, 0xAF], [0xED, 0xA0, 0x80],
      [0xF4, 0x90, 0x80, 0x80],
    ] as [[UInt8]])
  func invalidUTF8(bytes: [UInt8]) {
    let lines: [(String, String?)] = [
      ("@a=", nil), (":a", nil), ("PI", nil), ("ping a", "PING"), ("PING a :b c", "PING"),
      ("@a :b PING a b", "PING"),
    ]
    for (start, command) in lines {
      #expect(throws: Message.ParseError.invalidUTF8(command: command)) {
        try Self.parse(Array(start.utf8) + bytes)
      }
      #expect(throws: Message.ParseError.invalidUTF8(command: command)) {
        try Self.parse(Array(start.utf8) + bytes + Array(" x".utf8))
      }
    }
  }

  // "Parameters that contain spaces, are empty, or begin with a ':' character MUST be sent with a preceding
  // ':'" (Modern IRC, "Parameters").
  @Test(
    "a message is written with a colon only where it is needed",
    arguments: [
      (Message("PING"), "PING\r\n"),
      (Message("PING", "a"), "PING a\r\n"),
      (Message("PING", ""), "PING :\r\n"),
      (Message("PING", "a", ":b"), "PING a ::b\r\n"),
      (Message("PING", "a", "b c"), "PING a :b c\r\n"),
      (Message("PING", "a", "b:c"), "PING a b:c\r\n"),
      (Message(source: Source(name: "a", user: "b", host: "c"), "PING"), ":a!b@c PING\r\n"),
      (
        Message(tags: [Tag("a", "b;c"), Tag("d")], source: Source(name: "s"), "PING", "x"),
        #"@a=b\:c;d :s PING x"# + "\r\n"
      ),
    ])
  func writing(message: Message, line: String) {
    #expect(String(decoding: message.encoded(), as: UTF8.self) == line)
  }

  // "Clients receiving messages with more than one occurrence of a tag key SHOULD discard all but the final
  // occurrence." (IRCv3 message-tags, "Format").
  @Test("of tags with the same key the last counts")
  func lastTag() throws {
    let message = try Message(parsing: "@a=1;b;a=2;A=3 PING")
    #expect(message.tag("a") == "2")
    #expect(message.tag("b") == "")
    #expect(message.tag("c") == nil)
  }

  @Test("a message that is written and read again is the same (P8)")
  func roundTrip() throws {
    let seed = seed()
    var chance = SplitMix64(seed: seed)
    for round in 0..<3000 {
      let message = chance.message()
      let line = message.encoded()
      #expect(line.suffix(2) == [0x0D, 0x0A])
      let read = try Self.parse(line.dropLast(2))
      #expect(read == message, "round \(round), seed \(seed)")
      // String's equality is laxer than the wire's.
      #expect(read.encoded() == line, "round \(round), seed \(seed)")
    }
  }

  @Test("any bytes are refused or understood, and what was understood stays what it is (P8)")
  func anyBytes() throws {
    let seed = seed()
    var chance = SplitMix64(seed: seed)
    let alphabet = Array("@@::;=+\\  !aZ0é\u{1F600}".utf8) + [0x00, 0x0D, 0xC3, 0xFF]
    var understood = 0
    for round in 0..<20_000 {
      let line = (0..<Int.random(in: 0...24, using: &chance)).map { _ in
        Int.random(in: 0..<200, using: &chance) == 0
          ? alphabet.randomElement(using: &chance)!
          : alphabet.dropLast(4).randomElement(using: &chance)!
      }
      guard let message = try? Self.parse(line) else { continue }
      understood += 1
      // Such commands nobody has; written behind no tags and no source they read as those.
      if message.command.utf8.first == 0x40 || message.command.utf8.first == 0x3A { continue }
      let again = try Self.parse(message.encoded().dropLast(2))
      #expect(again == message, "round \(round), seed \(seed)")
    }
    #expect(understood > 100)
  }

  private static func parse(_ bytes: some Sequence<UInt8>) throws -> Message {
    try Array(bytes).withUnsafeBytes { raw in try Message(parsing: raw) }
  }
}

extension SplitMix64 {
  fileprivate mutating func message() -> Message {
    var message = Message(string(of: Array("ABCXYZ".unicodeScalars), upTo: 5) + "Q")
    for _ in 0..<Int.random(in: 0...4, using: &self) {
      let key = string(of: Array("+ab/.-9".unicodeScalars), upTo: 6) + "k"
      message.tags.append(
        Tag(key, string(of: Array("; \\\r\n:=sa\u{301}é😀".unicodeScalars), upTo: 8)))
    }
    if Bool.random(using: &self) {
      let letters = Array("ab.-:é".unicodeScalars)
      message.source = Source(
        name: "n" + string(of: letters, upTo: 4),
        user: Bool.random(using: &self) ? string(of: letters, upTo: 3) : nil,
        host: Bool.random(using: &self) ? string(of: letters, upTo: 3) : nil)
    }
    let count = Int.random(in: 0...15, using: &self)
    for number in 0..<count {
      let isLast = number == count - 1
      let middle = "m" + string(of: Array("a:@#,\\\u{301}é😀".unicodeScalars), upTo: 4)
      message.parameters.append(
        isLast ? string(of: Array(" :a\té😀\u{1}".unicodeScalars), upTo: 9) : middle)
    }
    return message
  }
}
