import HubbubServer
import IRCWire

/// Three people on a server of their own: ann operates #r, bob is there too, cem is in no room.
struct Meeting {
  let server: TestServer
  let ann: ScriptedClient
  let bob: ScriptedClient
  let cem: ScriptedClient

  init(
    ann: [String] = [], bob: [String] = [], cem: [String] = [],
    _ change: (inout Configuration) -> Void = { _ in }
  ) throws {
    server = try TestServer(change)
    self.ann = try server.client("ann", capabilities: ann)
    self.bob = try server.client("bob", capabilities: bob)
    self.cem = try server.client("cem", capabilities: cem)
    try self.ann.join("#r")
    try self.bob.join("#r")
    _ = try self.ann.messagesUntilNow()
  }

  /// What ann, bob and cem were told since each was last asked.
  var told: [[Message]] {
    get throws { try Self.told(ann, bob, cem) }
  }

  /// What each of the clients was told since it was last asked, with all that any of them has caused.
  static func told(_ clients: ScriptedClient...) throws -> [[Message]] {
    // Twice: what the last of them has sent may still be on its way when the first is asked.
    let first = try clients.map { try $0.messagesUntilNow() }
    return try zip(first, clients).map { try $0 + $1.messagesUntilNow() }
  }
}
