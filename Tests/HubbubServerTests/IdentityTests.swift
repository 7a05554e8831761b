import IRCWire
import Testing

/// What others are told of a person: away-notify, setname, invite-notify, extended-join, accounts.
@Suite struct IdentityTests {
  // "clients will be sent an AWAY message when a user sharing a channel with them sets, changes or removes their
  // away state, as well as when a user joins and has an away message set" (IRCv3 away-notify)
  @Test("away-notify")
  func away() throws {
    let meeting = try Meeting(ann: ["away-notify"])
    // Nobody is told what they know already, but the one who says it.
    #expect(try meeting.bob.ask("AWAY").commands == ["305"])
    #expect(try meeting.bob.ask("AWAY :tea").commands == ["306"])
    #expect(try meeting.bob.ask("AWAY :tea").commands == ["306"])
    _ = try meeting.bob.ask("AWAY")
    _ = try meeting.cem.ask("AWAY :lunch")
    _ = try meeting.cem.ask("JOIN #r")
    let told = try meeting.ann.messagesUntilNow()
    #expect(told.commands == ["AWAY", "AWAY", "JOIN", "AWAY"])
    #expect(told.map(\.parameters) == [["tea"], [], ["#r"], ["lunch"]])
    #expect(try meeting.bob.messagesUntilNow().commands == ["JOIN"])
  }

  // "they MUST send the server-to-client version of the SETNAME message to all clients in common channels, as
  // well as to the client from which it originated" "MUST NOT be sent to clients which do not have" it (IRCv3)
  @Test("setname")
  func setName() throws {
    let meeting = try Meeting(ann: ["setname"], bob: ["setname"])
    _ = try meeting.cem.ask("JOIN #r")
    _ = try meeting.told
    #expect(try meeting.ann.ask("SETNAME :Anna K.").map(\.parameters) == [["Anna K."]])
    #expect(try meeting.bob.messagesUntilNow().commands == ["SETNAME"])
    #expect(try meeting.cem.messagesUntilNow() == [])
    #expect(try meeting.cem.ask("WHOIS ann").first?.parameters.last == "Anna K.")
    // Alone, and without the capability: silently.
    let zoe = try meeting.server.client("zoe", capabilities: ["setname"])
    #expect(try zoe.ask("SETNAME Z").commands == ["SETNAME"])
    #expect(try meeting.cem.ask("SETNAME C") == [])
    #expect(try meeting.ann.messagesUntilNow().commands == ["SETNAME"])
    // "FAIL SETNAME INVALID_REALNAME :Realname is not valid"
    for name in ["", String(repeating: "x", count: 129)] {
      let answer = try meeting.ann.ask("SETNAME :\(name)")
      #expect(answer.first?.parameters.prefix(2) == ["SETNAME", "INVALID_REALNAME"])
    }
  }

  // ":nick!user@host JOIN #channelname * :Real Name" (IRCv3 extended-join)
  @Test("extended-join")
  func extendedJoin() throws {
    let meeting = try Meeting(ann: ["extended-join"])
    _ = try meeting.cem.ask("JOIN #r")
    #expect(try meeting.ann.messagesUntilNow().map(\.parameters) == [["#r", "*", "cem"]])
    #expect(try meeting.bob.messagesUntilNow().map(\.parameters) == [["#r"]])
  }

  // "allows a client to specify that it would like to be notified when users are invited to channels" (IRCv3
  // invite-notify). "When the invite is successful, the server MUST send a RPL_INVITING numeric to the command
  // issuer, and an INVITE message, with the issuer as <source>, to the target user. Other channel members SHOULD
  // NOT be notified." (Modern IRC)
  @Test("invite-notify", arguments: [true, false])
  func invite(notify: Bool) throws {
    let meeting = try Meeting(bob: notify ? ["invite-notify"] : [])
    let answer = try meeting.ann.ask("INVITE cem #r")
    #expect(answer.map(\.parameters) == [["ann", "cem", "#r"]])
    let told = try meeting.told
    #expect(told[1].map(\.parameters) == (notify ? [["cem", "#r"]] : []))
    #expect(told[2].commands == ["INVITE"])
    #expect(told[2].first?.parameters == ["cem", "#r"])
    #expect(told[2].first?.source?.name == "ann")
    #expect(try meeting.cem.ask("INVITE").commands == ["336", "337"])
    _ = try meeting.cem.ask("JOIN #r")
    #expect(try meeting.cem.ask("INVITE").commands == ["337"])
  }

  @Test(
    "without accounts, account-tag and account-notify are not offered, and refused",
    arguments: ["tag", "notify"])
  func accounts(name: String) throws {
    let server = try TestServer()
    let ann = try server.connect()
    #expect(try !ann.offered().contains { $0.hasPrefix("account-") })
    #expect(try ann.ask("CAP REQ :account-\(name)").first?.parameters[1] == "NAK")
  }

  @Test("the case of one's own name changes once for everybody, and the same name again is nothing")
  func ownCase() throws {
    let meeting = try Meeting()
    _ = try meeting.cem.ask("JOIN #r")
    _ = try meeting.told
    #expect(try meeting.ann.ask("NICK Ann").map(\.parameters) == [["Ann"]])
    #expect(try meeting.ann.ask("NICK Ann") == [])
    #expect(try meeting.bob.messagesUntilNow().commands == ["NICK"])
    #expect(try meeting.cem.messagesUntilNow().commands == ["NICK"])
  }
}
