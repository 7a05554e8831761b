import Glibc
import HubbubSockets
import HubbubThreads
import Logging

/// Accepts the connections of one listener and hands them to the connection starter; nothing else,
/// so that a storm of connects is accepted as fast as it comes.
struct Acceptor: Sendable {
  private let door: Door
  private var listener: Listener { door.listener }
  private let connectionStarter: ConnectionStarter
  private let hub: Hub

  init(_ door: Door, connectionStarter: ConnectionStarter, hub: Hub) {
    self.door = door
    self.connectionStarter = connectionStarter
    self.hub = hub
  }

  /// The acceptor's thread. Returns when the listener is stopped.
  func run() {
    while !listener.isStopped {
      do {
        guard let socket = try listener.accept() else { return }
        connectionStarter.take(socket, by: door.kind)
      } catch {
        handleAcceptError(error)
      }
    }
  }

  /// Out of descriptors or memory. With the spare descriptor whoever comes is told so; without, the
  /// connection stays in the queue: look again when somebody has gone, or in a while, but never in
  /// a circle at once.
  private func handleAcceptError(_ error: SystemError) {
    guard error.errno == EMFILE || error.errno == ENFILE else {
      hub.logger.error("cannot accept", metadata: ["reason": "\(error.reason)"])
      return hub.clients.waitForDeparture(upTo: Self.pause)
    }
    // Waiting needs no descriptor; `accept` wants one before it looks whether anybody is there.
    guard listener.waitForConnection(limit: Self.pause) else { return }
    do {
      if let socket = try listener.accept() { connectionStarter.take(socket, by: door.kind) }
    } catch {
      let words = door.kind.refusal("unknown", "The server is full")
      let isTold = hub.spareDescriptor.refuse(on: listener, saying: words)
      hub.logger.error("refused", metadata: ["reason": "\(error.reason)", "told": "\(isTold)"])
      if !isTold { hub.clients.waitForDeparture(upTo: Self.pause) }
    }
  }

  private static let pause: Duration = .milliseconds(250)
}
