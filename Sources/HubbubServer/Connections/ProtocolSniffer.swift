/// Finds out by the first bytes of a connection that it speaks something else than IRC: a TLS
/// client, a browser or an SSH client at the wrong port would otherwise wait for an answer that
/// never comes, and a web page could have a browser say IRC commands to a server behind a firewall.
///
/// A value of the client's own thread.
struct ProtocolSniffer {
  private static let beginnings: [(bytes: [UInt8], words: String)] =
    [([0x16, 0x03], "This port is for plain text, not for TLS")]
    + ["GET", "POST", "HEAD", "PUT", "OPTIONS", "CONNECT", "DELETE", "PATCH", "PRI"].map {
      (Array("\($0) ".utf8), "This is IRC, not HTTP")
    }
    + [
      (Array("SSH-".utf8), "This is IRC, not SSH"),
      // One from where it is not asked for would be believed by nobody, and its client take all for
      // its own.
      (Array("PROXY ".utf8), "This port takes no PROXY header"),
      (Array("\r\n\r\n\0\r\nQUIT\n".utf8), "This port takes no PROXY header"),
    ]

  /// What came so far, while it may still be the beginning of one of them.
  private var seen: [UInt8]? = []

  /// Looks at what came, as far as it is the beginning.
  ///
  /// - Returns: what to say to a stranger; nil as long as it may be a client.
  mutating func look(at bytes: UnsafeRawBufferPointer) -> String? {
    guard var seen else { return nil }
    for byte in bytes {
      seen.append(byte)
      let possible = Self.beginnings.filter { $0.bytes.starts(with: seen) }
      if let found = possible.first(where: { $0.bytes.count == seen.count }) { return found.words }
      if possible.isEmpty {
        self.seen = nil
        return nil
      }
    }
    self.seen = seen
    return nil
  }
}
