/// The order of a room's messages as one recipient saw it: what the others are compared with.
struct Reference: Sendable {
  /// The messages in order, each at its first arrival.
  private(set) var order: [Int] = []

  /// When each of them arrived.
  private(set) var times: [Nanoseconds] = []

  /// For each message of the table its place in the order from 1; 0 where it never came.
  private(set) var places: [UInt32]

  init(_ testimony: Testimony, table: MessageTable) {
    places = Array(repeating: 0, count: table.count)
    order.reserveCapacity(testimony.arrivals.ids.count)
    times.reserveCapacity(testimony.arrivals.ids.count)
    testimony.arrivals.visit { id, time in
      guard let index = table.index(of: id), places[index] == 0 else { return }
      order.append(index)
      times.append(time)
      places[index] = UInt32(order.count)
    }
  }

  /// Who of a room is the reference: the first observer, or else the first healthy one who stayed.
  static func choose(_ testimonies: [Testimony]) -> Testimony? {
    let staying = testimonies.filter { $0.ending == nil && $0.assignment.isHealthy }
    return staying.first { $0.assignment.sender == nil } ?? staying.first
  }
}
