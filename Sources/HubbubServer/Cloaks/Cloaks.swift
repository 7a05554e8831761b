import HubbubSockets
import IRCWire
import Logging

/// What others see in the place of addresses.
///
/// A cloak is three words, each a keyed hash of a part of the address: from the single address
/// (IPv6: its /64) to the network around it. Neighbours share the words behind the first, so that a
/// network can be banned whose address nobody knows. Without the key, no address can be tried out.
/// A value.
struct Cloaks: Sendable {
  /// Whose addresses are hidden.
  enum Extent {
    case nobody

    /// Everybody's but of clients on this machine, who are shown as ever.
    case others
    case everybody
  }

  private let key: [UInt8]
  private let hidesLoopback: Bool

  init(key: [UInt8], hidesLoopback: Bool) {
    self.key = key
    self.hidesLoopback = hidesLoopback
  }

  /// The host to be shown.
  func host(of text: String) -> String {
    guard let address = IPAddress(text), hidesLoopback || !address.isLoopback else { return text }
    let words = Self.prefixes(of: address).map { word(for: address, bits: $0) }
    return words.joined(separator: ".") + ".ip"
  }

  /// The lengths of the prefixes that have a word, of 128: /32, /24 and /16 of IPv4, /64, /48 and
  /// /32 of IPv6, where one subscriber has a /64.
  private static func prefixes(of address: IPAddress) -> [Int] {
    address.isIPv4 ? [128, 120, 112] : [64, 48, 32]
  }

  /// 40 bits of the hash in letters and digits, which hosts have in lower case.
  private func word(for address: IPAddress, bits: Int) -> String {
    // The length stands in front: no prefix is hashed as one of another length.
    let prefix = AddressRange(address, bits: bits).description
    let hash = KeyedHash.sha256(of: Array("cloak/\(bits) \(prefix)".utf8), key: key)
    let number = hash.prefix(5).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let letters = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)
    return String(
      decoding: (0..<8).map { letters[Int(number >> UInt64(35 - 5 * $0) & 31)] }, as: UTF8.self)
  }
}

extension Cloaks {
  /// The cloaks that the settings want; nil for none. Waits for the disk.
  ///
  /// Where nobody asked for them and their key cannot be kept, they have one that lasts until the
  /// server ends, and an alarm is logged: addresses are hidden all the same.
  ///
  /// - Parameters:
  ///   - source: where the settings come from.
  ///   - isTrial: whether no key is to be made.
  static func make(
    _ settings: ServerSettings, in source: String, isTrial: Bool, _ logger: Logger
  ) throws(SettingsError) -> Cloaks? {
    let configuration = settings.configuration
    let extent = configuration.cloakExtent
    guard extent != .nobody else { return nil }
    let hidesLoopback = extent == .everybody
    let file = CloakKey(configuration)
    do throws(CloakKey.Failure) {
      let key = isTrial ? try file.check() ?? [] : try file.readOrMake()
      logger.notice("addresses are hidden", metadata: ["key": "\(file.path ?? "")"])
      return Cloaks(key: key, hidesLoopback: hidesLoopback)
    } catch {
      let isWanted = configuration.cloaks == true || configuration.cloakKeyFile != nil
      guard !isWanted, !error.isOfContents else {
        throw SettingsError([settings.places.problem(error.text, about: "cloak-key", in: source)])
      }
      logger.error(
        "cloaks last until the server ends", metadata: ["reason": "\(error.text)"])
      return Cloaks(key: SecretFile.randomBytes(32), hidesLoopback: hidesLoopback)
    }
  }
}

extension Configuration {
  /// Whose addresses are hidden.
  var cloakExtent: Cloaks.Extent {
    switch cloaks {
    case true?: .everybody
    case false?: .nobody
    case nil: isPublic ? .others : .nobody
    }
  }

  /// Whether clients may come from anywhere: by themselves, or through a proxy or gateway.
  private var isPublic: Bool {
    !gateways.isEmpty || !webProxies.isEmpty
      || listeners.contains { $0.kind.isForProxies || $0.endpoint.isPublic }
  }
}

extension Endpoint {
  /// Whether it may be reached from anywhere: a name, or an address that is neither loopback nor
  /// private.
  fileprivate var isPublic: Bool {
    host != "localhost" && IPAddress(host).map { !$0.isPrivate } ?? true
  }
}
