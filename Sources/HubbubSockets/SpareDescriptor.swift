import Glibc
import HubbubThreads

/// A descriptor that is kept for the moment when there are no others: given up for a moment, it
/// lets one connection be accepted, told why it cannot stay, and closed. Otherwise it would wait in
/// the queue and be told nothing. Any thread.
public final class SpareDescriptor: Sendable {
  /// Guards the descriptor; -1 while it is in use or could not be had. Nothing else is locked under
  /// it.
  private let descriptor = Monitor<Int32>(-1)

  public init() { restore() }

  deinit {
    let last = descriptor.withLock { $0 }
    if last >= 0 { close(last) }
  }

  /// Accepts one connection of `listener`, which is there, in the place of the spare descriptor,
  /// says `words` to it and closes it.
  ///
  /// - Returns: whether somebody was told.
  public func refuse(on listener: Listener, saying words: [UInt8]) -> Bool {
    let spare = descriptor.withLock { descriptor in
      defer { descriptor = -1 }
      return descriptor
    }
    guard spare >= 0 else {
      restore()
      return false
    }
    close(spare)
    defer { restore() }
    // Without a connection, or with another shortage, nobody was told: the caller is told that.
    guard let socket = try? listener.accept() else { return false }
    // Whether the words arrive or not, the connection is closed with the socket's end.
    socket.sayAtOnce(words)
    socket.close()
    return true
  }

  private func restore() {
    let fresh = open("/dev/null", O_RDONLY | O_CLOEXEC)
    let unused = descriptor.withLock { descriptor in
      guard descriptor < 0 else { return fresh }
      descriptor = fresh
      return Int32(-1)
    }
    if unused >= 0 { close(unused) }
  }
}
