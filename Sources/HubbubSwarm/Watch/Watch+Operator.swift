import HubbubDial
import IRCWire

extension Watch {
  /// Who asks to see everything: an operator account of the server.
  public struct Operator: Sendable {
    let name: String
    let password: String

    public init(name: String, password: String) {
      self.name = name
      self.password = password
    }
  }

  /// Makes this connection an operator's. Waits for the server.
  ///
  /// - Throws: `Refused`, or `SystemError` where the connection failed.
  static func become(_ account: Operator, on connection: LineConnection) throws {
    try connection.send(Message("OPER", account.name, account.password))
    while let message = try connection.receive(within: .seconds(30)) {
      switch message.command {
      case "381": return  // RPL_YOUREOPER
      case "PING": try connection.send(Message("PONG", message.parameters))
      case "464":  // ERR_PASSWDMISMATCH
        throw Refused(description: "The server did not accept the password of \(account.name).")
      case "491":  // ERR_NOOPERHOST
        throw Refused(
          description: "The server has no operator \(account.name) for this host: "
            + "\(message.parameters.last ?? "")")
      case Numeric.unknownCommand.code:
        throw Refused(description: "This server has no operators.")
      case "461", "FAIL", "ERROR":  // ERR_NEEDMOREPARAMS
        throw Refused(
          description: "The server did not make this an operator: \(message.parameters.last ?? "")")
      default: break
      }
    }
    throw Refused(description: "The server ended the connection.")
  }
}
