import HubbubThreads
import IRCWire
import Testing

@testable import HubbubServer

/// Lists, and the numerics that end them.
@Suite struct ListEndTests {
  // "RPL_ENDOFNAMES: Sent as a reply to the NAMES command, this numeric specifies the end of a list of channel member
  // names" (Modern IRC): one for each channel.
  @Test(
    "each name of a list is answered, and its end named, once",
    arguments: [
      ("NAMES #r,#q", "366", ["#r", "#q"]), ("NAMES #r,#none,#R", "366", ["#r", "#none"]),
      ("NAMES #r", "366", ["#r"]), ("NAMES", "366", ["*"]), ("NAMES ,", "366", ["*"]),
      ("NAMES #secret,#r", "366", ["#secret", "#r"]),
      ("WHOIS ann,bob", "318", ["ann", "bob"]), ("WHOIS nobody,BOB,bob", "318", ["nobody", "BOB"]),
      ("WHOIS hubbub.local ann,bob", "318", ["ann", "bob"]),
      ("WHOWAS former,nobody", "369", ["former", "nobody"]),
      ("WHO #r", "315", ["#r"]), ("WHO #none", "315", ["#none"]), ("WHO ann", "315", ["ann"]),
      ("LIST #r,#q", "323", ["End of LIST"]), ("LIST", "323", ["End of LIST"]),
    ])
  func ends(line: String, numeric: String, names: [String]) throws {
    let meeting = try Meeting()
    try meeting.ann.join("#q")
    try meeting.cem.join("#Secret")
    _ = try meeting.cem.ask("MODE #Secret +s")
    let former = try meeting.server.client("former")
    _ = try former.ask("NICK latter")
    let answer = try meeting.ann.ask(line)
    #expect(answer.filter { $0.command == numeric }.map { $0.parameters[1] } == names)
  }

  @Test(
    "more names than TARGMAX allows are refused",
    arguments: ["WHOIS", "WHOWAS", "NAMES", "PRIVMSG"])
  func tooMany(command: String) throws {
    let meeting = try Meeting { $0.limits.targetsPerCommand = 2 }
    let answer = try meeting.ann.ask("\(command) a,b,c :x")
    #expect(answer.commands == [command == "WHOIS" ? "402" : "407"])
    #expect(try meeting.ann.ask("WHOIS a,b,c").commands == ["407"])
  }

  @Test("a name that is said to twice hears it once")
  func twice() throws {
    let meeting = try Meeting()
    #expect(try meeting.ann.ask("PRIVMSG #r,#R,bob,BOB :x") == [])
    #expect(try meeting.bob.messagesUntilNow().texts == ["x", "x"])
  }

  /// asker                               comer and goer
  /// NAMES: its place is reserved
  ///                                     JOIN, PART …
  /// 353 and 366 are written
  @Test(
    "nothing stands within a list that holds for its place in the order",
    arguments: [("NAMES #r", "353", "366"), ("WHO #r", "352", "315")])
  func whole(question: String, each: String, end: String) throws {
    let meeting = try Meeting()
    let isClosed = Monitor(false)
    let cem = meeting.cem
    let goer = try NamedThread(name: "goer") {
      while !isClosed.withLock({ $0 }) {
        // What fails here shows as a list without changes below.
        try? cem.send("JOIN #r", "NICK cem2", "NICK cem", "PART #r")
        _ = try? cem.messagesUntilNow()
      }
    }
    defer {
      isClosed.withLock { $0 = true }
      goer.join()
    }
    var present: Set<String> = ["ann", "bob"]
    var changes = 0
    for _ in 0..<400 {
      try meeting.ann.send(question)
      let seen = try meeting.ann.read { $0.command == end }
      var listed: Set<String> = []
      for message in seen {
        let name = message.source?.name ?? ""
        switch message.command {
        case "JOIN": present.insert(name)
        case "PART": present.remove(name)
        case "NICK":
          present.remove(name)
          present.insert(message.parameters[0])
        case "353":
          let names = message.parameters[3].split(separator: " ")
          listed.formUnion(names.map { String($0.drop { $0 == "@" }) })
        case "352": listed.insert(message.parameters[5])
        default: continue
        }
        if message.command == each { continue }
        changes += 1
        #expect(listed.isEmpty, "\(message.command) stands within the list")
      }
      #expect(listed == present)
    }
    #expect(changes > 0)
  }
}
