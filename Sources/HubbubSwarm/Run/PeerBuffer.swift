import Glibc

/// What the other end of a connection on this machine has in its kernel's send buffer.
struct PeerBuffer: Equatable {
  /// The state of an open connection in /proc/net/tcp: TCP_ESTABLISHED.
  private static let established = "01"

  let bytes: Int

  /// Whether the other end has not closed the connection. What is still in its buffer arrives
  /// before this end hears of it, and never does at a reader that stopped to read.
  let isOpen: Bool

  /// - Parameter socket: our end.
  /// - Returns: nil where the other end is not on this machine (any more), or is no TCP socket.
  static func look(atPeerOf socket: Int32) -> PeerBuffer? {
    guard let ours = port(of: socket, getsockname), let theirs = port(of: socket, getpeername)
    else { return nil }
    for path in ["/proc/net/tcp", "/proc/net/tcp6"] {
      for line in read(path).split(separator: "\n").dropFirst() {
        // sl local_address rem_address st tx_queue:rx_queue …, all in hexadecimal
        let fields = line.split(separator: " ")
        guard fields.count > 4, port(fields[1]) == theirs, port(fields[2]) == ours else {
          continue
        }
        return fields[4].split(separator: ":").first.flatMap { Int($0, radix: 16) }
          .map { PeerBuffer(bytes: $0, isOpen: fields[3] == Self.established) }
      }
    }
    return nil
  }

  private static func port(_ address: Substring) -> UInt16? {
    address.split(separator: ":").last.flatMap { UInt16($0, radix: 16) }
  }

  private static func port(
    of socket: Int32,
    _ name: (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
  ) -> UInt16? {
    var storage = sockaddr_in6()
    var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
    let result = withUnsafeMutablePointer(to: &storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name(socket, $0, &length) }
    }
    // The port stands at the same place in both families, in network order.
    return result == 0 ? UInt16(bigEndian: storage.sin6_port) : nil
  }

  private static func read(_ path: String) -> String {
    guard let file = fopen(path, "r") else { return "" }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 64 * 1024)
    while true {
      let count = fread(&piece, 1, piece.count, file)
      bytes += piece.prefix(count)
      if count < piece.count { return String(decoding: bytes, as: UTF8.self) }
    }
  }
}
