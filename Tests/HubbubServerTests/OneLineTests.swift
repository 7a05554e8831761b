import HubbubServer
import IRCWire
import Testing

/// One line asks for bounded work: what a line of 510 bytes can have answered at the most.
@Suite struct OneLineTests {
  /// A line, as long as it can be, and how many bytes its answer may have.
  struct Question: CustomTestStringConvertible, Sendable {
    let line: String
    let bound: Int

    init(_ line: String, _ bound: Int) {
      self.line = String(line.utf8.prefix(510))!
      self.bound = bound
    }

    var testDescription: String { String(line.prefix(40)) }
  }

  /// `head` with as much of `part` as fits.
  private static func filled(_ head: String, _ part: String, _ tail: String = "") -> String {
    let room = 510 - head.utf8.count - tail.utf8.count
    return head + String(repeating: part, count: room / part.utf8.count) + tail
  }

  private static let different = (0..<120).map { "n\($0)" }.joined(separator: ",")
  private static let rooms = (0..<120).map { "#\($0)" }.joined(separator: ",")

  // The room has 300 members with names of 30 bytes: its names are about 10 KB, its WHO about 30 KB. Each list has 100
  // masks: about 9 KB.
  static let questions: [Question] = [
    Question(filled("NAMES ", "#big,"), 12_000),
    Question("NAMES #big,#BIG,#Big,#bIg", 12_000),
    Question(filled("WHO ", "#big,"), 1000),
    Question("WHO #big %tcuihsnfdlaor,123", 60_000),
    Question("WHO *", 45_000),
    Question(filled("WHOIS ", "busy,"), 5000),
    Question("WHOIS busy,BUSY,Busy,bUsy", 5000),
    Question(filled("WHOWAS ", "worn,"), 5000),
    Question("WHOWAS worn", 5000),
    Question("WHOWAS worn -1", 5000),
    Question("WHOWAS worn 999999", 5000),
    Question(filled("MODE #big ", "b"), 12_000),
    Question(filled("MODE #big ", "beI"), 36_000),
    Question(filled("MODE #big ", "+b-e+I"), 36_000),
    Question(filled("MODE #big ", "z"), 1000),
    Question(filled("MODE #big ", "é"), 1000),
    Question(filled("MODE #big ", "o"), 1000),
    Question(filled("MODE #big ", "lkov"), 2000),
    Question(filled("MODE ann ", "z"), 1000),
    Question(filled("MONITOR + ", "busy,"), 1000),
    Question("MONITOR + \(different)", 8000),
    Question("MONITOR S", 8000), Question("MONITOR L", 8000),
    Question(filled("ISON ", "busy "), 1000),
    Question(filled("USERHOST ", "busy "), 1000),
    Question(filled("LIST ", "#big,"), 1000),
    Question("LIST \(rooms)", 1000),
    Question(filled("PART ", "#none,"), 1000),
    Question("PART \(rooms)", 8000),
    Question(filled("JOIN ", "#none,"), 2000),
    Question(filled("JOIN ", "#locked,"), 1000),
    Question("JOIN #locked,#locked,#locked a,b,c", 1000),
    Question("JOIN #ring1", 1500),
    Question(filled("PRIVMSG ", "away,", " :x"), 1000),
    Question("KICK #big a,b,c,d", 1000),
    Question(filled("KICK #big ", "nobody,"), 1000),
    Question("STATS k", 1000), Question(filled("STATS ", "fuok"), 60_000),
    Question("STATS f #big", 60_000),
    Question("HELP", 3000), Question("LINKS", 1000), Question("LUSERS", 2000),
    Question("MOTD", 1000), Question("ADMIN", 1000), Question("INFO", 1000),
    Question("VERSION", 3000), Question("INVITE", 1000), Question("CAP LS 302", 2000),
    Question("CAP LIST", 1000), Question(filled("CAP REQ :", "batch "), 1200),
    Question(filled("CAP REQ :", "none "), 1200),
    Question(filled("PING ", "x"), 1000), Question(filled("RENAME #big ", "x"), 1500),
    Question(filled("RELAYMSG #big ", "x"), 1000), Question(filled("REDACT #big ", "x"), 1000),
  ]

  @Test("a line has no more answered than its bound")
  func bounded() throws {
    let stage = try Stage()
    for question in Self.questions {
      #expect(question.line.utf8.count <= 510)
      let bytes = try stage.client.ask(question.line).reduce(0) { $0 + Self.bytes(of: $1) }
      #expect(bytes <= question.bound, "\(question): \(bytes) bytes")
      for line in ["PART \(Self.rooms)", "MONITOR C", "PART #ring2,#none"] {
        _ = try stage.client.ask(line)
      }
    }
  }

  private static func bytes(of message: Message) -> Int {
    // The colons, the line's end, and a space in front of each word but the first.
    let words = ["\(message.source!)", message.command] + message.parameters
    return words.reduce(3) { $0 + $1.utf8.count + 1 }
  }

  /// A server with a large room, full lists, a name that many had, and rooms that lead to each other in a circle.
  private struct Stage {
    let server: TestServer
    let client: ScriptedClient
    let others: [ScriptedClient]

    init() throws {
      server = try TestServer { $0.limits.roomsPerClient = 50 }
      let server = server
      client = try server.client("ann")
      let crowd = try (0..<300).map { number in
        try server.client("a-rather-long-nickname-of-\(1000 + number)")
      }
      try client.join("#big")
      for member in crowd { try member.join("#big") }
      for letter in ["b", "e", "I"] {
        for number in 0..<100 {
          try client.send("MODE #big +\(letter) a-rather-long-mask-\(number)!*@*.example.com")
        }
      }
      let busy = try server.client("busy")
      for number in 0..<50 { try busy.send("JOIN #a-rather-long-room-name-\(number)") }
      let away = try server.client("away")
      _ = try away.ask("AWAY :gone")
      let worn = try server.client("worn")
      for _ in 0..<200 { try worn.send("NICK frayed", "NICK worn") }
      let keeper = try server.client("keeper")
      for room in ["#locked", "#ring1", "#ring2", "#ring3"] { try keeper.join(room) }
      try keeper.send("MODE #locked +k tea")
      for (room, next) in [("#ring1", "#ring2"), ("#ring2", "#ring3"), ("#ring3", "#ring1")] {
        try keeper.send("MODE \(room) +if \(next)")
      }
      for other in [busy, worn, keeper] { _ = try other.messagesUntilNow() }
      _ = try client.messagesUntilNow()
      others = crowd + [busy, away, worn, keeper]
    }
  }

  @Test("a line whose answer is long counts for several")
  func charged() throws {
    let server = try TestServer {
      $0.classes = []
      $0.limits.connectsPerNetwork = 1000
      $0.limits.clientsPerAddress = 1000
      $0.limits.answerBytesPerLine = 4096
      $0.limits.roomsPerClient = 20
      $0.limits.questionsPerRoom = 1
      $0.limits.questionsPerSecond = 1
    }
    let ann = try server.client("ann", capabilities: ["standard-replies"])
    try ann.join("#r")
    let crowd = try (0..<100).map { try server.client("a-rather-long-nickname-\($0)") }
    for member in crowd { try member.join("#r") }
    _ = try ann.messagesUntilNow()
    // Eight lines, whose answers have more bytes than twenty lines may ask for.
    for _ in 0..<8 { try ann.send("WHO #r") }
    try ann.send("PING done")
    let answers = try ann.read { $0.command == "NOTE" || $0.parameters.last == "done" }
    #expect(answers.last?.command == "NOTE")
  }
}
