import HubbubServer
import IRCWire
import Testing

/// Nobody reads what it could not have read.
@Suite struct HistoryAccessTests {
  // "servers MUST NOT expose the existence of valid targets to unauthorised users"
  @Test("whoever is not in a room is answered as if there were none, whatever it asks")
  func outsiders() throws {
    let stage = try RememberingServer()
    let ann = try stage.reader("ann")
    var live: [Heard] = []
    for room in ["#open", "#secret", "#left", "#over"] {
      try ann.join(room)
      live.append(try ann.say("words", in: room))
    }
    try ann.send("MODE #secret +s", "MODE #left +o ann")
    let eve = try stage.reader("eve", "draft/event-playback")
    try eve.join("#left")
    _ = try eve.ask("PART #left")
    _ = try ann.ask("PART #over")
    let ids = live.map { "msgid=\($0.id!)" } + ["timestamp=\(live[0].time!)", "msgid=none-1"]
    for target in ["#open", "#secret", "#left", "#over", "#none", "ann", "eve", "*", "@#open"] {
      for reference in ids {
        for selector in ["LATEST", "BEFORE", "AFTER", "AROUND"] {
          #expect(
            try eve.fault("\(selector) \(target) \(reference) 5")
              == ["INVALID_TARGET", selector, target])
        }
        #expect(
          try eve.fault("BETWEEN \(target) \(reference) \(ids[0]) 5").first == "INVALID_TARGET")
      }
      #expect(try eve.fault("LATEST \(target) * 5") == ["INVALID_TARGET", "LATEST", target])
    }
    let all = try eve.ask(
      "CHATHISTORY TARGETS timestamp=1970-01-01T00:00:00Z timestamp=2970-01-01T00:00:00Z 99")
    #expect(all.commands == ["BATCH", "BATCH"])
  }

  @Test(
    "what is said while a room is restricted is for those who are there, and stays so",
    arguments: ["+i", "+k key", "+s"])
  func restricted(mode: String) throws {
    let stage = try RememberingServer()
    let ann = try stage.reader("ann", "draft/event-playback")
    try ann.join("#r")
    try ann.say("open")
    try ann.send("MODE #r \(mode)")
    try ann.say("closed before bob")
    let bob = try stage.reader("bob", "draft/event-playback")
    _ = try ann.ask("INVITE bob #r")
    try bob.join("#r")
    try ann.say("closed with bob")
    let whole = ["open", "closed before bob", "closed with bob"]
    #expect(try ann.texts("LATEST #r * 50") == whole)
    #expect(try bob.texts("LATEST #r * 50") == ["open", "closed with bob"])
    // Ids and times of what it may not see give nothing of it away.
    let hidden = try ann.page("LATEST #r * 50").first { $0.parameters.last == whole[1] }!
    for reference in ["msgid=\(hidden.tag("msgid")!)", "timestamp=\(hidden.tag("time")!)"] {
      #expect(try !bob.texts("AROUND #r \(reference) 50").contains(whole[1]))
      #expect(try !bob.texts("BEFORE #r \(reference) 50").contains(whole[1]))
    }
    _ = try ann.ask("MODE #r -\(mode.dropFirst())")
    let cem = try stage.reader("cem")
    try cem.join("#r")
    try ann.say("open again")
    #expect(try cem.texts("LATEST #r * 50") == ["open", "open again"])
    #expect(try bob.texts("LATEST #r * 50") == ["open", "closed with bob", "open again"])
    try stage.restart()
    let dan = try stage.reader("dan")
    try dan.join("#r")
    #expect(try dan.texts("LATEST #r * 50") == ["open", "open again"])
  }

  @Test("a room that is closed and opened again and again keeps the latest times of that")
  func toggled() throws {
    let stage = try RememberingServer()
    let ann = try stage.reader("ann")
    try ann.join("#r")
    for number in 0..<200 {
      try ann.send(
        "MODE #r +i", "PRIVMSG #r :closed \(number)", "MODE #r -i", "PRIVMSG #r :open \(number)")
    }
    _ = try ann.messagesUntilNow()
    func expectOpen(_ texts: [String]) {
      // Of the times at which anybody could come in, some of the oldest count as closed.
      #expect(texts == (200 - texts.count..<200).map { "open \($0)" })
      #expect((100..<200).contains(texts.count))
    }
    let bob = try stage.reader("bob")
    try bob.join("#r")
    let texts = try bob.texts("LATEST #r * 500")
    expectOpen(texts)
    try stage.restart()
    let cem = try stage.reader("cem")
    try cem.join("#r")
    #expect(try cem.texts("LATEST #r * 500") == texts)
  }

  @Test("a restricted room that is made again by another shows nothing of before")
  func remade() throws {
    let stage = try RememberingServer()
    let ann = try stage.reader("ann")
    try ann.join("#r")
    try ann.send("MODE #r +s")
    try ann.say("secret")
    _ = try ann.ask("PART #r")
    let eve = try stage.reader("eve", "draft/event-playback")
    try eve.join("#r")
    // What happened while it was open, and that she came.
    #expect(try eve.page("LATEST #r * 50").commands == ["JOIN", "MODE", "JOIN"])
    #expect(try eve.say("mine").id != nil)
    #expect(try eve.texts("LATEST #r * 50") == ["mine"])
  }

  @Test("a room that the last one has left is forgotten where the settings say so")
  func forgotten() throws {
    let stage = try RememberingServer { $0.history.emptyRooms = .forgotten }
    let ann = try stage.reader("ann")
    try ann.join("#r")
    let said = try ann.say("gone")
    _ = try ann.ask("PART #r")
    // Whether or not it was read to its end by now, it is another room.
    try ann.join("#r")
    _ = try ann.ask("PART #r")
    try stage.restart()
    let bob = try stage.reader("bob")
    try bob.join("#r")
    #expect(try bob.page("LATEST #r * 50") == [])
    #expect(try bob.fault("AFTER #r msgid=\(said.id!) 5").first == "MESSAGE_ERROR")
  }

  @Test("a renamed room keeps its history, and the name it had has none")
  func renamed() throws {
    let stage = try RememberingServer()
    let ann = try stage.reader("ann", "draft/channel-rename")
    try ann.join("#r")
    try ann.say("before")
    _ = try ann.ask("RENAME #r #s")
    try ann.say("after", in: "#s")
    #expect(try ann.texts("LATEST #s * 50") == ["before", "after"])
    try ann.join("#r")
    #expect(try ann.texts("LATEST #r * 50") == [])
    try stage.restart()
    let bob = try stage.reader("bob")
    try bob.join("#s")
    let page = try bob.page("LATEST #s * 50")
    #expect(page.map(\.parameters) == [["#s", "before"], ["#s", "after"]])
  }

  @Test("no room is renamed onto one that is empty, and whose people may come back")
  func renamedOnto() throws {
    let stage = try RememberingServer()
    let ann = try stage.reader("ann")
    try ann.join("#old")
    try ann.say("mine", in: "#old")
    _ = try ann.ask("PART #old")
    try ann.join("#r")
    let answer = try ann.ask("RENAME #r #old")
    #expect(answer.last?.parameters.prefix(2) == ["RENAME", "CHANNEL_NAME_IN_USE"])
    try ann.join("#old")
    #expect(try ann.texts("LATEST #old * 50") == ["mine"])
  }

  @Test("what is said to those alone who operate the room is in no page")
  func statusMessages() throws {
    let stage = try RememberingServer()
    let ann = try stage.reader("ann")
    try ann.join("#r")
    _ = try ann.ask("PRIVMSG @#r :between us")
    #expect(try ann.page("LATEST #r * 50") == [])
  }
}
