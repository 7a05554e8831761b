import Glibc

/// Where a server listens: a host (a name, an IPv4 or an IPv6 address) and a port.
public struct Endpoint: Sendable, Hashable, CustomStringConvertible {
  public var host: String
  public var port: UInt16

  public init(host: String, port: UInt16) {
    self.host = host
    self.port = port
  }

  /// Reads `host`, `host:port`, `:port`, `port`, `::1` or `[::1]:port`; nil for anything else.
  /// Digits alone are a port, never a host.
  ///
  /// - Parameters:
  ///   - defaultHost: for a port alone.
  ///   - defaultPort: where none is named.
  public init?(_ text: String, defaultHost: String = "127.0.0.1", defaultPort: UInt16 = 6667) {
    guard !text.isEmpty, !text.contains(where: \.isWhitespace) else { return nil }
    // No host begins with a sign; `-1` is meant as a port.
    guard text.first != "-", text.first != "+" else { return nil }
    if Self.isNumber(text) {
      guard let port = UInt16(text) else { return nil }
      self.init(host: defaultHost, port: port)
      return
    }
    if text.first == "[" {
      guard let end = text.firstIndex(of: "]") else { return nil }
      let host = String(text[text.index(after: text.startIndex)..<end])
      let rest = text[text.index(after: end)...]
      guard let port = Self.port(rest, default: defaultPort), !host.isEmpty,
        !Self.isNumber(host)
      else { return nil }
      self.init(host: host, port: port)
      return
    }
    if text.count(where: { $0 == ":" }) > 1 {
      guard Self.isIPv6(text) else { return nil }
      self.init(host: text, port: defaultPort)
      return
    }
    let name = text.prefix { $0 != ":" }
    guard !Self.isNumber(name),
      let port = Self.port(text.dropFirst(name.count), default: defaultPort)
    else {
      return nil
    }
    self.init(host: name.isEmpty ? defaultHost : String(name), port: port)
  }

  public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

  private static func isNumber(_ text: some StringProtocol) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }

  private static func port(_ rest: Substring, default defaultPort: UInt16) -> UInt16? {
    if rest.isEmpty { return defaultPort }
    // `UInt16` alone would take a sign.
    guard rest.first == ":", rest.dropFirst().allSatisfy(\.isNumber) else { return nil }
    return UInt16(rest.dropFirst())
  }

  /// Whether `text` is an IPv6 address, with or without a zone (`%eth0`).
  private static func isIPv6(_ text: String) -> Bool {
    var address = in6_addr()
    return inet_pton(AF_INET6, String(text.prefix { $0 != "%" }), &address) == 1
  }
}
