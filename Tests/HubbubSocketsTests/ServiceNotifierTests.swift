import Glibc
import HubbubSockets
import HubbubThreads
import TestSupport
import Testing

/// What a service manager would hear: datagrams on a socket of its own.
@Suite struct ServiceNotifierTests {
  @Test(
    "every fact arrives as sd_notify(3) says, at a path and at an abstract name",
    arguments: ["/", "@"])
  func facts(kind: Character) throws {
    let manager = try ServiceManager(kind)
    let notifier = try #require(try ServiceNotifier(environment: ["NOTIFY_SOCKET": manager.name]))
    try notifier.send(.ready)
    #expect(manager.receive() == "READY=1")
    try notifier.send(.reloading(monotonic: .milliseconds(1500)))
    #expect(manager.receive() == "RELOADING=1\nMONOTONIC_USEC=1500000")
    try notifier.send(.status("3 people\nSTOPPING=1"), .alive)
    #expect(manager.receive() == "STATUS=3 peopleSTOPPING=1\nWATCHDOG=1")
    try notifier.send(.stopping)
    #expect(manager.receive() == "STOPPING=1")
  }

  @Test("without NOTIFY_SOCKET nobody is told")
  func nobody() throws {
    #expect(try ServiceNotifier(environment: [:]) == nil)
    #expect(try ServiceNotifier(environment: ["NOTIFY_SOCKET": ""]) == nil)
  }

  @Test("a socket that cannot be is refused, and one where nobody listens fails with the reason")
  func broken() throws {
    #expect(throws: SystemError(call: "NOTIFY_SOCKET", errno: EAFNOSUPPORT)) {
      try ServiceNotifier(environment: ["NOTIFY_SOCKET": "vsock:2:1234"])
    }
    #expect(throws: SystemError(call: "NOTIFY_SOCKET", errno: ENAMETOOLONG)) {
      try ServiceNotifier(environment: ["NOTIFY_SOCKET": "/" + String(repeating: "x", count: 107)])
    }
    let nowhere = try #require(
      try ServiceNotifier(environment: ["NOTIFY_SOCKET": "/nowhere/socket"]))
    #expect(throws: SystemError(call: "sendto", errno: ENOENT)) { try nowhere.send(.ready) }
  }

  @Test("a service manager that does not listen is not waited for")
  func full() throws {
    let manager = try ServiceManager("@")
    let notifier = try #require(try ServiceNotifier(environment: ["NOTIFY_SOCKET": manager.name]))
    while try notifier.send(.status("again")) {}
    #expect(try !notifier.send(.ready))
    #expect(manager.receive() == "STATUS=again")
    #expect(try notifier.send(.ready))
  }

  @Test("signs of life are wanted twice in the time given, and only from the process that is named")
  func keepAlive() throws {
    func interval(_ more: [String: String]) throws -> Duration? {
      let environment = ["NOTIFY_SOCKET": "@x"].merging(more) { $1 }
      return try ServiceNotifier(environment: environment)?.keepAliveInterval
    }
    #expect(try interval([:]) == nil)
    #expect(try interval(["WATCHDOG_USEC": "30000000"]) == .seconds(15))
    #expect(
      try interval(["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "\(getpid())"]) == .seconds(15))
    #expect(try interval(["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"]) == nil)
    #expect(try interval(["WATCHDOG_USEC": "soon"]) == nil)
  }
}
