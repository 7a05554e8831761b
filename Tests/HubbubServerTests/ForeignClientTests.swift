import IRCWire
import Testing

/// Whole conversations of the clients that people use, as a person types and sees them.
@Suite struct ForeignClientTests {
  @Test("irssi: connect, join, talk, whois, modes, kick, ban, away, monitor, list, rooms, quit")
  func irssi() throws {
    let server = try TestServer()
    let bob = try server.client("bob")
    let irssi = try Tmux(
      "irssi", "--home=HOME", files: ["config": Self.irssiConfig(server.endpoint.port)])
    try irssi.wait(for: "Welcome to the Hubbub network, iris!~iris@127.0.0.1")
    try irssi.type("/join #tea")
    try irssi.wait(for: "[@iris]")
    try bob.join("#tea")
    try irssi.wait(for: "bob [~bob@127.0.0.1] has joined #tea")
    try talk(irssi, bob)
    try irssi.wait(for: "* iris waves")
    try irssi.wait(for: "iris changed the topic of #tea to: Tea and cake")

    try irssi.type("/whois bob")
    try irssi.wait(for: "channels : #tea")
    try irssi.wait(for: "server   : hubbub.local [A Hubbub chat server]")
    try irssi.wait(for: "End of WHOIS")
    try irssi.type("/op bob")
    #expect(try bob.expect("MODE").parameters == ["#tea", "+o", "bob"])
    try irssi.wait(for: "mode/#tea [+o bob] by iris")
    try irssi.type("/ban *!*@192.0.2.*")
    #expect(try bob.expect("MODE").parameters == ["#tea", "+b", "*!*@192.0.2.*"])
    try irssi.type("/ban")
    try irssi.wait(for: "1 - #tea: ban *!*@192.0.2.* [by iris")

    try beAway(irssi, bob)
    try irssi.wait(for: "You have been marked as being away")
    try irssi.wait(for: "[bob(~bob@127.0.0.1)] are you there?")
    try irssi.wait(for: "You are no longer marked as being away")
    try irssi.type("/quote MONITOR + bob,zoe")
    try irssi.wait(for: "-!- bob!~bob@127.0.0.1")
    let zoe = try server.client("zoe")
    try irssi.wait(for: "-!- zoe!~zoe@127.0.0.1")
    _ = zoe

    try irssi.type("/list -YES")
    try irssi.wait(for: "#tea 2 Tea and cake")
    try irssi.type("/join #cake")
    try irssi.wait(for: "iris [~iris@127.0.0.1] has joined #cake")
    try bob.join("#cake")
    try irssi.type("sweet")
    #expect(try bob.expect("PRIVMSG").parameters == ["#cake", "sweet"])
    try bob.send("PRIVMSG #tea :still warm")
    try irssi.wait(for: "bob:#tea> still warm")
    try irssi.type("/kick #tea bob enough")
    #expect(try bob.expect("KICK").parameters == ["#tea", "bob", "enough"])
    try irssi.wait(for: "bob was kicked from #tea by iris [enough]")
    try irssi.type("/quit good night")
    #expect(try bob.expect("QUIT").parameters == ["Quit: good night"])
    try irssi.waitForEnd()
  }

  @Test("WeeChat: connect, join, talk, whois, modes, kick, ban, away, notify, list, rooms, quit")
  func weechat() throws {
    let server = try TestServer()
    let bob = try server.client("bob")
    let weechat = try Self.weechat(server.endpoint.port)
    try weechat.wait(for: "Welcome to the Hubbub network, iris!~iris@127.0.0.1")
    try weechat.type("/join #tea")
    try weechat.wait(for: "Channel #tea: 1 nick")
    try bob.join("#tea")
    try weechat.wait(for: "bob (bob) (~bob@127.0.0.1) has joined #tea")
    try talk(weechat, bob)
    try weechat.wait(for: "| iris waves")
    try weechat.wait(for: "iris has changed topic for #tea to \"Tea and cake\"")

    try weechat.type("/whois bob")
    try weechat.wait(for: "[bob] (~bob@127.0.0.1): bob")
    try weechat.wait(for: "[bob] #tea")
    try weechat.wait(for: "[bob] End of WHOIS list")
    try weechat.type("/op bob")
    #expect(try bob.expect("MODE").parameters == ["#tea", "+o", "bob"])
    try weechat.wait(for: "Mode #tea [+o bob] by iris")
    try weechat.type("/ban *!*@192.0.2.*")
    #expect(try bob.expect("MODE").parameters == ["#tea", "+b", "*!*@192.0.2.*"])
    try weechat.type("/mode #tea +b")
    try weechat.wait(for: "[#tea] [1] *!*@192.0.2.* banned by iris")

    try beAway(weechat, bob)
    try weechat.type("/buffer irc.hub.bob")
    try weechat.wait(for: "| are you there?")
    try weechat.type("/buffer irc.hub.#tea")
    try weechat.type("/kick bob enough")
    #expect(try bob.expect("KICK").parameters == ["#tea", "bob", "enough"])
    try weechat.wait(for: "iris has kicked bob (enough)")
    try weechat.type("/join #cake")
    try weechat.wait(for: "Channel #cake: 1 nick")
    try bob.join("#cake")
    try weechat.type("sweet")
    #expect(try bob.expect("PRIVMSG").parameters == ["#cake", "sweet"])

    try weechat.type("/buffer server.hub")
    try weechat.wait(for: "You are no longer marked as being away")
    try weechat.type("/notify add zoe")
    try weechat.wait(for: "notify: zoe is offline")
    let zoe = try server.client("zoe")
    try weechat.wait(for: "notify: zoe (~zoe@127.0.0.1) has connected")
    try zoe.send("QUIT")
    try weechat.wait(for: "notify: zoe has quit")
    try weechat.type("/list")
    try weechat.wait(for: "#tea(1): Tea and cake")
    try weechat.wait(for: "#cake(2)")
    try weechat.type("/quit good night")
    #expect(try bob.expect("QUIT").parameters == ["Quit: good night"])
    try weechat.waitForEnd()
  }

  /// Both say something in #tea, and the person in front of the screen sets the topic.
  private func talk(_ terminal: Tmux, _ bob: ScriptedClient) throws {
    try terminal.type("hello from here")
    #expect(try bob.expect("PRIVMSG").parameters == ["#tea", "hello from here"])
    try bob.send("PRIVMSG #tea :hello back")
    try terminal.wait(for: "hello back")
    try terminal.type("/me waves")
    #expect(try bob.expect("PRIVMSG").parameters == ["#tea", "\u{1}ACTION waves\u{1}"])
    try terminal.type("/topic Tea and cake")
    #expect(try bob.expect("TOPIC").parameters == ["#tea", "Tea and cake"])
  }

  /// Who writes to the person meanwhile is told.
  private func beAway(_ terminal: Tmux, _ bob: ScriptedClient) throws {
    try terminal.type("/away at lunch")
    var isAway = false
    while !isAway {
      isAway = try bob.ask("WHO iris").contains { $0.command == "352" && $0.parameters[6] == "G" }
    }
    #expect(try bob.ask("PRIVMSG iris :are you there?").last?.parameters.last == "at lunch")
    try terminal.type("/away")
  }

  /// One window for all, and no pauses between commands.
  private static func irssiConfig(_ port: UInt16) -> String {
    """
    servers = ( { address = "127.0.0.1"; chatnet = "hub"; port = "\(port)"; autoconnect = "yes"; } );
    chatnets = { hub = { type = "IRC"; cmdspeed = "10"; max_cmds_at_once = "100"; }; };
    settings = {
      core = { real_name = "Iris"; user_name = "iris"; nick = "iris"; };
      "fe-common/core" = {
        use_status_window = "no"; use_msgs_window = "no";
        autocreate_windows = "no"; autocreate_query_level = "";
      };
    };
    """
  }

  private static func weechat(_ port: UInt16) throws -> Tmux {
    let commands = [
      "/server add hub 127.0.0.1/\(port) -ssl=off", "/set irc.server.hub.nicks iris",
      "/set irc.server.hub.username iris", "/set irc.server_default.anti_flood_prio_high 0",
      "/set irc.server_default.anti_flood_prio_low 0", "/set weechat.bar.buflist.hidden on",
      "/set weechat.bar.nicklist.hidden on", "/set irc.msgbuffer.whois current", "/connect hub",
    ]
    return try Tmux("weechat", "-d", "HOME", "-r", commands.joined(separator: ";"))
  }
}
