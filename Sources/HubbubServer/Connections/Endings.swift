import HubbubThreads

/// The last connections that the server ended itself, for those who watch.
final class Endings: Sendable {
  struct Ending: Sendable {
    let nickname: String

    /// Whether it was hidden from those who shared no room with it.
    let isInvisible: Bool

    /// The rooms that it was in, by what no later room has (`Room.epoch`): another of the same name
    /// knows nothing of it.
    let rooms: [[UInt8]]
    let reason: String
    let lagBytes: Int
    let moment: Int64
  }

  /// Guards the list. Nothing else is locked under it.
  private let endings = Monitor<[Ending]>([])

  private static let greatestCount = 32

  /// The oldest first. Any thread.
  var recent: [Ending] { endings.withLock { $0 } }

  func note(_ ending: Ending) {
    endings.withLock { endings in
      if endings.count == Self.greatestCount { endings.removeFirst() }
      endings.append(ending)
    }
  }
}
