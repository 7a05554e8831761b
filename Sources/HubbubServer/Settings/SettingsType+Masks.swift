import IRCWire
import Yams

// The kinds of value that say who is meant. What can match nobody is refused with the reason.

extension SettingsType {
  /// A value that is a mask or a network.
  init(
    mask expectation: String, parse: @escaping @Sendable (String) throws(MaskFault) -> Value,
    write: @escaping @Sendable (Value) -> Node
  ) {
    self.init(
      expectation,
      read: { node, reading in
        guard case .scalar(let scalar) = node, !scalar.isNull else {
          reading.expected(expectation, node)
          return nil
        }
        do throws(MaskFault) { return try parse(scalar.string) } catch {
          let found = scalar.string.cut(toBytes: 60)
          reading.note("expected \(expectation), found '\(found)'. \(error)", at: node.mark)
          return nil
        }
      }, write: write)
  }
}

extension SettingsType where Value == String {
  /// Who operates a room.
  static let sourceMask = Self(
    mask: "a mask of nickname!user@host, as in 'ann!*@*' or '*!*@192.0.2.0/24', or oper:NAME",
    parse: { (text) throws(MaskFault) in
      if OperatorAccount.named(by: text) == nil { _ = try SourceMask(completing: text) }
      return text
    }, write: Node.quoted)

  /// From where somebody may operate the server.
  static let hostMask = Self(
    mask: "a mask of user@host, as in '*@192.0.2.0/24' or '*@*.example'",
    parse: { (text) throws(MaskFault) in
      _ = try UserHostMask(completing: text)
      return text
    }, write: Node.quoted)

  static let network = Self(
    mask: "an address or a network, as in '192.0.2.7' or '2001:db8::/32'",
    parse: { (text) throws(MaskFault) in
      _ = try AddressRange(parsing: text)
      return text
    }, write: Node.quoted)
}

extension SettingsType where Value == ServerBan.Target {
  static let banTarget = Self(
    mask: "a mask of user@host, an address or a network",
    parse: ServerBan.Target.init, write: { .quoted($0.description) })
}
