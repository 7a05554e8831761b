import HubbubDial
import HubbubSockets
import IRCWire

/// How a bot gets in: connect, register, join.
struct Enrolment {
  /// Where it stands afterwards.
  struct Enrolled {
    let connection: LineConnection

    /// The nickname that the server gave.
    let nickname: String
    let capabilities: Set<String>

    /// The tokens of ISUPPORT.
    let supported: [String: String]
  }

  /// The server did not let a bot into its room.
  struct Refused: Error, CustomStringConvertible {
    let description: String
  }

  /// What the swarm makes use of where a server has it.
  static let capabilities = ["message-tags", "server-time", "echo-message"]

  /// What one bot asks for: the first observer of a room asks for its history, once the run is
  /// over.
  private static func wanted(_ assignment: Assignment, _ plan: Plan) -> [String] {
    if plan.isPlain { return [] }
    // Whoever may have to go on at another node asks there for what it missed.
    let isHistorian = assignment.role == .observer(isFirst: true) || plan.hasFailover
    return capabilities + (isHistorian ? Historian.capabilities : [])
  }

  /// How long the server may take for its next line.
  static let limit = Duration.seconds(60)

  /// Connects, registers and joins. Waits for the server.
  ///
  /// - Parameters:
  ///   - node: where; nil: at the node it is assigned to.
  ///   - limit: how long the server may take for its next line.
  /// - Throws: `NetworkError`, `TLSError`, `Registration.Failure`, `Refused` or `SystemError`.
  static func perform(
    _ assignment: Assignment, plan: Plan, node: Int? = nil, limit: Duration = limit
  ) throws -> Enrolled {
    let connection = try plan.open(
      byWeb: assignment.isWeb, node: node ?? assignment.node, limit: limit)
    let registration = Registration(
      nickname: assignment.nickname, userName: "swarm", realName: "Hubbub swarm",
      password: plan.password, capabilities: wanted(assignment, plan),
      takesSimilarNickname: true)
    let welcome = try registration.perform(on: connection, limit: limit)
    let room = plan.roomName(assignment.room)
    try connection.send(Message("JOIN", room))
    try awaitRoom(room, connection, limit: limit)
    return Enrolled(
      connection: connection, nickname: welcome.nickname, capabilities: welcome.capabilities,
      supported: welcome.supported)
  }

  /// Waits for 366, the end of the names, which comes when the room is entered.
  static func awaitRoom(
    _ room: String, _ connection: LineConnection, limit: Duration = limit
  ) throws {
    while let message = try connection.receive(within: limit) {
      switch message.command {
      case "366": return
      case "PING": try connection.send(Message("PONG", message.parameters))
      case "403", "405", "437", "461", "471", "473", "474", "475", "476", "477", "480":
        throw Refused(description: "\(message.command) \(message.parameters.last ?? "")")
      case "ERROR":
        throw Registration.Failure.ended(reason: message.parameters.last ?? "")
      default: break
      }
    }
    throw Registration.Failure.ended(reason: "without a reason.")
  }
}
