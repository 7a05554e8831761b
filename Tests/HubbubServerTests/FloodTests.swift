import Foundation
import HubbubDial
import HubbubRooms
import HubbubSockets
import IRCWire
import Testing

@testable import HubbubServer

@Suite struct FloodTests {
  // MARK: The values

  @Test("so many lines may come at once, and then so many a second; nothing is dropped")
  func throttle() {
    let rate = Throttle.Rate(burstLines: 3, linesPerSecond: 4)
    var throttle = Throttle(now: 0)
    let atOnce = (0..<5).map { _ in throttle.take(rate, now: 0) }
    #expect(atOnce == [.zero, .zero, .zero, .milliseconds(250), .milliseconds(500)])
    // Two lines are owed: after three quarters of a second there is room for one more.
    #expect(throttle.take(rate, now: 750) == .zero)
    #expect(throttle.take(rate, now: 750) == .milliseconds(250))
    // Credit grows no further than the burst, however long the silence.
    let later = (0..<4).map { _ in throttle.take(rate, now: 1_000_000) }
    #expect(later == [.zero, .zero, .zero, .milliseconds(250)])
  }

  @Test("what was much work counts for more than a line")
  func charge() {
    let rate = Throttle.Rate(burstLines: 5, linesPerSecond: 1)
    var throttle = Throttle(now: 0)
    #expect(throttle.take(rate, now: 0) == .zero)
    throttle.charge(3500)
    #expect(throttle.take(rate, now: 0) == .milliseconds(500))
  }

  @Test("away in twenty rooms counts for three lines, in none for one", arguments: [0, 20])
  func awayInManyRooms(rooms: Int) throws {
    let server = try Self.server(30, 1)
    let ann = try server.client("ann", capabilities: ["standard-replies"])
    // One line, which counts once.
    let list = (0..<rooms).map { "#r\($0)" }.joined(separator: ",")
    if rooms > 0 { _ = try ann.ask("JOIN \(list)") }
    for number in 1...20 { try ann.send("AWAY x\(number)") }
    try ann.send("PING done")
    let answers = try ann.read { $0.command == "NOTE" || $0.parameters.last == "done" }
    #expect(answers.last?.command == (rooms > 0 ? "NOTE" : "PONG"))
  }

  @Test("a NICK that many watch counts for more than a line", arguments: [0, 40])
  func watchedNickname(watchers: Int) throws {
    let server = try Self.server(30, 1)
    let crowd = try (0..<watchers).map { try server.client("watcher\($0)") }
    for watcher in crowd { _ = try watcher.ask("MONITOR + even,odd") }
    let ann = try server.client("ann", capabilities: ["standard-replies"])
    for number in 1...20 { try ann.send("NICK \(number % 2 == 0 ? "even" : "odd")") }
    try ann.send("PING done")
    let answers = try ann.read { $0.command == "NOTE" || $0.parameters.last == "done" }
    #expect(answers.last?.command == (watchers > 0 ? "NOTE" : "PONG"))
    for watcher in crowd { #expect(try watcher.messagesUntilNow().commands.contains("730")) }
  }

  @Test("who changes its class takes along what it owes")
  func changedRate() {
    let (one, other) = (
      Throttle.Rate(burstLines: 3, linesPerSecond: 1),
      Throttle.Rate(burstLines: 5, linesPerSecond: 1)
    )
    var throttle = Throttle(now: 0)
    for _ in 0..<3 { #expect(throttle.take(one, now: 0) == .zero) }
    #expect(throttle.take(other, now: 0) == .seconds(1))
    #expect(throttle.take(one, now: 0) == .seconds(2))
  }

  @Test("the first class that a client belongs to counts")
  func classes() {
    let classes = ClientClasses([
      ClientClass(name: "office", addresses: ["192.0.2.0/24"], burstLines: 100),
      ClientClass(name: "bots", includesBots: true, burstLines: 50, linesPerSecond: 20),
      ClientClass(name: "operators", includesOperators: true, isThrottled: false),
    ])
    let limits = Limits()
    var somebody = Profile(host: "h", signedOn: Timestamp(milliseconds: 0))
    func rate(_ address: String) -> Throttle.Rate? { classes.rate(of: address, somebody, limits) }
    let usual = Throttle.Rate(
      burstLines: limits.burstLines, linesPerSecond: limits.linesPerSecond)
    #expect(rate("198.51.100.1") == usual)
    #expect(rate("192.0.2.9")?.burstLines == 100)
    #expect(rate("192.0.2.9")?.linesPerSecond == limits.linesPerSecond)
    somebody.userModes.isBot = true
    #expect(rate("198.51.100.1") == Throttle.Rate(burstLines: 50, linesPerSecond: 20))
    somebody.userModes.isBot = false
    somebody.userModes.isOperator = true
    #expect(rate("198.51.100.1") == nil)
    #expect(rate("192.0.2.9") != nil)
    #expect(ClientClasses(ClientClass.usual).clientsPerAddress("127.0.0.1", limits) == nil)
    #expect(ClientClasses(ClientClass.usual).clientsPerAddress("::1", limits) == nil)
    // What somebody chooses for itself does not count: it is asked by address alone.
    #expect(classes.takesTurns(from: "192.0.2.9"))
    #expect(classes.takesTurns(from: "198.51.100.1"))
    #expect(!ClientClasses(ClientClass.usual).takesTurns(from: "::1"))
  }

  /// L1
  @Test("a network has a limit of connections, and of new ones within ten seconds (L1)")
  func networks() throws {
    var limits = Limits()
    limits.clientsPerNetwork = 2
    limits.connectsPerNetwork = 3
    var tally = NetworkTally()
    try tally.admit(from: "192.0.2.1", limits, now: 0)
    try tally.admit(from: "192.0.2.200", limits, now: 0)
    #expect(throws: ClientTable.Refusal.tooManyFromNetwork) {
      try tally.admit(from: "192.0.2.3", limits, now: 0)
    }
    try tally.admit(from: "192.0.3.1", limits, now: 0)
    tally.dismiss("192.0.2.1")
    try tally.admit(from: "192.0.2.4", limits, now: 1)
    tally.dismiss("192.0.2.4")
    #expect(throws: ClientTable.Refusal.tooFast) {
      try tally.admit(from: "192.0.2.5", limits, now: 9_999)
    }
    try tally.admit(from: "192.0.2.5", limits, now: 10_000)
    // One subscriber of IPv6 has a /64.
    try tally.admit(from: "2001:db8::1", limits, now: 0)
    try tally.admit(from: "2001:db8::2", limits, now: 0)
    #expect(throws: ClientTable.Refusal.tooManyFromNetwork) {
      try tally.admit(from: "2001:db8::3", limits, now: 0)
    }
    try tally.admit(from: "2001:db8:0:1::3", limits, now: 0)
  }

  @Test("who was not counted is not counted out, though others of its network are")
  func uncounted() throws {
    let table = ClientTable()
    var limits = Limits()
    limits.clientsPerNetwork = 1
    let classes = ClientClasses([
      ClientClass(name: "one", addresses: ["192.0.2.7"], clientsPerAddress: 0)
    ])
    let free = try table.admit(from: "192.0.2.7", limits, classes, now: 0)
    _ = try table.admit(from: "192.0.2.8", limits, classes, now: 0)
    table.dismiss(free)
    #expect(throws: ClientTable.Refusal.tooManyFromNetwork) {
      try table.admit(from: "192.0.2.9", limits, classes, now: 0)
    }
  }

  // MARK: The server

  private static func server(_ burst: Int, _ rate: Int) throws -> TestServer {
    try TestServer { configuration in
      configuration.classes = []
      configuration.limits.burstLines = burst
      configuration.limits.linesPerSecond = rate
    }
  }

  /// L7
  @Test("who floods is told once and read later; all arrives, in order, and nobody else waits (L7)")
  func flood() throws {
    let server = try Self.server(15, 10)
    let ann = try server.client("ann", capabilities: ["standard-replies"])
    let bob = try server.client("bob")
    try ann.join("#r")
    try bob.join("#r")
    for number in 1...40 { try ann.send("PRIVMSG #r :\(number)") }
    // Asked while the flood is under way: bob's own lines are within his limit.
    let before = try bob.messagesUntilNow().texts
    #expect(!before.contains("40"))
    let heard = try before + bob.read { $0.parameters.last == "40" }.texts
    #expect(heard == (1...40).map { "\($0)" })
    let note = try ann.read { $0.command == "NOTE" }
    #expect(note.last?.parameters.prefix(2) == ["*", "RATE_LIMITED"])
    #expect(try !ann.ask("PING end").commands.contains("NOTE"))
  }

  @Test("who has gone while its flood is read later is missed, and not only at the flood's end")
  func goneInFlood() throws {
    let server = try TestServer { configuration in
      configuration.classes = []
      configuration.limits.burstLines = 5
      configuration.limits.linesPerSecond = 1
      configuration.limits.pingAfter = .seconds(2)
      configuration.limits.pingReply = .seconds(60)
    }
    let bob = try server.client("bob")
    try bob.join("#r")
    let ann = try Socket.connect(to: server.endpoint)
    let flood =
      "NICK ann\r\nUSER a 0 * :A\r\nJOIN #r\r\n" + String(repeating: "PONG x\r\n", count: 1000)
    try Array(flood.utf8).withUnsafeBytes { try ann.sendAll($0) }
    try bob.expect("JOIN")
    // It reads all there is, so that its end is no reset: the server hears nothing of it.
    ann.limitReceiving(to: ScriptedClient.patience)
    var seen = ""
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !seen.contains("You send faster") {
      let count = try buffer.withUnsafeMutableBytes { try ann.receive(into: $0) }
      seen += String(decoding: buffer[..<(try #require(count))], as: UTF8.self)
    }
    ann.close()
    // Its lines would be read for a quarter of an hour.
    #expect(try bob.expect("QUIT").source?.name == "ann")
  }

  @Test(
    "L7 floods of nicknames, away messages and topics are read later as well, and all is told in order",
    arguments: ["NICK", "AWAY", "TOPIC"])
  func otherFloods(command: String) throws {
    let server = try Self.server(15, 100)
    let ann = try server.client("ann", capabilities: ["standard-replies"])
    let bob = try server.client("bob", capabilities: ["away-notify"])
    try ann.join("#r")
    try bob.join("#r")
    for number in 1...40 {
      try ann.send(command == "TOPIC" ? "TOPIC #r :x\(number)" : "\(command) x\(number)")
    }
    let heard = try bob.read { $0.parameters.last == "x40" }
    #expect(
      heard.filter { $0.command == command }.compactMap(\.parameters.last)
        == (1...40).map { "x\($0)" })
    #expect(try ann.read { $0.command == "NOTE" }.last?.parameters[1] == "RATE_LIMITED")
  }

  @Test("without standard-replies it is told by a NOTICE")
  func notice() throws {
    let server = try Self.server(8, 100)
    let ann = try server.client("ann")
    for number in 1...20 { try ann.send("PING \(number)") }
    let answers = try ann.read { $0.parameters.last == "20" }
    #expect(
      answers.contains { $0.command == "NOTICE" && $0.parameters[1].contains("nothing is lost") })
    #expect(
      answers.filter { $0.command == "PONG" }.map { $0.parameters[1] } == (1...20).map { "\($0)" })
  }

  @Test("a client that is kept waiting can be ended at once")
  func endedWhileWaiting() throws {
    let server = try Self.server(8, 1)
    let ann = try server.client("ann")
    for number in 1...3000 { try ann.send("PING \(number)") }
    #expect(try ann.expect("NOTICE").parameters[1].contains("nothing is lost"))
    server.stop()
    #expect(try ann.readToEnd().contains { $0.command == "ERROR" })
  }

  @Test("on the server's own machine nobody is slowed down unless the settings say so")
  func local() throws {
    let server = try TestServer()
    let ann = try server.client("ann")
    for number in 1...500 { try ann.send("PING \(number)") }
    let answers = try ann.read { $0.parameters.last == "500" }
    #expect(answers.allSatisfy { $0.command == "PONG" })
  }

  // MARK: Short of everything

  /// L3
  @Test(
    "without descriptors one who comes is told so, those who are there talk on, and it goes over (L3)"
  )
  func descriptors() throws {
    let server = try ServerProcess()
    defer { _ = server.stop() }
    let ann = try server.client("ann")
    let bob = try server.client("bob")
    try ann.join("#r")
    try bob.join("#r")
    try Self.limitDescriptors(of: server.processID, to: server.lowestFreeDescriptor)
    // The call of accept that is under way may have a descriptor already.
    let lucky = try ScriptedClient(LineConnection.open(server.endpoint))
    defer { lucky.close() }
    let refused = try ScriptedClient(LineConnection.open(server.endpoint))
    #expect(try refused.readToEnd().last?.parameters.last?.contains("The server is full") == true)
    try ann.send("PRIVMSG #r :still here")
    #expect(try bob.expect("PRIVMSG").parameters.last == "still here")
    try Self.limitDescriptors(of: server.processID, to: 1024)
    _ = try server.client("cem")
  }

  @Test("without descriptors the server stops all the same")
  func stopWithoutDescriptors() throws {
    let server = try ServerProcess()
    let ann = try server.client("ann")
    try Self.limitDescriptors(of: server.processID, to: server.lowestFreeDescriptor)
    let lucky = try ScriptedClient(LineConnection.open(server.endpoint))
    defer { lucky.close() }
    let refused = try ScriptedClient(LineConnection.open(server.endpoint))
    _ = try refused.readToEnd()
    #expect(server.stop() == 0)
    #expect(try ann.readToEnd().contains { $0.command == "ERROR" })
  }

  /// Sets the soft limit of another process.
  private static func limitDescriptors(of process: Int32, to count: Int) throws {
    let tool = try Process.run(
      URL(fileURLWithPath: "/usr/bin/prlimit"),
      arguments: ["--pid", "\(process)", "--nofile=\(count):"])
    tool.waitUntilExit()
    try #require(tool.terminationStatus == 0)
  }
}
