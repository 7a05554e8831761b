/// Who is in a room. A value, guarded by the room's lock; a copy of `seats` is a snapshot that
/// costs nothing, and while somebody keeps it, each change copies a page of it at the most.
struct Roster {
  private(set) var seats = PagedArray<Seat>()
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
    let last = seats.removeLast()
    guard position < seats.count else { return last }
    let removed = seats[position]
    seats.update(position) { $0 = last }
    positions[last.member.id] = position
    return removed
  }

  mutating func update(_ id: MemberID, _ change: (inout Seat) -> Void) {
    guard let position = positions[id] else { return }
    seats.update(position, change)
  }
}
