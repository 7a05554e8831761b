import Glibc
import HubbubThreads

/// Stands before a server and loses the answer to the first transaction: that is carried out, and
/// the connection closed instead of telling.
final class LosingProxy: Sendable {
  let endpoint: String
  private let listener = SilentServer()
  private let thread: NamedThread

  /// - Parameter server: its address, `http://127.0.0.1:PORT`.
  init(_ server: String) throws {
    endpoint = "http://127.0.0.1:\(listener.port)"
    let target = UInt16(server.split(separator: ":").last!)!
    let descriptor = listener.descriptor
    thread = try NamedThread(name: "proxy") {
      // Shut down by `deinit`.
      while case let client = accept(descriptor, nil, nil), client >= 0 {
        Self.pass(client, to: target)
        close(client)
      }
    }
  }

  deinit {
    shutdown(listener.descriptor, Int32(SHUT_RDWR))
    thread.join()
  }

  /// Passes on what comes from either side, until one closes or an answer is lost.
  private static func pass(_ client: Int32, to target: UInt16) {
    let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(server) }
    var address = SilentServer.address(port: target)
    let length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let code = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(server, $0, length) }
    }
    guard code == 0 else { return }
    var isLosing = false
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      var ready = [client, server].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      poll(&ready, 2, -1)
      let (from, to) = ready[0].revents != 0 ? (client, server) : (server, client)
      let count = recv(from, &bytes, bytes.count, 0)
      guard count > 0 else { return }
      if from == client, bytes.starts(with: "POST /v3/kv/txn".utf8) { isLosing = true }
      if from == server, isLosing { return }
      send(to, bytes, count, Int32(MSG_NOSIGNAL))
    }
  }
}
