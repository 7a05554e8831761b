import Glibc
import HubbubSockets

/// What a siege is made of. The server is a process of its own on this machine, so that it can be
/// counted.
public struct SiegePlan: Sendable {
  public var endpoint: Endpoint

  /// The server's process.
  public var processID: pid_t

  /// How long the trouble lasts, without the rehearsal.
  public var duration: Duration = .seconds(600)

  /// All clients that are there at a time, the healthy among them.
  public var clients = 500

  /// What one healthy client says in a second.
  public var messagesPerSecond = 1.0
  public var seed: UInt64 = 1

  public init(endpoint: Endpoint, processID: pid_t) {
    self.endpoint = endpoint
    self.processID = processID
  }

  /// The least number of clients that has every kind of trouble in it.
  public static let leastClients = 20

  /// Those who talk and listen as they should, a fifth.
  var healthy: Int { clients / 5 }

  /// Before anything is counted, all of it once in short: memory that a server takes once and keeps
  /// is no leak.
  var rehearsal: Duration { min(.seconds(30), duration / 5) }

  /// Of the `index`th client that is not healthy.
  func trouble(_ index: Int) -> Trouble { Trouble.shares[index % Trouble.shares.count] }

  static let room = "#siege"
  static let textBytes = 64
}
