import HubbubDial
import HubbubSockets
import HubbubThreads
import Testing

@testable import HubbubServer

/// A server that cannot have one of its threads.
@Suite struct FailedStartTests {
  /// The five that every server has, and two that accept.
  @Test("a start that fails at a later thread leaves nothing behind", arguments: 0..<7)
  func nothingIsLeft(started: Int) throws {
    let log = LogRecord()
    var configuration = Configuration()
    let anyPort = Endpoint(host: "127.0.0.1", port: 0)
    configuration.endpoints = [anyPort, anyPort]
    let server = try Server(configuration, logger: log.logger)
    let running = Monitor(0)
    var rest = started
    let error = #expect(throws: SystemError.self) {
      try server.start { name, body in
        if rest == 0 { throw SystemError(call: "pthread_create", errno: 11) }
        rest -= 1
        running.withLock { $0 += 1 }
        return try NamedThread(name: name) {
          body()
          running.withLock { $0 -= 1 }
        }
      }
    }
    #expect(error?.call == "pthread_create")
    #expect(rest == 0)
    // They are joined, or they would still be counted; a debug build says so of each that is not.
    #expect(running.withLock { $0 } == 0)
    for endpoint in server.endpoints {
      #expect(throws: NetworkError.self) { try LineConnection.open(endpoint) }
    }
  }
}
