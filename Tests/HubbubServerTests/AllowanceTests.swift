import HubbubRooms
import IRCWire
import Testing

@testable import HubbubServer

/// What a person says does not wait behind what its program asks.
@Suite struct AllowanceTests {
  private static func kind(_ line: String) -> Allowance.Kind {
    Array(line.utf8).withUnsafeBytes { Allowance.Kind(of: $0) }
  }

  @Test(
    "what only asks is a question, in whatever form",
    arguments: [
      "JOIN #a", "join #a,#b key", "@label=1 JOIN #a", ":x JOIN #a", "WHO #a",
      "WHO #a %tcuihnfar,1",
      "NAMES #a", "MODE #a", "MODE #a b", "MODE #a +b", "MODE #a +beI", "MODE ann", "TOPIC #a",
      "WHOIS ann", "ISON ann bob", "USERHOST ann", "MONITOR + ann,bob", "MONITOR S", "LIST",
    ])
  func questions(line: String) {
    #expect(Self.kind(line) == .question)
  }

  @Test(
    "what others hear of, or what changes something, is speech, and so is all else",
    arguments: [
      "PRIVMSG #a :x", "NOTICE a :x", "TAGMSG #a", "JOIN 0", "PART #a", "MODE #a +b *!*@h",
      "MODE #a +i",
      "MODE #a +m-b", "MODE ann +i", "TOPIC #a :", "TOPIC #a :x", "NICK x", "AWAY :x", "KICK #a b",
      "INVITE b #a", "MONITOR", "MONITOR x", "PING x", "PONG x", "CAP LS", "OPER a b", "FOO", "",
      ":x",
      "A\0B",
    ])
  func speech(line: String) {
    #expect(Self.kind(line) == .speech)
  }

  @Test("questions leave what may be said as it was, and each is charged where it was counted")
  func buckets() {
    let rates = Allowance.Rates(
      speech: Throttle.Rate(burstLines: 2, linesPerSecond: 1),
      questions: Throttle.Rate(burstLines: 3, linesPerSecond: 2))
    var allowance = Allowance(now: 0)
    let asked = (0..<4).map { _ in allowance.take(.question, rates, now: 0) }
    #expect(asked == [.zero, .zero, .zero, .milliseconds(500)])
    allowance.charge(1000)
    let said = (0..<3).map { _ in allowance.take(.speech, rates, now: 0) }
    #expect(said == [.zero, .zero, .seconds(1)])
    #expect(allowance.take(.question, rates, now: 0) == .milliseconds(1500))
  }

  @Test("a flood of questions has a bound: so many for each room, and so many a second")
  func bound() throws {
    let limits = Limits()
    let somebody = Profile(host: "h", signedOn: Timestamp(milliseconds: 0))
    let rates = try #require(ClientClasses([]).rates(of: "192.0.2.1", somebody, limits))
    var allowance = Allowance(now: 0)
    var now: Int64 = 0
    // Twice what is free, each carried out when it may be.
    for _ in 0..<400 {
      let pause = allowance.take(.question, rates, now: now)
      now += pause.components.seconds * 1000 + pause.components.attoseconds / 1_000_000_000_000_000
    }
    #expect(now == 200 * 1000 / 10)
  }

  @Test("a class with a burst and a rate of its own may ask in proportion")
  func classes() throws {
    let classes = ClientClasses([
      ClientClass(name: "slow", addresses: ["192.0.2.1"], burstLines: 3, linesPerSecond: 1),
      ClientClass(name: "bots", addresses: ["192.0.2.2"], burstLines: 300, linesPerSecond: 40),
      ClientClass(name: "free", addresses: ["192.0.2.3"], isThrottled: false),
    ])
    var limits = Limits()
    limits.questionsPerSecond = 1
    let somebody = Profile(host: "h", signedOn: Timestamp(milliseconds: 0))
    func rates(_ address: String) -> Allowance.Rates? {
      classes.rates(of: address, somebody, limits)
    }
    #expect(rates("192.0.2.1")?.questions == Throttle.Rate(burstLines: 20, linesPerSecond: 1))
    #expect(rates("192.0.2.2")?.questions == Throttle.Rate(burstLines: 2000, linesPerSecond: 10))
    #expect(rates("192.0.2.3") == nil)
    #expect(rates("192.0.2.4")?.questions == Throttle.Rate(burstLines: 200, linesPerSecond: 1))
  }

  @Test(
    "who comes back into fifty rooms with three questions each is answered, and heard, without a pause"
  )
  func comesBack() throws {
    let server = try TestServer { $0.classes = [] }
    let ann = try server.client("ann", capabilities: ["standard-replies"])
    let bob = try server.client("bob")
    try bob.join("#r0")
    for command in ["JOIN", "MODE", "WHO"] {
      for number in 0..<50 { try ann.send("\(command) #r\(number)") }
    }
    try ann.send("PRIVMSG #r0 :here I am", "PING done")
    let answers = try ann.read { $0.parameters.last == "done" }.commands
    for command in ["JOIN", "324", "315"] {
      #expect(answers.count { $0 == command } == 50, "\(command)")
    }
    #expect(!answers.contains("NOTE"))
    #expect(try bob.expect("PRIVMSG").parameters.last == "here I am")
  }

  @Test("who asks too much is told so, and what it says keeps its place behind what it asked")
  func tooMuch() throws {
    let server = try TestServer {
      $0.classes = []
      $0.limits.questionsPerRoom = 1
      $0.limits.questionsPerSecond = 100
    }
    let ann = try server.client("ann", capabilities: ["standard-replies"])
    for _ in 0..<60 { try ann.send("USERHOST ann") }
    try ann.send("PRIVMSG ann :after")
    let heard = try ann.read { $0.command == "PRIVMSG" }.commands
    #expect(heard.count { $0 == "302" } == 60)
    #expect(heard.contains("NOTE"))
  }
}
