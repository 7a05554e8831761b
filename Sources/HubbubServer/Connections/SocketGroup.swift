import HubbubLog
import HubbubSockets
import HubbubThreads

/// The writes of one fan-out to many sockets, as one system call.
final class SocketGroup: WriteGroup {
  private let ring: WriteRing

  var capacity: Int { WriteRing.capacity }

  init(_ ring: WriteRing) { self.ring = ring }

  /// - Returns: false where there is no room for it.
  func add(
    _ spans: UnsafeBufferPointer<UnsafeRawBufferPointer>, to descriptor: Int32
  ) -> Bool { ring.add(spans, to: descriptor) }

  func submit(_ settle: (_ index: Int, _ taken: Int) -> Void) { ring.submit(settle) }
}

/// As many groups as processors: more threads do not fan out at the same moment.
final class SocketGroups: WriteGroups {
  /// Guards those that are not lent. Nothing else is locked under it.
  private let free: Monitor<[SocketGroup]>

  private init(_ groups: sending [SocketGroup]) { free = Monitor(groups) }

  /// - Throws: `SystemError` where the system has none, or does not allow them here: then each
  ///   socket is written to by itself.
  static func open() throws(SystemError) -> SocketGroups {
    var groups: [SocketGroup] = []
    for _ in 0..<Processors.count { groups.append(SocketGroup(try WriteRing())) }
    return SocketGroups(groups)
  }

  func lend() -> (any WriteGroup)? { free.withLock { $0.popLast() } }

  func giveBack(_ group: any WriteGroup) {
    guard let group = group as? SocketGroup else { return }
    free.withLock { $0.append(group) }
  }
}
