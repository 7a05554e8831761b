import Foundation
import TestSupport
import Testing

/// O7, and what a service manager is told.
@Suite struct ServiceTests {
  @Test("a service manager hears when the server is there, that it is well, and that it stops")
  func told() throws {
    let manager = try ServiceManager("@")
    let server = try ServerProcess(
      environment: ["NOTIFY_SOCKET": manager.name, "WATCHDOG_USEC": "200000"])
    #expect(manager.receive() == "READY=1")
    let client = try server.client("ann")
    try client.join("#r")
    let status = "STATUS=1 people in 1 rooms, 1 connections"
    var heard = ""
    while heard != status { heard = try #require(manager.receive()) }
    #expect(manager.receive() == "WATCHDOG=1")
    #expect(server.stop() == 0)
    while heard != "STOPPING=1" { heard = try #require(manager.receive()) }
  }

  @Test("a server that runs as root without need says so, and as an ordinary user it does not")
  func privileges() throws {
    let server = try ServerProcess()
    #expect(server.opening.contains("running as root") == (geteuid() == 0), "\(server.opening)")
    #expect(server.stop() == 0)
  }

  @Test("the unit lets the service see next to nothing of the machine")
  func sandbox() throws {
    let tool = URL(fileURLWithPath: "/usr/bin/systemd-analyze")
    let unit = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../demo/systemd/hubbub.service").standardizedFileURL
    try #require(
      FileManager.default.isExecutableFile(atPath: tool.path), "systemd is not installed")
    let process = Process()
    process.executableURL = tool
    // Fails above an exposure of 2.0.
    process.arguments = ["security", "--offline=true", "--threshold=20", "--no-pager", unit.path]
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }
}
