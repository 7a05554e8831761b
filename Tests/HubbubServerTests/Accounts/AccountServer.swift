import Foundation
import HubbubCluster
import HubbubDial
import IRCWire
import TestSupport

@testable import HubbubServer

/// A server that has accounts, in a folder of its own.
struct AccountServer {
  let folder: TemporaryFolder
  let server: TestServer

  init(_ change: (inout Configuration) -> Void = { _ in }) throws {
    try self.init(in: TemporaryFolder(), change)
  }

  /// - Parameters:
  ///   - folder: where a server before it may have kept its accounts.
  ///   - engine: of its network; nil for a server that is alone.
  init(
    in folder: TemporaryFolder, engine: (any Engine)? = nil,
    _ change: (inout Configuration) -> Void = { _ in }
  ) throws {
    self.folder = folder
    server = try TestServer(from: nil, engine: engine) {
      $0.state = folder.path
      $0.history.isEnabled = false
      $0.limits.passwordDelay = .zero
      change(&$0)
    }
  }

  /// A node of a network that keeps accounts and history.
  init(
    node: NodeID, of engine: ScriptedEngine, in folder: TemporaryFolder? = nil,
    _ change: (inout Configuration) -> Void = { _ in }
  ) throws {
    try self.init(in: folder ?? TemporaryFolder(), engine: SharedEngine(engine)) {
      $0.serverName = "n\(node).example"
      $0.cluster.engine = ["http://nowhere:1"]
      $0.cluster.node = node
      $0.cluster.comparisonInterval = 20
      $0.history.isEnabled = true
      change(&$0)
    }
  }

  static let password = "correct horse"

  /// Connects, and makes an account of the nickname.
  func registered(_ nickname: String, capabilities: [String] = []) throws -> ScriptedClient {
    let client = try server.client(nickname, capabilities: capabilities)
    try client.send("REGISTER * * :\(Self.password)")
    try client.expect("REGISTER")
    _ = try client.messagesUntilNow()
    return client
  }

  /// Makes an account and leaves.
  func makeAccount(_ name: String) throws {
    let client = try registered(name)
    try client.send("QUIT")
    _ = try client.readToEnd()
    // The name is free when the others no longer see it.
    let other = try server.client("observer-\(UInt32.random(in: 0...99_999))")
    while try !other.ask("ISON \(name)").contains(where: { $0.parameters.last == "" }) {}
    other.close()
  }

  /// Connects and logs in on the way.
  func loggedIn(
    _ nickname: String, as account: String? = nil, password: String = Self.password,
    by mechanism: Account.Mechanism = .plain, capabilities: [String] = []
  ) throws -> ScriptedClient {
    let client = try server.connect()
    let registration = Registration(
      nickname: nickname, capabilities: capabilities,
      account: Account(
        name: account ?? nickname, password: password, mechanisms: [mechanism]))
    _ = try registration.perform(on: client.connection)
    return client
  }

  /// What PLAIN sends.
  static func plain(
    _ name: String, _ password: String = Self.password, identity: String = ""
  ) -> String {
    Base64.encode("\(identity)\0\(name)\0\(password)".utf8)
  }
}

extension [Message] {
  /// The codes of the standard replies among them: `FAIL REGISTER WEAK_PASSWORD …`.
  var codes: [String] {
    filter { ["FAIL", "NOTE", "WARN"].contains($0.command) }.map { $0.parameters[1] }
  }

  func first(_ command: String) -> Message? { first { $0.command == command } }
}
