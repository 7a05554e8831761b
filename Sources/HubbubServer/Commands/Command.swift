import IRCWire

/// One command of the protocol: when it may come, what it needs, and what it does.
///
/// The table checks phase and number of parameters, so that handlers start after both.
struct Command: Sendable {
  enum Phase: Sendable {
    case unregistered, registered, anyTime
  }

  let phase: Phase

  /// How many parameters it needs.
  let parameters: Int

  /// Its parameters, for HELP.
  let usage: String
  let run: @Sendable (Session, Message) -> Void

  /// What happens when there are too few parameters; ERR_NEEDMOREPARAMS unless the command has its
  /// own.
  let missing: @Sendable (Session, Message) -> Void

  init(
    _ phase: Phase, parameters: Int = 0, usage: String,
    missing: @escaping @Sendable (Session, Message) -> Void = Command.needMoreParameters,
    run: @escaping @Sendable (Session, Message) -> Void
  ) {
    self.phase = phase
    self.parameters = parameters
    self.usage = usage
    self.missing = missing
    self.run = run
  }

  private static let needMoreParameters: @Sendable (Session, Message) -> Void = {
    session, message in
    session.reply(
      .needMoreParameters, [message.command], trailing: "Not enough parameters")
  }

  /// Every command by its name.
  static let table: [String: Command] = [
    registrationCommands, gatewayCommands, roomCommands, lookingCommands, messageCommands,
    relayCommands, mendingCommands, batchCommands, redactionCommands,
    renamingCommands, peopleCommands, monitorCommands, identityCommands, informationCommands,
    operatorCommands, serverBanCommands, saslCommands, accountCommands,
    serviceCommands, roomKeepingCommands, historyCommands, markerCommands,
    metadataCommands,
  ].reduce(into: [:]) { table, commands in
    table.merge(commands) { _, _ in preconditionFailure("A command stands in two tables.") }
  }
}
