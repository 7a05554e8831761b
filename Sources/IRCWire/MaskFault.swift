/// Why a mask can match nobody, or is none.
public enum MaskFault: Error, Sendable, Equatable, CustomStringConvertible {
  /// The parts of `nickname!user@host`.
  public enum Part: String, Sendable {
    case nickname
    case user = "user name"
    case host
  }

  case empty(Part?)
  case tooLong(limit: Int)

  /// Nothing that the part can be is so long.
  case partTooLong(Part, limit: Int)
  case character(Unicode.Scalar, in: Part)

  /// No nickname begins with it.
  case nicknameStart(Unicode.Scalar)
  case noNetwork(String)
  case noPrefix(String, limit: Int)
  case shortMappedPrefix(String, address: IPAddress)
  case networkWithWildcard(String)
  case noAddressPattern(String)
  case unknownExtension(String)
  case notInThisList(Character)

  /// There is a nickname where only `user@host` can be.
  case hasNickname(String)
  case noHost(String)

  /// No host is called that.
  case noHostName(String)

  /// It would keep everybody away.
  case everybody(String)

  /// A sentence for whoever wrote the mask.
  public var description: String {
    switch self {
    case .everybody(let text): "'\(text)' would ban everybody"
    case .empty(nil): "A mask cannot be empty"
    case .empty(let part?): "The \(part.rawValue) is empty; * stands for any"
    case .tooLong(let limit): "A mask has at most \(limit) bytes"
    case .partTooLong(let part, let limit): "No \(part.rawValue) has more than \(limit) bytes"
    case .character(let scalar, let part):
      "No \(part.rawValue) has \(Self.name(of: scalar)) in it"
    case .nicknameStart(let scalar): "No nickname begins with \(Self.name(of: scalar))"
    case .noNetwork(let text):
      "\(Self.quoted(text)) is neither an address nor a network, as in 192.0.2.0/24"
    case .noPrefix(let text, let limit):
      "\(Self.quoted(text)) is no length of a prefix: here it is a number from 0 to \(limit)"
    case .shortMappedPrefix(let text, let address):
      "\(Self.quoted(text)) is more than IPv4: write the network as IPv4, as in \(address)/24"
    case .networkWithWildcard(let text):
      "\(Self.quoted(text)) has a prefix and a wildcard: use one of them"
    case .noAddressPattern(let text): "No address looks like \(Self.quoted(text))"
    case .unknownExtension(let name):
      "There is no ~\(name): here; ~a: names an account, and ~m: mutes"
    case .notInThisList(let letter): "~\(letter): is for bans (+b) and exceptions (+e)"
    case .hasNickname(let text): "\(Self.quoted(text)) names a nickname; here it is user@host"
    case .noHostName(let text): "No host is called \(Self.quoted(text))"
    case .noHost(let text): "\(Self.quoted(text)) has no @host"
    }
  }

  private static func quoted(_ text: String) -> String {
    text.utf8.count > 60 ? "'\(text.prefix(40))…'" : "'\(text)'"
  }

  private static func name(of scalar: Unicode.Scalar) -> String {
    switch scalar.value {
    case 0x20: "a space"
    case 0x21..<0x7F: "'\(scalar)'"
    default: "U+" + String(repeating: "0", count: max(0, 4 - hex(scalar).count)) + hex(scalar)
    }
  }

  private static func hex(_ scalar: Unicode.Scalar) -> String {
    String(scalar.value, radix: 16, uppercase: true)
  }
}
