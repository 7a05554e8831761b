import Glibc

/// A socket that listens as a service manager does.
public final class ServiceManager {
  /// As NOTIFY_SOCKET would name it.
  public let name: String
  private let descriptor: Int32

  public struct CannotListen: Error {
    let errno: Int32
  }

  /// - Parameter kind: `/` for a path, `@` for an abstract name.
  public init(_ kind: Character) throws {
    let unique = "hubbub-\(getpid())-\(UInt64.random(in: 0..<UInt64.max))"
    name = kind == "@" ? "@\(unique)" : "/tmp/\(unique)"
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { path in
      path.copyBytes(from: name.utf8)
      if kind == "@" { path[0] = 0 }
    }
    let length = socklen_t(MemoryLayout<sa_family_t>.size + name.utf8.count)
    let code = withUnsafeBytes(of: &address) {
      bind(descriptor, $0.assumingMemoryBound(to: sockaddr.self).baseAddress, length)
    }
    if code != 0 { throw CannotListen(errno: errno) }
    var patience = timeval(tv_sec: 30, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit {
    close(descriptor)
    if name.hasPrefix("/") { unlink(name) }
  }

  /// The next datagram; nil when none came for a long time.
  public func receive() -> String? {
    var bytes = [UInt8](repeating: 0, count: 4096)
    // A watchdog under test asks every thread of the process where it is, by a signal.
    var count = recv(descriptor, &bytes, bytes.count, 0)
    while count < 0, errno == EINTR { count = recv(descriptor, &bytes, bytes.count, 0) }
    return count < 0 ? nil : String(decoding: bytes[..<count], as: UTF8.self)
  }
}
