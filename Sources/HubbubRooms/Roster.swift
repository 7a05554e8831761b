/// Who is in a room. A value, guarded by the room's lock; a copy of `seats` is a snapshot that costs nothing
/// until the next change.
struct Roster {
  private(set) var seats: [Seat] = []
  private var positions: [MemberID: Int] = [:]

  var isEmpty: Bool { seats.isEmpty }
  var count: Int { seats.count }

  subscript(id: MemberID) -> Seat? { positions[id].map { seats[$0] } }

  mutating func insert(_ seat: Seat) {
    positions[seat.member.id] = seats.count
    seats.append(seat)
  }

  /// Takes a member out; the last one takes its position.
  mutating func remove(_ id: MemberID) -> Seat? {
    guard let position = positions.removeValue(forKey: id) else { return nil }
    let removed = seats[position]
    let last = seats.removeLast()
    if position < seats.count {
      seats[position] = last
      positions[last.member.id] = position
    }
    return removed
  }

  mutating func update(_ id: MemberID, _ change: (inout Seat) -> Void) {
    guard let position = positions[id] else { return }
    change(&seats[position])
  }
}
