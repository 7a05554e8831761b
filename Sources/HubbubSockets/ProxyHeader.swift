import Glibc

/// What a proxy says first of a connection that it passes on: from where the client comes (PROXY
/// protocol, versions 1 and 2). A value; feed it the bytes as they come, and never one that is not
/// asked for.
public struct ProxyHeader: Sendable {
  /// Whose connection it is.
  public enum Origin: Sendable, Equatable {
    /// The proxy's own, as for a check of its health, or of somebody of whom it knows nothing.
    case proxy

    /// That of a client.
    ///
    /// - Parameter isSecure: whether the client speaks TLS with the proxy, where the proxy says so.
    case client(address: String, isSecure: Bool)
  }

  public enum State: Sendable, Equatable {
    /// This many more bytes are the header's for sure.
    case incomplete(wanted: Int)
    case complete(Origin)

    /// It is no header; the words say why.
    case malformed(String)
  }

  public private(set) var state = State.incomplete(wanted: shortestBytes)

  private var bytes: [UInt8] = []

  /// The shortest header there is: "PROXY UNKNOWN", CR LF.
  private static let shortestBytes = 15

  /// "the maximum line lengths the receiver must support including the CRLF" (section 2.1): a line
  /// is no longer.
  private static let lineBytes = 107

  /// What stands in front of the addresses in version 2.
  private static let prefixBytes = 16

  /// What may follow it: addresses, and what else the proxy has to say of the connection.
  private static let payloadBytes = 4096

  private static let signature: [UInt8] = [
    0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A,
  ]
  private static let lineStart = Array("PROXY ".utf8)

  public init() {}

  /// Takes the next byte of the connection. Not to be called any more once the state is final.
  public mutating func feed(_ byte: UInt8) {
    guard case .incomplete = state else { preconditionFailure("A header was fed beyond its end.") }
    bytes.append(byte)
    if Self.isBeginning(bytes, of: Self.signature) {
      state = binaryState
    } else if Self.isBeginning(bytes, of: Self.lineStart) {
      state = lineState
    } else {
      state = .malformed("it begins with something else")
    }
  }

  private static func isBeginning(_ bytes: [UInt8], of start: [UInt8]) -> Bool {
    zip(bytes, start).allSatisfy(==)
  }

  // MARK: Version 1

  private var lineState: State {
    guard bytes.last == 0x0A else {
      guard bytes.count < Self.lineBytes else { return .malformed("its line has no end") }
      let isAtReturn = bytes.last == 0x0D
      return .incomplete(wanted: max(Self.shortestBytes - bytes.count, isAtReturn ? 1 : 2))
    }
    guard bytes.count >= 2, bytes[bytes.count - 2] == 0x0D else {
      return .malformed("its line does not end in CR LF")
    }
    let text = String(decoding: bytes.dropLast(2), as: UTF8.self)
    let fields = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    // "the receiver must ignore anything presented before the CRLF is found"
    if fields.count >= 2, fields[1] == "UNKNOWN" { return .complete(.proxy) }
    // The system's reader of addresses would end at a NUL.
    guard !bytes.dropLast(2).contains(where: { $0 < 0x20 }) else {
      return .malformed("its line has a control character in it")
    }
    guard fields.count == 6, fields[4...].allSatisfy(Self.isPort) else {
      return .malformed("its line has not the fields that it should have")
    }
    let addresses = fields[2...3].map { Self.address($0, isIPv6: fields[1] == "TCP6") }
    guard ["TCP4", "TCP6"].contains(fields[1]), let source = addresses[0], addresses[1] != nil
    else { return .malformed("its line has no addresses of the protocol that it names") }
    return .complete(.client(address: source, isSecure: false))
  }

  private static func isPort(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
      && (text == "0" || text.first != "0") && UInt16(text) != nil
  }

  private static func address(_ text: String, isIPv6: Bool) -> String? {
    var bytes = [UInt8](repeating: 0, count: isIPv6 ? 16 : 4)
    guard inet_pton(isIPv6 ? AF_INET6 : AF_INET, text, &bytes) == 1 else { return nil }
    return Self.text(of: bytes[...])
  }

  // MARK: Version 2

  private var binaryState: State {
    guard bytes.count >= Self.prefixBytes else {
      return .incomplete(
        wanted: bytes.count < Self.signature.count
          ? Self.shortestBytes - bytes.count : Self.prefixBytes - bytes.count)
    }
    let payload = Int(bytes[14]) << 8 | Int(bytes[15])
    guard payload <= Self.payloadBytes else { return .malformed("it is too long") }
    let rest = Self.prefixBytes + payload - bytes.count
    // What cannot become a header is not waited for.
    let origin = origin(of: payload)
    if case .malformed = origin { return origin }
    return rest > 0 ? .incomplete(wanted: rest) : origin
  }

  /// What the header says once it is whole.
  private func origin(of payload: Int) -> State {
    guard bytes[12] >> 4 == 2 else { return .malformed("its version is none that there is") }
    switch bytes[12] & 0x0F {
    // LOCAL: "the receiver must accept this connection as valid and must use the real connection
    // endpoints and discard the protocol block including the family which is ignored."
    case 0: return .complete(.proxy)
    case 1: break
    default: return .malformed("its command is none that there is")
    }
    switch bytes[13] {
    // Unspecified, and a Unix socket on the proxy's machine: "the receiver is free to accept the
    // connection anyway and use the real endpoint addresses".
    case 0x00: return .complete(.proxy)
    case 0x31: return payload >= 216 ? .complete(.proxy) : .malformed(Self.tooShort)
    case 0x11: return client(addressBytes: 4, payload)
    case 0x21: return client(addressBytes: 16, payload)
    case 0x12, 0x22, 0x32: return .malformed("it is of datagrams")
    // "Receivers must drop connections presenting unexpected values here."
    default: return .malformed("its kind of address is none that there is")
    }
  }

  private static let tooShort = "it is too short for its addresses"

  /// Two addresses and two ports, and what else the proxy has to say.
  private func client(addressBytes: Int, _ payload: Int) -> State {
    let extrasStart = 2 * addressBytes + 4
    guard payload >= extrasStart else { return .malformed(Self.tooShort) }
    let body = bytes[Self.prefixBytes...]
    guard body.count == payload else { return .complete(.proxy) }
    guard let isSecure = Self.saysSecure(body.dropFirst(extrasStart)) else {
      return .malformed("what it adds has no length that fits")
    }
    let address = Self.text(of: body.prefix(addressBytes))
    return .complete(.client(address: address, isSecure: isSecure))
  }

  /// Looks through what a proxy adds (type, length, value) for whether the client speaks TLS with
  /// it; all else is passed over.
  ///
  /// - Returns: nil where a length reaches beyond the end.
  private static func saysSecure(_ extras: ArraySlice<UInt8>) -> Bool? {
    var (rest, isSecure) = (extras, false)
    while !rest.isEmpty {
      let head = Array(rest.prefix(3))
      guard head.count == 3 else { return nil }
      let length = Int(head[1]) << 8 | Int(head[2])
      let value = rest.dropFirst(3).prefix(length)
      guard value.count == length else { return nil }
      // PP2_TYPE_SSL, whose first byte has the bit PP2_CLIENT_SSL.
      if head[0] == 0x20, let flags = value.first, flags & 1 != 0 { isSecure = true }
      rest = rest.dropFirst(3 + length)
    }
    return isSecure
  }

  // MARK: Addresses

  /// An address as all others are written; one of IPv4 within IPv6 is one of IPv4.
  private static func text(of bytes: ArraySlice<UInt8>) -> String {
    let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
    var address = Array(bytes)
    if address.count == 16, address.starts(with: mapped) { address.removeFirst(12) }
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    inet_ntop(
      address.count == 4 ? AF_INET : AF_INET6, &address, &text, socklen_t(text.count))
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
