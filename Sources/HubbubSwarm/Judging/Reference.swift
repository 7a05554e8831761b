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

  /// Who of a room is the reference: the first observer, or else the first healthy one who stayed;
  /// but another one where that one alone tells another story than two more do.
  static func choose(_ testimonies: [Testimony], table: MessageTable) -> Testimony? {
    let staying = testimonies.filter { $0.isUninterrupted && $0.assignment.isHealthy }
    let observers = staying.filter { $0.assignment.sender == nil }
    let candidates = (observers + staying.filter { $0.assignment.sender != nil }).prefix(3)
    guard candidates.count == 3 else { return candidates.first }
    let stories = candidates.map { Reference($0, table: table) }
    func agree(_ one: Int, _ other: Int) -> Bool {
      let places = stories[other].order.map { stories[one].places[$0] }.filter { $0 > 0 }
      return Disagreement(places: places).pairs == 0
    }
    if agree(0, 1) || agree(0, 2) { return candidates[candidates.startIndex] }
    return agree(1, 2) ? candidates[candidates.startIndex + 1] : candidates.first
  }
}
