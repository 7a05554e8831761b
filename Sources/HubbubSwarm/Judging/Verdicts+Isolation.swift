extension Verdicts {
  /// M9: what a bad neighbour costs the others.
  var isolation: Verdict? {
    guard let isolation = outcome.isolation else { return nil }
    let (gate, leastThroughput) = (plan.gates[.neighbourLatency], plan.gates[.neighbourThroughput])
    let throughput = isolation.ratios.throughputRatio
    let allowed = gate * max(isolation.nullRatio ?? 1, 1)
    let isSlower =
      isolation.slotRatio.map { $0 > allowed && (isolation.chance ?? 1) <= Suspect.doubt } ?? false
    let isLess = throughput < leastThroughput
    // A reader that was never full has cost nobody anything, whatever else did; a flooder may have.
    let isTested = !isUntested(isolation)
    let isBlamed = (isSlower || isLess) && (isTested || plan.flooderFactor != nil)
    let isTold = isTested && isolation.slotRatio != nil
    return Verdict(
      measure: "M9", name: "isolation", value: value(isolation, throughput),
      gate: "≤ \(Words.exact(gate)), ≥ \(Words.exact(leastThroughput))",
      standing: isBlamed ? .failed : isTold ? .passed : .doubtful,
      meaning: isBlamed && isSlower
        ? "A bad neighbour cost the others: they waited × "
          + "\(Words.number(isolation.slotRatio ?? 0, 2))."
        : isBlamed
          ? "A bad neighbour cost the others: they heard × \(Words.number(throughput, 2))."
          : !isTested
            ? "Not tested: no stalled reader was ever full, so the server had nothing to keep for "
              + "it."
              + (outcome.fillerRefusal.map { " Nobody could help to fill them: \($0)" } ?? "")
            : isolation.slotRatio == nil
              ? "Not enough to tell: the run is too short to compare its halves."
              : "A bad neighbour did not cost the others.",
      figure: isolation.slotRatio ?? isolation.ratios.latencyRatio, threshold: gate)
  }

  /// Whether readers stopped, and none was full or ended for it.
  private func isUntested(_ isolation: IsolationFigures) -> Bool {
    let isEnded = isolation.stalledEndedAfter.contains { $0 != nil }
    let isFull = outcome.stalledFullAfter.contains { $0 != nil }
    return plan.stalled > 0 && !isEnded && !isFull
  }

  private func value(_ isolation: IsolationFigures, _ throughput: Double) -> String {
    let ratio = isolation.slotRatio ?? isolation.ratios.latencyRatio
    var value = "p99 × \(Words.number(ratio, 2))"
    if let null = isolation.nullRatio {
      value += " (× \(Words.number(null, 2)) beside a harmless one)"
    }
    value += ", throughput × \(Words.number(throughput, 2))"
    if plan.stalled > 0 {
      let full = outcome.stalledFullAfter.compactMap(\.self)
      value += ", \(full.count) of \(plan.stalled) stalled full"
      if let first = full.min() { value += " after \(Words.number(first, 1)) s" }
    }
    let ended = isolation.stalledEndedAfter.compactMap(\.self)
    if !isolation.stalledEndedAfter.isEmpty {
      value += ", \(ended.count) ended"
      if let last = ended.max() { value += " within \(Words.number(last, 1)) s" }
    }
    if let cost = outcome.cost, cost.memoryBefore > 0 {
      value +=
        ", memory grew by \(Words.memory(max(cost.memoryPeak - cost.memoryBefore, 0))) at most"
    }
    return value
  }
}
