import HubbubWeb
import IRCWire

/// A program that may ask the web ports for more than everybody: known by a token of 256 bits, of
/// which the settings keep the hash alone.
public struct AccessToken: Sendable, Equatable {
  /// What it is called in the log.
  public var name: String

  /// SHA-256 of the token, in hexadecimal. A token is no password: it cannot be guessed, so that a
  /// fast hash does.
  public var hash: String
  public var scopes: [Scope]

  /// Addresses and networks (CIDR) from which alone it may come; none: from everywhere.
  public var addresses: [String]

  public init(name: String, hash: String, scopes: [Scope], addresses: [String] = []) {
    (self.name, self.hash, self.scopes, self.addresses) = (name, hash, scopes, addresses)
  }

  /// What a token is good for.
  public enum Scope: Sendable, Hashable, CustomStringConvertible {
    /// `/metrics`.
    case metrics

    /// The dashboard.
    case read

    /// To end connections, to ban, to tell all something (`/api/v1`); all that `read` is good for.
    case moderate

    /// All that the API can do: accounts, secret rooms, what was said, the settings.
    case admin

    /// To say something in a room (`/hooks/<token>`).
    case say(room: String)

    public init?(_ text: String) {
      switch text {
      case "metrics": self = .metrics
      case "read": self = .read
      case "moderate": self = .moderate
      case "admin": self = .admin
      default:
        guard text.hasPrefix("say:") else { return nil }
        let room = String(text.dropFirst(4))
        guard Names.isChannel(room, limit: 200) else { return nil }
        self = .say(room: room)
      }
    }

    public var description: String {
      switch self {
      case .metrics: "metrics"
      case .read: "read"
      case .moderate: "moderate"
      case .admin: "admin"
      case .say(let room): "say:\(room)"
      }
    }
  }

  /// A new token and its hash.
  public static func make() -> (token: String, hash: String) {
    var chance = SystemRandomNumberGenerator()
    let bytes = (0..<4).flatMap { _ -> [UInt8] in
      let word = chance.next()
      return (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) }
    }
    // As text without signs, so that it can stand in an address and in a field.
    let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)
    var (token, bits, count) = ([UInt8](), UInt32(0), 0)
    for byte in bytes + [0] {
      bits = bits << 8 | UInt32(byte)
      count += 8
      while count >= 5 {
        token.append(alphabet[Int(bits >> UInt32(count - 5)) & 31])
        count -= 5
      }
    }
    let text = "hub_" + String(decoding: token.prefix(52), as: UTF8.self)
    return (text, hash(of: text))
  }

  static func hash(of token: String) -> String { SHA256.hex(Array(token.utf8)) }

  /// The first of some that is this one and may come from an address.
  ///
  /// All are compared, each in the same time.
  static func find(_ token: String, from address: String, in tokens: [AccessToken]) -> AccessToken?
  {
    let hash = hash(of: token)
    var found: AccessToken?
    for known in tokens where hash.isEqualInConstantTime(to: known.hash) { found = found ?? known }
    guard let found else { return nil }
    let ranges = found.addresses.compactMap { AddressRange($0) }
    return ranges.isEmpty || ranges.contains { $0.contains(address) } ? found : nil
  }
}
