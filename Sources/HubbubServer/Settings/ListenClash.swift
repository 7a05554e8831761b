import Glibc
import HubbubSockets
import IRCWire

/// Two addresses to listen on that are one and the same, however they are spelled: the second could
/// not be opened.
struct ListenClash: Sendable, Equatable, CustomStringConvertible {
  /// Their places in the list, from 0.
  let first: Int
  let second: Int
  private let endpoints: [Endpoint]

  var description: String {
    let (earlier, later) = ("\(endpoints[0])", "\(endpoints[1])")
    return earlier == later
      ? "'\(later)' is there twice; expected each address once"
      : "'\(later)' is the same as '\(earlier)', or a part of it; expected each address once"
  }

  /// All of a list, at most one for each that comes second.
  static func all(in listeners: [ListenAddress]) -> [ListenClash] {
    let endpoints = listeners.map(\.endpoint)
    return endpoints.indices.compactMap { second in
      let first = endpoints[..<second].firstIndex { overlap($0, endpoints[second]) }
      return first.map {
        ListenClash(first: $0, second: second, endpoints: [endpoints[$0], endpoints[second]])
      }
    }
  }

  /// Port 0 is another one each time.
  private static func overlap(_ one: Endpoint, _ other: Endpoint) -> Bool {
    guard one.port == other.port, one.port != 0 else { return false }
    return hosts(one.host).contains { first in
      hosts(other.host).contains { second in first.overlaps(second) }
    }
  }

  /// What a host stands for, as far as that is known without asking anybody.
  private enum Host: Equatable {
    case name(String)
    case address(UInt128)
    case everyIPv4
    case everyIPv6

    func overlaps(_ other: Host) -> Bool {
      switch (self, other) {
      case (.everyIPv4, .address(let address)), (.address(let address), .everyIPv4):
        address >> 32 == 0xFFFF
      case (.everyIPv6, .address(let address)), (.address(let address), .everyIPv6):
        address >> 32 != 0xFFFF
      default: self == other
      }
    }
  }

  private static func hosts(_ text: String) -> [Host] {
    switch text.lowercased() {
    case "*": return [.everyIPv4, .everyIPv6]
    case "localhost": return hosts("127.0.0.1") + hosts("::1")
    default: break
    }
    var short = in_addr()
    // `127.1` is an address too, to those who open it.
    if !text.contains(":"), inet_aton(text, &short) != 0 {
      return [
        short.s_addr == 0
          ? .everyIPv4 : .address(0xFFFF << 32 | UInt128(UInt32(bigEndian: short.s_addr)))
      ]
    }
    // On a zone of its own, `fe80::1` is another.
    guard !text.contains("%"), let address = IPAddress(text)?.bits else {
      return [.name(text.lowercased())]
    }
    return [address == 0 ? .everyIPv6 : .address(address)]
  }
}
