import CLinux
import Glibc
import HubbubSockets
import HubbubThreads
import IRCWire

/// A broadcaster that favours nobody: it hands each message round in an order drawn by lot.
///
/// What bias and spread the swarm finds here comes from this machine's scheduling and not from a
/// server. It speaks as much IRC as the bots do, on one thread; another one accepts.
final class NullBroadcaster: Sendable {
  let endpoint: Endpoint
  private let listener: Listener
  private let arrivals = Monitor(Arrivals())
  private let bell: Bell
  private let acceptor: NamedThread
  private let speaker: NamedThread

  /// Connections that the acceptor hands to the speaker.
  private struct Arrivals {
    var sockets: [Socket] = []
    var isStopped = false
  }

  /// - Throws: `NetworkError` or `SystemError`.
  init(offersEcho: Bool, random: SplitMix64) throws {
    let listener = try Listener.open(Endpoint(host: "127.0.0.1", port: 0))[0]
    let bell = try Bell()
    let arrivals = self.arrivals
    self.listener = listener
    self.bell = bell
    endpoint = listener.endpoint
    acceptor = try NamedThread(name: "swarm-accept") {
      // An error ends the accepting; the bots that are not in then say so.
      while let socket = try? listener.accept() {
        arrivals.withLock { $0.sockets.append(socket) }
        bell.ring()
      }
    }
    do {
      speaker = try NamedThread(name: "swarm-null") {
        var circle = NullCircle(bell: bell, offersEcho: offersEcho, random: random)
        while !arrivals.withLock({ $0.isStopped }) {
          let new = arrivals.withLock { state in
            defer { state.sockets = [] }
            return state.sockets
          }
          for socket in new { circle.admit(socket) }
          circle.turn()
        }
      }
    } catch {
      listener.stop()
      acceptor.join()
      throw error
    }
  }

  /// Ends it. Once.
  func stop() {
    listener.stop()
    acceptor.join()
    arrivals.withLock { $0.isStopped = true }
    bell.ring()
    speaker.join()
  }
}
