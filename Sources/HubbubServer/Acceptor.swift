import HubbubSockets
import HubbubThreads
import Logging

/// Accepts the connections of one listener and hands them to the intake; nothing else, so that a
/// storm of connects is taken in as fast as it comes.
struct Acceptor: Sendable {
  private let listener: Listener
  private let intake: Intake
  private let hub: Hub

  /// Whether those who come are to encrypt.
  private let isSecure: Bool

  init(_ listener: Listener, isSecure: Bool = false, intake: Intake, hub: Hub) {
    self.listener = listener
    self.isSecure = isSecure
    self.intake = intake
    self.hub = hub
  }

  /// The acceptor's thread. Returns when the listener is stopped.
  func run() {
    while true {
      do {
        guard let socket = try listener.accept() else { return }
        intake.take(socket, isSecure: isSecure)
      } catch {
        // Out of descriptors or memory. The connection stays in the queue: look again when somebody has
        // gone, or in a while.
        hub.logger.error("cannot accept", metadata: ["reason": "\(error.reason)"])
        hub.clients.waitForDeparture(upTo: .milliseconds(250))
      }
    }
  }
}
