import HubbubLog
import HubbubRooms
import HubbubThreads
import IRCWire

/// Remembers what one simulated node hears, by where it stands: in which room or talk, under which
/// number. The node that comes in another's place goes on with it.
final class SimulatedArchive: RoomArchive {
  struct Place: Hashable {
    let origin: String
    let sequence: UInt64
  }

  private let state = Monitor(level: .leaf, State())

  private struct State {
    var heard: [Place: [UInt8]] = [:]

    /// Where something else was heard before.
    var faults: [Place] = []
  }

  func open(_ name: String, epoch: String, at place: RoomPlace?) -> RoomPast? {
    guard let place else { return nil }
    return RoomPast(
      keeper: Keeper(of: place.origin, in: self), firstSequence: place.last + 1,
      time: Timestamp(milliseconds: 0))
  }

  func talk(of account: String, with other: String) -> String? {
    // Some people do not want it.
    if [account, other].contains("acc0") { return nil }
    return "\(min(account, other)):\(max(account, other))"
  }

  func formerTalk(of account: String, with other: String) -> String? {
    "\(min(account, other)):\(max(account, other))"
  }

  func talks(of account: String) -> [String] { [] }
  func remembers(_ name: String) -> Bool { false }
  var places: [(name: String, isTalk: Bool, place: RoomPlace)] { [] }

  var heard: [Place: [UInt8]] { state.withLock { $0.heard } }
  var faults: [Place] { state.withLock { $0.faults } }

  private func note(_ place: Place, _ bytes: [UInt8]) {
    state.withLock { state in
      if let known = state.heard[place], known != bytes { state.faults.append(place) }
      state.heard[place] = bytes
    }
  }

  /// One life of a room or talk.
  private final class Keeper: RoomKeeper {
    private let origin: String
    private let archive: SimulatedArchive
    private let tail = Monitor<LogTail?>(level: .leaf, nil)

    init(of origin: String, in archive: SimulatedArchive) {
      (self.origin, self.archive) = (origin, archive)
    }

    func follow(_ tail: LogTail) { self.tail.withLock { $0 = tail } }

    func hasNews() { read(upTo: .max) }

    func close(last: UInt64, at time: Timestamp) { read(upTo: last) }

    private func read(upTo last: UInt64) {
      var found: [(UInt64, [UInt8])] = []
      tail.withLock { tail in
        tail?.read(upTo: last) { found.append(($0, Array($1))) }
      }
      for (sequence, bytes) in found {
        archive.note(Place(origin: origin, sequence: sequence), bytes)
      }
    }

    func noteRestriction(_ isRestricted: Bool, from sequence: UInt64) {}
    func rename(to name: String) {}
  }
}
