extension Verdicts {
  // MARK: - What is said of the run itself

  var lag: Verdict? {
    guard let lag = outcome.sendLag else { return nil }
    return .gated(
      "swarm", "send lag",
      "p99 \(Words.time(lag.p99)) of a latency of \(Words.time(lag.latencyP99))", gate: "≤ 5 %",
      isKept: lag.isValid, good: "The swarm kept its schedule: the latency is the server's.",
      bad:
        "The swarm sent late, so part of the latency is its own. Fewer bots, a lower rate or more "
        + "cores give sounder figures.",
      otherwise: .doubtful)
  }

  var connections: Verdict? {
    let expected = Set((0..<plan.stalled).map { "stall-\($0)" } + ["flood-0"])
    let lost = outcome.endings.filter { !expected.contains($0.nickname) }
    guard let first = lost.first else { return nil }
    let hint = Hints.hint(for: first.reason).map { " \($0)" } ?? ""
    return .gated(
      "swarm", "connections", "\(lost.count) ended early", gate: "0", isKept: false, good: "",
      bad: "\(first.nickname): \(first.reason)\(hint)")
  }

  /// What was never sent cannot be lost, so the other measures do not see it.
  var standstill: Verdict? {
    guard outcome.stoodStill else { return nil }
    return .gated(
      "swarm", "standstill", "not all was said", gate: "all is said", isKept: false, good: "",
      bad:
        "The bots still had something to say when the server took in or handed on nothing any more."
    )
  }

  var bottleneck: Verdict? {
    guard case .saturate = plan.load, let cost = outcome.swarmCost else { return nil }
    let server = cost.serverShare.map { ", the server \(Words.percent($0))" } ?? ""
    return .noted(
      "swarm", "bottleneck",
      "the bots took \(Words.percent(cost.machineShare)) of the machine\(server)",
      cost.isBottleneck
        ? "The bots, and not the server, were the slow ones: the server may be faster than this."
        : "The server had its part of the machine.",
      standing: cost.isBottleneck ? .doubtful : .noted)
  }

  /// A server that slows senders down drops nothing and refuses nothing: messages only wait ever
  /// longer.
  var throttling: Verdict? {
    let medians = outcome.timeline.map(\.p50)
    let quarter = medians.count / 4
    guard quarter > 0 else { return nil }
    let first = Array(medians.prefix(quarter)).sorted().quantile(0.5)
    let last = Array(medians.suffix(quarter)).sorted().quantile(0.5)
    guard last > 3 * first, last > 100_000 else { return nil }
    // Where connections were ended, their reason has said how to lift it.
    let remedy = outcome.endings.isEmpty ? Hints.hint(for: "flood").map { " \($0)" } : nil
    return .noted(
      "swarm", "throttling", "waits grew from \(Words.time(first)) to \(Words.time(last))",
      "Messages waited ever longer: the server slows fast senders down, or this is more than it "
        + "can carry. Try a lower --rate.\(remedy ?? "")",
      standing: .doubtful)
  }
}
