import Testing

@testable import HubbubClient

/// Addresses of servers as people and pages write them.
@Suite struct ServerAddressTests {
  @Test(
    arguments: [
      ("chat.example", "chat.example", nil, nil, []), ("6668", "6668", nil, nil, []),
      ("[::1]:6667", "[::1]:6667", nil, nil, []), ("irc://h", "h", false, nil, []),
      ("irc://h/", "h", false, nil, []), ("IRCS://h:6697/tea", "h:6697", true, nil, ["#tea"]),
      ("ircs://max@h/#a,#b", "h", true, "max", ["#a", "#b"]),
      ("irc://max:secret@[::1]:1/%23a", "[::1]:1", false, "max", ["#a"]),
      ("irc://h#tea", "h", false, nil, ["#tea"]), ("irc://h/ann,isnick", "h", false, nil, []),
      ("irc://h/tea?key", "h", false, nil, ["#tea"]),
      ("irc6://h/a%20b%0D", "h", false, nil, ["#ab"]),
    ] as [(String, String, Bool?, String?, [String])])
  func addressesAreRead(
    text: String, name: String, isEncrypted: Bool?, nickname: String?, rooms: [String]
  ) {
    let address = ServerAddress(text)
    #expect(address?.name == name && address?.isEncrypted == isEncrypted)
    #expect(address?.nickname == nickname && address?.rooms.map(\.name) == rooms)
  }

  @Test func aKeyStandsBehindAQuestionMark() {
    #expect(ServerAddress("irc://h/tea?secret")?.rooms == [.init(name: "#tea", key: "secret")])
    #expect(ServerAddress("irc://h/tea?msg=hello")?.rooms == [.init(name: "#tea")])
  }

  @Test(arguments: ["", "ftp://h", "irc://", "irc:///room", "ircs://@h", "://"])
  func othersAreRefused(text: String) { #expect(ServerAddress(text) == nil) }

  @Test(arguments: [
    ("h", "h:7000"), ("h:1", "h:7000"), ("::1", "[::1]:7000"), ("[::1]:2", "[::1]:7000"),
  ])
  func aPortCanBeGivenApart(text: String, name: String) {
    var address = ServerAddress(text)
    address?.setPort(7000)
    #expect(address?.name == name)
  }
}
