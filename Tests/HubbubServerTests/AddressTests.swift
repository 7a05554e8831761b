import HubbubRooms
import IRCWire
import Testing

@testable import HubbubServer

/// Other addresses for people: CHGHOST (IRCv3 chghost).
@Suite struct AddressTests {
  /// ann operates the server; she and bob are in #a and #b, cem is in #b alone.
  private struct Stage {
    let server: TestServer
    let ann, bob, cem: ScriptedClient

    init(ann: [String] = ["chghost"], bob: [String] = [], cem: [String] = []) throws {
      server = try TestServer {
        $0.operators = [OperatorAccount(name: "ann", passwordHash: SettingsTests.hash)]
      }
      self.ann = try server.client("ann", capabilities: ann)
      self.bob = try server.client("bob", capabilities: bob)
      self.cem = try server.client("cem", capabilities: cem)
      #expect(try self.ann.ask("OPER ann secret").commands.first == "381")
      for client in [self.ann, self.bob] {
        try client.join("#a")
        try client.join("#b")
      }
      try self.cem.join("#b")
      _ = try told
    }

    var told: [[Message]] { get throws { try Meeting.told(ann, bob, cem) } }
  }

  // "servers MUST send the CHGHOST message to other clients who share channels with the target client and who
  // have enabled the chghost capability. Servers SHOULD also send the CHGHOST message to the client whose own
  // username or host changed, if that client also supports the chghost capability."
  @Test("those who negotiated chghost read one CHGHOST, also the one who is changed")
  func changed() throws {
    let stage = try Stage(bob: ["chghost"], cem: ["chghost"])
    try stage.ann.send("CHGHOST bob ~bob tea.example", "PRIVMSG #b :x")
    let told = try stage.told
    for messages in told {
      #expect(messages.filter { $0.command == "CHGHOST" }.count == 1)
      let change = try #require(messages.first)
      #expect(change.command == "CHGHOST" && change.parameters == ["~bob", "tea.example"])
      #expect(change.source?.description == "bob!~bob@127.0.0.1")
    }
    #expect(told[1].commands == ["CHGHOST", "PRIVMSG"])
    _ = try stage.bob.ask("PRIVMSG #b :y")
    #expect(
      try stage.cem.messagesUntilNow().last?.source?.description == "bob!~bob@tea.example")
  }

  // "When the capability is not enabled for other clients who share channels with the changed client, servers
  // SHOULD send fallback messages to simulate the client reconnecting. … the simulated events SHOULD include
  // appropriate QUIT, JOIN and MODE commands"
  @Test(
    "all others see somebody go and come again, with what it was; and nobody sees that of itself")
  func goesAndComes() throws {
    let stage = try Stage(cem: ["extended-join"])
    _ = try stage.ann.ask("MODE #a +v bob")
    _ = try stage.told
    try stage.ann.send("CHGHOST bob ~bob tea.example", "PRIVMSG #b :x")
    #expect(
      try stage.told.map(\.commands) == [["CHGHOST"], ["PRIVMSG"], ["QUIT", "JOIN", "PRIVMSG"]])
    try stage.ann.send("CHGHOST ann ~ann tea.example", "PRIVMSG #b :x")
    let told = try stage.told
    #expect(told[0].commands == ["CHGHOST"])
    #expect(told[1].commands == ["QUIT", "JOIN", "MODE", "JOIN", "MODE", "PRIVMSG"])
    #expect(told[1][0].parameters == ["Changing host"])
    #expect(told[1][0].source?.description == "ann!~ann@127.0.0.1")
    #expect(told[1][1].source?.description == "ann!~ann@tea.example")
    #expect(told[1][2].parameters == ["#a", "+o", "ann"])
    #expect(told[1][4].parameters == ["#b", "+o", "ann"])
    #expect(
      told[2].map(\.parameters).dropLast() == [
        ["Changing host"], ["#b", "*", "ann"], ["#b", "+o", "ann"],
      ])
  }

  @Test("who is away and comes again with another address is away for those who see it come")
  func comesAway() throws {
    let stage = try Stage(bob: ["chghost", "away-notify"], cem: ["away-notify"])
    _ = try stage.ann.ask("AWAY :tea")
    _ = try stage.told
    try stage.ann.send("CHGHOST ann ~ann tea.example", "PRIVMSG #b :x")
    let told = try stage.told
    #expect(told[1].commands == ["CHGHOST", "PRIVMSG"])
    #expect(told[2].commands == ["QUIT", "JOIN", "AWAY", "MODE", "PRIVMSG"])
    #expect(told[2][2].source?.description == "ann!~ann@tea.example")
  }

  @Test("a room's bans and exceptions know somebody by the address that it came with as well")
  func roomBans() throws {
    let stage = try Stage()
    _ = try stage.ann.ask("CHGHOST cem nice tea.example")
    #expect(try stage.cem.ask("PRIVMSG #b :x").commands == [])
    _ = try stage.ann.ask("MODE #b +b *!~cem@127.0.0.1")
    #expect(try stage.cem.ask("PRIVMSG #b :x").commands.last == "404")
    _ = try stage.cem.ask("PART #b")
    #expect(try stage.cem.ask("JOIN #b").commands == ["474"])
    _ = try stage.ann.ask("MODE #b +e *!nice@*")
    #expect(try stage.cem.ask("JOIN #b").commands.first == "JOIN")
  }

  @Test("in no room it is told alone, and those are who watch it from afar")
  func inNoRoom() throws {
    let stage = try Stage(cem: ["chghost", "extended-monitor"])
    let dan = try stage.server.client("dan", capabilities: ["chghost"])
    _ = try stage.cem.ask("MONITOR + dan")
    _ = try stage.ann.ask("CHGHOST dan dan tea.example")
    #expect(try dan.messagesUntilNow().commands == ["CHGHOST"])
    #expect(try stage.cem.messagesUntilNow().commands == ["CHGHOST"])
    #expect(try stage.bob.messagesUntilNow() == [])
  }

  @Test("the address that it comes from stays known to itself and to operators, and to bans")
  func realAddress() throws {
    let stage = try Stage()
    _ = try stage.ann.ask("CHGHOST bob nice tea.example")
    _ = try stage.ann.ask("CHGHOST bob fine tea.example")
    func actually(_ client: ScriptedClient) throws -> [String]? {
      try client.ask("WHOIS bob").first { $0.command == "338" }?.parameters
    }
    #expect(try actually(stage.ann)?[2] == "127.0.0.1")
    #expect(try actually(stage.bob)?[2] == "127.0.0.1")
    #expect(try actually(stage.cem) == nil)
    #expect(
      try stage.ann.ask("WHO bob %ih").first?.parameters.dropFirst() == [
        "127.0.0.1", "tea.example",
      ])
    #expect(
      try stage.cem.ask("WHO bob %ih").first?.parameters.dropFirst() == [
        "255.255.255.255", "tea.example",
      ])
    // Those who leave may be seen to leave before ann's next line is answered.
    func ended(_ ban: String) throws -> [String] {
      try stage.ann.ask(ban).filter { $0.command == "NOTICE" }.compactMap(\.parameters.last)
    }
    #expect(
      try ended("KLINE bob@127.0.0.1") == [
        "bob@127.0.0.1 is banned for ever; connections ended: 1."
      ]
    )
    _ = try stage.bob.readToEnd()
    _ = try stage.ann.ask("CHGHOST cem ~cem tea.example")
    #expect(
      try ended("DLINE 127.0.0.0/8") == ["127.0.0.0/8 is banned for ever; connections ended: 1."])
    _ = try stage.cem.readToEnd()
  }

  @Test(
    "what is no address is refused, and so is who operates nothing",
    arguments: [
      ("bob ~bob tea.example", "481"), ("nobody a b", "481"), ("bob", "461"),
    ])
  func refused(parameters: String, numeric: String) throws {
    let stage = try Stage()
    #expect(try stage.cem.ask("CHGHOST \(parameters)").commands == [numeric])
    #expect(try stage.ann.ask("CHGHOST nobody a b").commands == ["401"])
    for host in [":x", "a:b", "a b", "a!b", "a@b", String(repeating: "x", count: 65)] {
      #expect(try stage.ann.ask("CHGHOST bob bob :\(host)").commands == ["FAIL"], "\(host)")
    }
    for user in ["a!b", "a@b", String(repeating: "x", count: 40)] {
      #expect(try stage.ann.ask("CHGHOST bob \(user) h").commands == ["FAIL"], "\(user)")
    }
    #expect(try stage.ann.ask("USERHOST bob").last?.parameters.last == "bob=+~bob@127.0.0.1")
  }
}
