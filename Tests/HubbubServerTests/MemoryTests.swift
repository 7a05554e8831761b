import Foundation
import HubbubLog
import HubbubSockets
import IRCWire
import Testing

@testable import HubbubServer

/// The total of what is kept for readers who do not read.
@Suite struct MemoryTests {
  @Test(
    "stalled readers are ended, with the total as the reason, before one has passed its own limit")
  func total() throws {
    let folder = try TemporaryFolder()
    let settings = try folder.write(
      "settings.yaml", "limits: {lag-memory: 1MiB, send-lag: 64MiB}")
    let server = try ServerProcess("--config", settings)
    let speaker = try server.client("speaker")
    let healthy = try server.client("healthy")
    try healthy.join("#r")
    try speaker.join("#r")
    let stalled = try (0..<6).map { try server.client("stalled\($0)") }
    for client in stalled { try client.join("#r") }
    _ = try healthy.messagesUntilNow()
    let text = String(repeating: "x", count: 400)
    var (sent, heard, ended) = (0, 0, Set<String>())
    // What the kernel holds for six of them is a few megabytes each.
    while ended.count < stalled.count, sent < 100_000 {
      try speaker.send(
        Array(repeating: "PRIVMSG #r :\(text)", count: 100).joined(separator: "\r\n"))
      sent += 100
      for message in try healthy.messagesUntilNow() {
        if message.command == "PRIVMSG" { heard += 1 }
        guard message.command == "QUIT" else { continue }
        #expect(message.parameters[0].contains("the server is short of memory"))
        ended.insert(message.source!.name)
      }
      _ = try speaker.messagesUntilNow()
    }
    #expect(ended.count == stalled.count)
    let rest = try healthy.messagesUntilNow().filter { $0.command == "PRIVMSG" }.count
    #expect(heard + rest == sent)
    withExtendedLifetime(stalled) {}
    #expect(server.stop() == 0)
  }

  @Test("every chunk and every block is counted as long as it is there, and no longer")
  func counted() {
    let before = RetainedMemory.bytes
    do {
      let block = Block([UInt8](repeating: 0, count: 1 << 24))
      #expect(RetainedMemory.bytes - before > 1 << 23)
      withExtendedLifetime(block) {}
    }
    #expect(RetainedMemory.bytes - before < 1 << 23)
  }

  @Test("without a setting the total is a part of what the process may have")
  func automatic() {
    let machine = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
    #expect((1...machine / 4).contains(MemoryBudget(nil).limitBytes))
    #expect(MemoryBudget(1 << 20).limitBytes == 1 << 20)
  }
}
