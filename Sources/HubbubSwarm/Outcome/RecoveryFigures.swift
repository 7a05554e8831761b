/// What somebody got back who lost its connection for a while, and came again (M10).
public struct RecoveryFigures: Sendable, Codable, Equatable {
  /// How long it was away, until it was in the room again, in seconds; of this, how long it took to
  /// come back.
  public var awaySeconds = 0.0
  public var returnSeconds = 0.0

  /// Messages that were said between the last that it heard before and the first that it heard
  /// afterwards.
  public var missed = 0

  /// Of these, those that the history gave it.
  public var recovered = 0

  /// Messages that came twice: live, or in the history.
  public var doubled = 0

  /// Pairs that it has in another order than they were heard by whoever was there.
  public var disagreement = Disagreement()

  /// Why it could not be measured, in words.
  public var failure: String?

  /// The gate of M10.
  public var isWhole: Bool { recovered == missed && doubled == 0 && disagreement.pairs == 0 }

  /// Compares what it heard before, was given back, and heard afterwards with what somebody heard
  /// who was there all the while, each in its order.
  ///
  /// - Parameters:
  ///   - remembered: what the history gave, which may reach into what was heard live again.
  init(before: [UInt32], remembered: [UInt32], after: [UInt32], reference: [UInt32]) {
    var places: [UInt32: UInt32] = [:]
    for id in reference where places[id] == nil { places[id] = UInt32(places.count) }
    let start = before.last.flatMap { places[$0] }.map { Int($0) + 1 } ?? 0
    let end = after.first.flatMap { places[$0] }.map { Int($0) } ?? places.count
    missed = max(0, end - start)
    let (old, new) = (Set(before), Set(after))
    doubled = before.count - old.count + after.count - new.count
    var (seen, order) = (old, before.compactMap { places[$0] })
    var given: Set<UInt32> = []
    for id in remembered {
      guard given.insert(id).inserted, !old.contains(id) else {
        doubled += 1
        continue
      }
      // What is heard live as well is known by its id.
      guard !new.contains(id), seen.insert(id).inserted else { continue }
      if let place = places[id] {
        order.append(place)
        if (start..<end).contains(Int(place)) { recovered += 1 }
      }
    }
    disagreement = Disagreement(places: order + after.compactMap { places[$0] })
  }

  init(failure: String) { self.failure = failure }
}
