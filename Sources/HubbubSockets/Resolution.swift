import Glibc
import HubbubThreads

/// The addresses that a name stands for.
enum Resolution {
  /// One address, ready for `bind` or `connect`.
  struct Address {
    let family: Int32
    let bytes: [UInt8]

    func withSocketAddress<Result>(
      _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
      bytes.withUnsafeBytes {
        body($0.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
      }
    }
  }

  /// Asks the system's resolver. May wait for the network.
  ///
  /// - Throws: `NetworkError.unknownHost` with the resolver's sentence.
  static func addresses(of endpoint: Endpoint, forListening: Bool) throws -> [Address] {
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_NUMERICSERV | (forListening ? AI_PASSIVE : 0)
    var list: UnsafeMutablePointer<addrinfo>?
    let host = forListening && endpoint.host == "*" ? nil : endpoint.host
    let code = getaddrinfo(host, String(endpoint.port), &hints, &list)
    guard code == 0 else {
      throw NetworkError.unknownHost(endpoint.host, reason: String(cString: gai_strerror(code)))
    }
    defer { freeaddrinfo(list) }
    return sequence(first: list!, next: { $0.pointee.ai_next }).map { entry in
      let info = entry.pointee
      let raw = UnsafeRawBufferPointer(start: info.ai_addr, count: Int(info.ai_addrlen))
      return Address(family: info.ai_family, bytes: Array(raw))
    }
  }
}
