/// What a server remembers of the run, compared with what was heard while it went on (M7d).
public struct HistoryFigures: Sendable, Codable, Equatable {
  /// The messages that the first observers of the rooms heard.
  public var live = 0

  /// Messages of the run that the server gave back. Less than `live` where it does not go back so
  /// far.
  public var remembered = 0

  /// Messages heard after the oldest one remembered that the server did not give back.
  public var missing = 0

  /// Messages given back twice.
  public var doubled = 0

  /// Messages given back that the observer had not heard.
  public var unheard = 0

  /// Pairs that are remembered the other way round than they were heard.
  public var disagreement = Disagreement()

  /// Why a server that has history did not give it.
  public var failure: String?

  /// The gate of M7d.
  public var isTrue: Bool { missing == 0 && doubled == 0 && disagreement.pairs == 0 }

  init() {}

  /// Compares what one observer heard with what it was given back, each in its order.
  init(live: [UInt32], history: Testimony.History) {
    var places: [UInt32: UInt32] = [:]
    for id in live where places[id] == nil { places[id] = UInt32(places.count) }
    var seen = Set<UInt32>()
    var order: [UInt32] = []
    for id in history.ids {
      guard seen.insert(id).inserted else {
        doubled += 1
        continue
      }
      if let place = places[id] { order.append(place) } else { unheard += 1 }
    }
    self.live = places.count
    remembered = seen.count
    failure = history.failure
    disagreement = Disagreement(places: order)
    if let oldest = order.min() { missing = places.count - Int(oldest) - order.count }
  }

  static func + (left: HistoryFigures, right: HistoryFigures) -> HistoryFigures {
    var sum = left
    sum.live += right.live
    sum.remembered += right.remembered
    sum.missing += right.missing
    sum.doubled += right.doubled
    sum.unheard += right.unheard
    sum.disagreement = left.disagreement + right.disagreement
    sum.failure = left.failure ?? right.failure
    return sum
  }
}
