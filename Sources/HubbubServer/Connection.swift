import Glibc
import HubbubRooms
import HubbubSockets

/// A client's socket, as the rooms see it: a place to write to.
// @unchecked: `isWatched` belongs to whoever holds the member's baton.
final class Connection: Outlet, @unchecked Sendable {
  let socket: Socket
  private let id: MemberID
  private let drainer: Drainer
  private var isWatched = false

  init(_ socket: Socket, id: MemberID, drainer: Drainer) {
    self.socket = socket
    self.id = id
    self.drainer = drainer
  }

  func write(_ spans: UnsafeBufferPointer<UnsafeRawBufferPointer>) -> Int {
    withUnsafeTemporaryAllocation(of: iovec.self, capacity: spans.count) { vectors in
      var offered = 0
      for (index, span) in spans.enumerated() {
        vectors[index] = iovec(
          iov_base: UnsafeMutableRawPointer(mutating: span.baseAddress), iov_len: span.count)
        offered += span.count
      }
      // A connection that is gone takes everything: its owner's read says so, and ends the session.
      let taken = try? socket.sendNow(UnsafeBufferPointer(vectors))
      return taken ?? offered
    }
  }

  func awaitSpace(for outbox: Outbox) {
    drainer.awaitSpace(socket.descriptor, id: id, isKnown: isWatched, outbox)
    isWatched = true
  }

  func deliverLater(_ outbox: Outbox) { drainer.deliverLater(outbox) }

  func shutDown() { socket.shutDown() }

  /// Has the system ask after so much silence whether the peer is there, and end the connection if not.
  func keepAlive(after silence: Duration, reply: Duration) {
    socket.keepAlive(after: silence, reply: reply)
  }

  /// After the baton was retired: nobody writes any more.
  func close() {
    drainer.forget(id)
    socket.close()
  }
}
