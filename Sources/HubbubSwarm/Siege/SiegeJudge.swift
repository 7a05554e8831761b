import Synchronization

/// Says of a siege what arrived, in what order, and what is left of it in the server.
struct SiegeJudge {
  /// Memory may be so much above what it was: caches of the allocator, not one client's worth in a
  /// thousand.
  static let memoryTolerance = (percent: 25, kibibytes: 8 * 1024)

  let field: Battlefield
  let before: SiegeOutcome.Footprint
  let peak: SiegeOutcome.Footprint
  let after: SiegeOutcome.Footprint

  var outcome: SiegeOutcome {
    var outcome = SiegeOutcome()
    addTrouble(to: &outcome)
    addMessages(to: &outcome)
    addFootprint(to: &outcome)
    return outcome
  }

  private func addTrouble(to outcome: inout SiegeOutcome) {
    func number(_ counter: borrowing Atomic<Int>) -> String {
      Words.number(Double(counter.load(ordering: .relaxed)), 0)
    }
    let seconds = Double(field.plan.duration.components.seconds)
    let rate = Double(field.connects.load(ordering: .relaxed)) / max(1, seconds)
    outcome.add("connects", "\(number(field.connects)), \(Words.number(rate, 0)) a second")
    let failed = field.failedConnects.load(ordering: .relaxed)
    outcome.add("connects that failed", "\(failed)", holds: failed == 0)
    outcome.add("resets", number(field.resets))
    outcome.add("stalled and ended", number(field.evictions))
    outcome.add("lines of floods", number(field.floodLines))
    outcome.add("bytes of garbage", number(field.garbageBytes))
  }

  private func addMessages(to outcome: inout SiegeOutcome) {
    let testimonies = field.testimonies
    let failures = testimonies.compactMap { witness in
      witness.failure.map { "well-\(witness.index): \($0)" }
    }
    outcome.add(
      "healthy to the end",
      "\(testimonies.count - failures.count) of \(field.plan.healthy)"
        + (failures.first.map { " (\($0))" } ?? ""),
      holds: failures.isEmpty && testimonies.count == field.plan.healthy)
    let sent = testimonies.reduce(0) { $0 + $1.sent }
    let expected = sent * testimonies.count
    let (lost, doubled) = losses(testimonies, sent: sent)
    outcome.add(
      "messages",
      "\(Words.number(Double(sent), 0)), \(Words.number(Double(expected), 0)) deliveries",
      holds: sent > 0)
    outcome.add("lost", "\(lost)", holds: lost == 0)
    outcome.add("doubled", "\(doubled)", holds: doubled == 0)
    let pairs = disagreement(testimonies)
    outcome.add("pairs in another order", "\(pairs)", holds: pairs == 0)
  }

  private func losses(_ testimonies: [WitnessTestimony], sent: Int) -> (lost: Int, doubled: Int) {
    var (lost, doubled) = (0, 0)
    for witness in testimonies {
      // What nobody sent is as bad as what came twice.
      let distinct = Set(witness.heard).count { id in
        let sender = field.ids.sender(of: id)
        return sender < testimonies.count && field.ids.number(of: id) <= testimonies[sender].sent
      }
      lost += sent - distinct
      doubled += witness.heard.count - distinct
    }
    return (lost, doubled)
  }

  private func disagreement(_ testimonies: [WitnessTestimony]) -> Int {
    guard let reference = testimonies.first?.heard else { return 0 }
    var places: [UInt32: UInt32] = [:]
    for (place, id) in reference.enumerated() { places[id] = UInt32(place) }
    return testimonies.dropFirst().reduce(0) { sum, witness in
      sum + Disagreement(places: witness.heard.compactMap { places[$0] }).pairs
    }
  }

  private func addFootprint(to outcome: inout SiegeOutcome) {
    func line(_ value: KeyPath<SiegeOutcome.Footprint, Int>) -> String {
      "\(before[keyPath: value]) before, \(peak[keyPath: value]) at most, "
        + "\(after[keyPath: value]) after"
    }
    outcome.add("server's threads", line(\.threads), holds: after.threads == before.threads)
    outcome.add(
      "server's descriptors", line(\.descriptors), holds: after.descriptors == before.descriptors)
    let tolerance = Self.memoryTolerance
    let limit = before.memoryKiB * (100 + tolerance.percent) / 100 + tolerance.kibibytes
    outcome.add(
      "server's memory, KiB", line(\.memoryKiB) + " (at most \(limit) allowed)",
      holds: after.memoryKiB <= limit)
  }
}
