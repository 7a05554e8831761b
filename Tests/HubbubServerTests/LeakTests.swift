import Foundation
import Testing

/// Threads and descriptors, counted under /proc from outside.
@Suite struct LeakTests {
  /// L4, in short
  @Test(
    "after clients have come and gone in every way, threads and descriptors are back where they were"
  )
  func comeAndGo() throws {
    let server = try ServerProcess()
    let keeper = try server.client("keeper")
    let (threads, descriptors) = (server.threads, server.descriptors)
    for round in 0..<60 {
      let client = try server.client("guest\(round)")
      try client.join("#r\(round % 3)")
      switch round % 4 {
      case 0:
        try client.send("QUIT :bye")
        _ = try client.readToEnd()
      case 1: client.close()
      case 2: try client.send("QUIT")
      default: try client.send("PRIVMSG #r\(round % 3) :half a line")
      }
    }
    let deadline = Date(timeIntervalSinceNow: 30)
    while server.threads != threads || server.descriptors != descriptors {
      // A round trip with the server is what there is to do until it has joined the last thread.
      _ = try keeper.messagesUntilNow()
      guard Date() < deadline else { break }
    }
    #expect(server.threads == threads)
    #expect(server.descriptors == descriptors)
    #expect(server.stop() == 0)
  }

  /// O1
  @Test("SIGTERM tells everyone, joins every thread, and exits 0")
  func terminate() throws {
    let server = try ServerProcess()
    let clients = try (0..<20).map { try server.client("n\($0)") }
    for client in clients { try client.join("#r") }
    #expect(server.stop() == 0)
    for client in clients {
      let last = try client.readToEnd().last
      #expect(last?.command == "ERROR", "\(String(describing: last))")
    }
  }

  @Test("a server that waits for its last client stops by itself when that has left")
  func untilDeserted() throws {
    let server = try ServerProcess("--until-deserted")
    let ann = try server.client("ann")
    let bob = try server.client("bob")
    try ann.send("QUIT")
    _ = try ann.readToEnd()
    _ = try bob.messagesUntilNow()
    try bob.send("QUIT")
    _ = try bob.readToEnd()
    #expect(server.waitForExit() == 0)
  }
}
