import IRCWire

/// Accounts: REGISTER, VERIFY, ACCOUNT, REGAIN, and NickServ's aliases.
let accountCommands: [String: Command] = [
  "REGISTER": Command(.anyTime, parameters: 3, usage: "<account> <email | *> <password>") {
    session, message in
    session.ifThereAreAccounts(message) { session.register(message.parameters) }
  },
  "VERIFY": Command(.anyTime, parameters: 2, usage: "<account> <code>") { session, message in
    session.ifThereAreAccounts(message) { session.verify(message.parameters) }
  },
  "ACCOUNT": Command(
    .registered, parameters: 1, usage: "\(AccountCommand.names) [<parameter>…]"
  ) { session, message in
    session.ifThereAreAccounts(message) { session.account(message.parameters) }
  },
  "REGAIN": Command(.registered, usage: "[<nickname>]") { session, message in
    session.ifThereAreAccounts(message) {
      session.regain(message.parameters.first, .command("REGAIN"))
    }
  },
]

extension Session {
  /// Carries a command out where the server has accounts; else there is no such command.
  func ifThereAreAccounts(_ message: Message, _ body: () -> Void) {
    guard hub.accounts != nil else {
      return reply(.unknownCommand, [message.command], trailing: "Unknown command")
    }
    body()
  }
}
