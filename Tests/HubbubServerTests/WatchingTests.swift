import IRCWire
import Testing

/// MONITOR and extended-monitor.
@Suite struct WatchingTests {
  // "If any of the targets being added are online, the server will generate RPL_MONONLINE numerics" "If any of
  // the targets being added are offline, the server will generate RPL_MONOFFLINE numerics" (IRCv3 monitor)
  @Test(
    "MONITOR answers as it should",
    arguments: [
      ("MONITOR + bob", ["730 bob!~bob@127.0.0.1"]), ("MONITOR + zoe", ["731 zoe"]),
      ("MONITOR + bob,zoe", ["730 bob!~bob@127.0.0.1", "731 zoe"]), ("MONITOR - cem", []),
      ("MONITOR C", []), ("MONITOR L", ["732 cem", "733 End of MONITOR list"]),
      ("MONITOR S", ["730 cem!~cem@127.0.0.1"]), ("MONITOR + *!*@localhost", []),
      ("MONITOR + b*", []),
      ("MONITOR + 1,2", ["731 zoe"]), ("MONITOR X", ["461 MONITOR knows +, -, C, L and S"]),
      ("MONITOR", ["461 Not enough parameters"]), ("MONITOR + CEM", ["730 cem!~cem@127.0.0.1"]),
      ("MONITOR + a,b,c", ["731 a,b", "734 Monitor list is full."]), ("MONITOR +", []),
    ])
  func answers(line: String, expected: [String]) throws {
    let meeting = try Meeting { $0.limits.watchedPeople = 3 }
    _ = try meeting.ann.ask("MONITOR + cem")
    let answer = try meeting.ann.ask(line)
    let shown = answer.map { "\($0.command) \($0.parameters.last ?? "")" }
    #expect(shown == (line.contains("1,2") ? [] : expected))
    if line.hasSuffix("a,b,c") { #expect(answer.last?.parameters.prefix(3) == ["ann", "3", "c"]) }
    if ["MONITOR C", "MONITOR - cem"].contains(line) {
      #expect(try meeting.ann.ask("MONITOR L").commands == ["733"])
    }
  }

  @Test("who watches is told of coming and going, in the letters that the watched one has")
  func comingAndGoing() throws {
    let meeting = try Meeting()
    _ = try meeting.cem.ask("MONITOR + zoe,ZACK")
    func told() throws -> [String] {
      try meeting.cem.messagesUntilNow().map { "\($0.command) \($0.parameters.last ?? "")" }
    }
    let zoe = try meeting.server.client("ZOE")
    #expect(try told() == ["730 ZOE!~ZOE@127.0.0.1"])
    // Other letters of the same name are the same name.
    _ = try zoe.ask("NICK Zoe")
    #expect(try told() == [])
    _ = try zoe.ask("NICK zack")
    #expect(try told() == ["731 Zoe", "730 zack!~ZOE@127.0.0.1"])
    try zoe.send("QUIT")
    _ = try zoe.readToEnd()
    #expect(try told() == ["731 zack"])
    // Who has not registered is not here.
    let half = try meeting.server.connect()
    try half.send("NICK zoe", "PING x")
    try half.expect("PONG")
    #expect(try told() == [])
    try half.send("USER z 0 * :z")
    try half.expect("001")
    #expect(try told() == ["730 zoe!~z@127.0.0.1"])
  }

  // "When enabled by the client: If away-notify is also enabled, the client will get AWAY notifications for
  // monitored nicks." and likewise SETNAME, with setname. (IRCv3 extended-monitor)
  @Test(
    "extended-monitor tells more, of what else was negotiated",
    arguments: [
      (["extended-monitor", "away-notify"], ["AWAY", "AWAY"]),
      (["extended-monitor", "setname"], ["SETNAME"]),
      (["extended-monitor", "away-notify", "setname"], ["AWAY", "AWAY", "SETNAME"]),
      (["extended-monitor"], []), (["away-notify", "setname"], []),
    ])
  func extended(capabilities: [String], told: [String]) throws {
    let meeting = try Meeting(cem: capabilities)
    _ = try meeting.cem.ask("MONITOR + bob")
    for line in ["AWAY :afk", "AWAY", "SETNAME :Robert"] { _ = try meeting.bob.ask(line) }
    let heard = try meeting.cem.messagesUntilNow()
    #expect(heard.commands == told)
    #expect(heard.allSatisfy { $0.source?.description == "bob!~bob@127.0.0.1" })
    if told.prefix(2) == ["AWAY", "AWAY"] {
      #expect(heard.prefix(2).map(\.parameters) == [["afk"], []])
    }
    if told.last == "SETNAME" { #expect(heard.last?.parameters == ["Robert"]) }
  }

  @Test("who shares a room with the watched one is told once")
  func once() throws {
    let meeting = try Meeting(ann: ["extended-monitor", "away-notify"])
    _ = try meeting.ann.ask("MONITOR + bob")
    _ = try meeting.bob.ask("AWAY :afk")
    #expect(try meeting.ann.messagesUntilNow().commands == ["AWAY"])
  }
}
