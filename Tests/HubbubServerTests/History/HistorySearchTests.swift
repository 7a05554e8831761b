import HubbubServer
import IRCWire
import Testing

/// `soju.im/search`
@Suite struct HistorySearchTests {
  private static func found(_ client: ScriptedClient, _ attributes: String) throws -> [String] {
    let answer = try client.ask("SEARCH :\(attributes)")
    let start = try #require(
      answer.first(where: { $0.command == "BATCH" }), "\(attributes): \(answer)")
    #expect(start.parameters.last == "soju.im/search")
    let batch = String(start.parameters[0].dropFirst())
    return answer.filter { $0.tag("batch") == batch }.texts
  }

  // "containing messages matching all the specified attributes"
  @Test("it finds what matches, in the rooms that one is in")
  func attributes() throws {
    let stage = try RememberingServer()
    let ann = try stage.reader("ann", "soju.im/search")
    let bob = try stage.reader("bob", "soju.im/search")
    for room in ["#r", "#s"] { try ann.join(room) }
    try bob.join("#r")
    let first = try ann.say("Tea, anybody?")
    try bob.say("two sugars in my TEA please")
    try ann.say("green tea here", in: "#s")
    let last = try ann.say("coffee")
    #expect(
      try Self.found(ann, "text=tea")
        == ["Tea, anybody?", "two sugars in my TEA please", "green tea here"])
    #expect(try Self.found(bob, "text=tea") == ["Tea, anybody?", "two sugars in my TEA please"])
    #expect(try Self.found(ann, "text=tea;in=#s") == ["green tea here"])
    #expect(try Self.found(ann, "text=tea;from=BOB") == ["two sugars in my TEA please"])
    #expect(try Self.found(ann, "text=two\\ssugars;in=#r") == ["two sugars in my TEA please"])
    #expect(try Self.found(ann, "text=sug*") == ["two sugars in my TEA please"])
    #expect(try Self.found(ann, "in=#r;limit=1") == ["coffee"])
    #expect(try Self.found(ann, "text=tea;before=1999-01-01T00:00:00.000Z") == [])
    #expect(try Self.found(ann, "in=#r;after=\(last.time!)").contains("coffee"))
    #expect(try Self.found(ann, "in=#r;before=\(first.time!)").contains("Tea, anybody?"))
    // No word of FTS5's language is one here.
    #expect(try Self.found(ann, "text=tea NOT sugars") == [])
  }

  // "If the selectors were invalid, the INVALID_PARAMS error code SHOULD be returned."
  @Test("what cannot be looked for is said, and what others say elsewhere is not found")
  func refused() throws {
    let stage = try RememberingServer()
    let ann = try stage.reader("ann")
    try ann.join("#private")
    try ann.say("tea", in: "#private")
    let eve = try stage.reader("eve", "soju.im/search")
    for (attributes, fault) in [
      ("in=#private;text=tea", ["INVALID_TARGET", "#private"]),
      ("in=#none;text=tea", ["INVALID_TARGET", "#none"]), ("text=...", ["INVALID_PARAMS", "text"]),
      ("after=now", ["INVALID_PARAMS", "after"]), ("limit=0", ["INVALID_PARAMS", "limit"]),
      ("color=red", ["INVALID_PARAMS", "color"]),
    ] {
      let answer = try eve.ask("SEARCH \(attributes)")
      #expect(answer.commands == ["FAIL"])
      #expect(answer.first?.parameters.dropFirst().dropLast().elementsEqual(fault) == true)
    }
    #expect(try Self.found(eve, "text=tea") == [])
    #expect(try ann.ask("SEARCH text=tea").commands == ["421"])
  }
}
