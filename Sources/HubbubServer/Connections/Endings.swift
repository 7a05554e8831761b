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

  private static let maxCount = 32

  /// Guards how many have ended and were refused, by reason. Nothing else is locked under it.
  private let counts = Monitor(Counts())

  struct Counts: Sendable {
    var endings: [Reason: Int] = [:]
    var refusals: [String: Int] = [:]
  }

  /// Why sessions end, as programs tell it apart.
  enum Reason: String, Sendable, CaseIterable {
    case quit, lost, slow, silent, unregistered, killed, banned, stopping, refused

    /// - Parameter words: the reason that people read.
    init(_ words: String, hasQuit: Bool, isSlow: Bool, isEndedHere: Bool) {
      self =
        switch () {
        case _ where hasQuit: .quit
        case _ where isSlow: .slow
        case _ where words.hasPrefix("Ping timeout"): .silent
        case _ where words.hasPrefix("Registration timed out"): .unregistered
        case _ where words.hasPrefix("Killed"): .killed
        case _ where words.hasPrefix("Banned") || words.contains("banned"): .banned
        case _ where words.hasPrefix("Server is stopping"): .stopping
        default: isEndedHere ? .refused : .lost
        }
    }
  }

  func count(_ reason: Reason) { counts.withLock { $0.endings[reason, default: 0] += 1 } }

  /// Somebody was not let in.
  ///
  /// - Parameter reason: one of a few words.
  func count(refusal reason: String) { counts.withLock { $0.refusals[reason, default: 0] += 1 } }

  /// How many have ended and were refused since the start. Any thread.
  var totals: Counts { counts.withLock { $0 } }

  /// The oldest first. Any thread.
  var recent: [Ending] { endings.withLock { $0 } }

  func note(_ ending: Ending) {
    endings.withLock { endings in
      if endings.count == Self.maxCount { endings.removeFirst() }
      endings.append(ending)
    }
  }
}
