import HubbubRooms
import HubbubStore

/// What there is to do for accounts. A value.
struct ChoresWork {
  /// Those that have changed since they were written, by the number they are kept under.
  var rooms: [Int64: Room] = [:]

  /// Those who stay, by account.
  var staying: [Int64: AccountChores.Stayer] = [:]

  /// Which devices were here, by account.
  var seen: [Int64: Set<String>] = [:]

  /// Whether a network has changed accounts, and which of its rooms.
  var hasAmendments = false
  var amendedRooms: Set<StreamID> = []

  /// Whether markers were moved.
  var hasMarkers = false

  /// Whether an account may have been erased.
  var hasErasures = false

  /// Whether somebody may have stayed for too long.
  var hasStays = false

  /// Whether rooms and accounts may say different things.
  var hasFaults = false

  var isNothing: Bool {
    rooms.isEmpty && staying.isEmpty && seen.isEmpty && !hasAmendments && !hasMarkers
      && !hasErasures && !hasStays && !hasFaults
  }

  /// Adds what was left of work; what has changed since holds.
  mutating func add(_ older: ChoresWork) {
    rooms.merge(older.rooms) { newer, _ in newer }
    staying.merge(older.staying) { newer, _ in newer }
    seen.merge(older.seen) { $0.union($1) }
    amendedRooms.formUnion(older.amendedRooms)
    hasAmendments = hasAmendments || older.hasAmendments
    hasMarkers = hasMarkers || older.hasMarkers
    hasErasures = hasErasures || older.hasErasures
    hasStays = hasStays || older.hasStays
    hasFaults = hasFaults || older.hasFaults
  }
}

/// What the thread remembers from one time to the next.
struct ChoresMemory {
  /// Since when it is on record in the history that what an account has said is to be deleted.
  var erased: [Int64: ContinuousClock.Instant] = [:]

  /// Whose people seemed to stay for too long at the last look.
  var longStays: Set<Int64> = []

  /// What rooms and accounts said differently at the last look.
  var faults: Set<RoomFault> = []
}
