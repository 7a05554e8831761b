extension Verdicts {
  /// M10; nil in a run in which nobody left to come back.
  var recovery: Verdict? {
    guard let recovery = outcome.recovery else { return nil }
    let name = "recovery"
    if let failure = recovery.failure {
      return .noted(
        "M10", name, "not tested: \(failure)",
        "Whether somebody who comes back is given what it has missed.", standing: .doubtful)
    }
    let value =
      "\(recovery.recovered) of \(recovery.missed) missed recovered, \(recovery.doubled) doubled, "
      + "\(recovery.disagreement.pairs) pairs in another order"
    let away = Words.number(recovery.awaySeconds, 1)
    return .gated(
      "M10", name, value, gate: "all, none doubled",
      isKept: recovery.isWhole && recovery.missed > 0,
      good: "Somebody was away for \(away) s, and was given all that was said meanwhile, once.",
      bad: recovery.missed == 0
        ? "Nothing was said while somebody was away, so that nothing could be given back."
        : "Somebody was away for \(away) s, and does not have what the others have.",
      otherwise: recovery.isWhole ? .doubtful : .failed)
  }
}
