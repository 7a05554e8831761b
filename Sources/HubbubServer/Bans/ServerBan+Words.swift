import HubbubRooms
import IRCWire

/// A ban that cannot be, with the reason as the operator is told it.
struct BanMisuse: Error {
  let text: String

  init(_ text: String) { self.text = text }
}

/// How operators say whom they mean.
extension ServerBan.Target {
  /// Who has a nickname: as they are, and the address that they come from.
  typealias Lookup = (_ nickname: String) -> IPAddress?

  /// What KLINE takes: a mask of `user@host` or `user@network`, a host, an address or a network, or
  /// the nickname of somebody whose address is meant.
  init(userMask text: String, _ addressOf: Lookup) throws(BanMisuse) {
    let isWord = !text.contains { "@.:/*?!".contains($0) }
    if isWord, text.first?.isNumber == true {
      throw BanMisuse(
        "'\(text)' is neither a mask of user@host nor a duration, as in \(Self.durations).")
    }
    if isWord {
      guard let address = addressOf(text) else {
        throw BanMisuse(
          "Nobody is called '\(text)' here; a ban is of user@host, of a host or of an address.")
      }
      self = .mask(UserHostMask(everybodyFrom: address))
    } else {
      do throws(MaskFault) { self = .mask(try UserHostMask(completing: text)) } catch {
        throw BanMisuse("'\(text)' is no mask of user@host. \(error).")
      }
    }
    guard !isEverybody else { throw BanMisuse("'\(text)' would ban everybody.") }
  }

  /// What DLINE takes: an address or a network, or the nickname of somebody whose address is meant.
  init(network text: String, _ addressOf: Lookup) throws(BanMisuse) {
    let text = IPAddress.restoringColon(of: text)
    if !text.contains(where: { ".:/@*?".contains($0) }), let address = addressOf(text) {
      self = .network(AddressRange(address))
      return
    }
    do throws(MaskFault) { self = .network(try AddressRange(parsing: text)) } catch {
      guard case .noNetwork = error else { throw BanMisuse("\(error).") }
      throw BanMisuse(
        "'\(text)' is neither an address nor a network, as in 192.0.2.0/24, nor anybody's nickname."
      )
    }
    guard !isEverybody else { throw BanMisuse("'\(text)' would ban everybody.") }
  }

  /// Durations as operators write them.
  static let durations = "30s, 5m, 1h, 7d or 2w"

  var isEverybody: Bool {
    switch self {
    case .mask(let mask): mask.isEverybody
    case .network(let range): range.isEverything
    }
  }
}
