import Foundation
import Testing

/// The siege in its short form: a server and its besiegers, each a process of its own. `demo/siege` lasts ten
/// minutes, with 500 clients.
@Suite struct SiegeTests {
  /// L4, O5, R8, C7
  @Test(
    "among churn, resets, stalls, floods and garbage the healthy hear all, once, in one order, and nothing is left of it"
  )
  func short() throws {
    let server = try ServerProcess("--max-lag", "64", "--log-level", "notice")
    let siege = Process()
    let output = Pipe()
    siege.executableURL = ServerProcess.binary
    siege.arguments = [
      "siege", "\(server.endpoint)", "--pid", "\(server.processID)", "--seconds", "5", "--clients",
      "60",
    ]
    siege.standardOutput = output
    try siege.run()
    let table = String(
      decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    siege.waitUntilExit()
    let faults = table.split(separator: "\n").filter { $0.contains("FAIL") }
    // Under ThreadSanitizer a process keeps a shadow of all that it ever touched.
    let isSanitized = ProcessInfo.processInfo.environment["TSAN_OPTIONS"] != nil
    #expect(faults.allSatisfy { isSanitized && $0.contains("server's memory") }, "\(table)")
    #expect(siege.terminationStatus == (faults.isEmpty ? 0 : 1), "\(table)")
    #expect(server.stop() == 0)
  }
}
