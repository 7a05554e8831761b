extension Verdicts {
  // MARK: - Who was served how: M3, M4, M4b, M6, M8

  /// M3: whether somebody hears everything later than the others.
  var recipientLatency: Verdict? {
    guard let room = worst(\.latency), let gate = room.fairness?.latency else { return nil }
    let usual = room.fairness?.recipientMedian ?? 0
    let accused = gate.accused.map { who in
      "\(who.nickname) hears everything \(Words.time((who.value - 1) * usual)) later than the "
        + "others "
        + "(p50 \(Words.time(who.value * usual)); median of all \(Words.time(usual)))"
    }
    return verdict(
      gate, "M3", "recipients’ latency",
      "\(gate.worst) × \(Words.number(gate.value, 2))\(Self.range(gate)) of the median "
        + Words.time(usual),
      unit: "×", good: "Nobody hears everything later than the others.", accused: accused)
  }

  /// M4: whether somebody is first or last more often than chance makes anybody.
  var ends: Verdict? {
    let rooms = outcome.positions.compactMap(\.fairness)
    let firsts = rooms.compactMap(\.first).max { Self.isWorse($1, $0) }
    let lasts = rooms.compactMap(\.last).max { Self.isWorse($1, $0) }
    guard let firsts, let lasts else { return nil }
    func accused(_ gate: GateFigures, _ place: String) -> [String] {
      gate.accused.map {
        "\($0.nickname) is \(place) \(Words.number($0.value, 1)) times as often as chance makes "
          + "anybody"
      }
    }
    let worse = Self.isWorse(firsts, lasts) ? firsts : lasts
    var verdict = verdict(
      worse, "M4", "first and last",
      "last \(lasts.worst) × \(Words.number(lasts.value, 1)), first \(firsts.worst) × "
        + "\(Words.number(firsts.value, 1)) of the fair share",
      unit: "×", good: "Nobody is first or last much more often than the others.",
      accused: accused(lasts, "last") + accused(firsts, "first"))
    verdict.who = Self.names(lasts) + Self.names(firsts)
    return verdict
  }

  private static func isWorse(_ one: GateFigures, _ other: GateFigures) -> Bool {
    let (failed, otherFailed) = (!one.accused.isEmpty, !other.accused.isEmpty)
    return failed == otherFailed ? one.value > other.value : failed
  }

  /// M4: Kendall's W beside chance.
  var concordance: Verdict? {
    let rooms = outcome.positions.filter { $0.fairness?.concordance != nil }
    // A room that fails stands before one in which nothing can be told.
    func rank(_ room: PositionFigures) -> (Int, Double) {
      (Self.rank(room.fairness?.concordance?.standing), room.bias.concordance)
    }
    guard let worst = rooms.max(by: { rank($0) < rank($1) }),
      let figures = worst.fairness?.concordance
    else { return nil }
    var value =
      "W \(Words.number(figures.value, 3)) over \(figures.compared), by chance "
      + "\(Words.number(figures.chanceMedian, 3)) and hardly above "
      + "\(Words.number(figures.chanceMost, 3))"
    if let range = worst.calibrationRange {
      value +=
        ", by lot on this machine \(Words.number(range.least, 3)) to "
        + Words.number(range.greatest, 3)
    }
    let isFailed = figures.standing == .failed
    let ends = Self.ends(of: worst)
    return Verdict(
      measure: "M4", name: "position bias", value: value,
      gate: "≤ \(Words.exact(figures.threshold)), or as chance", standing: figures.standing,
      meaning: isFailed
        ? "It is nearly always the same ones who hear first: \(ends.words)."
        : figures.standing == .passed
          ? "0: everyone is first and last as often as the others; 1: always the same order."
          : !figures.isEnough
            ? Self.tooLittle(figures.messages, figures.compared, of: FairnessJudge.leastRanked)
            : "A broadcaster by lot is served as unevenly on this machine.",
      figure: figures.value, threshold: figures.threshold, who: isFailed ? ends.who : [])
  }

  private static func ends(of position: PositionFigures) -> (words: String, who: [String]) {
    let ranks = position.bias.meanRanks
    guard let first = ranks.indices.min(by: { ranks[$0] < ranks[$1] }),
      let last = ranks.indices.max(by: { ranks[$0] < ranks[$1] })
    else { return ("", []) }
    let names = position.recipients
    return (
      "\(names[first]) first and \(names[last]) last on average", [names[last], names[first]]
    )
  }

  /// M4b: whether of two one hears first nearly always.
  var pairs: Verdict? {
    let rooms = outcome.positions.filter { $0.fairness?.pairs != nil }
    // A room that fails stands before one in which nothing can be told.
    func rank(_ room: PositionFigures) -> (Int, Double) {
      (Self.rank(Self.pairStanding(room)), room.fairness?.pairs?.greatest ?? 0)
    }
    guard let worst = rooms.max(by: { rank($0) < rank($1) }), let figures = worst.fairness?.pairs
    else { return nil }
    let gate = plan.gates[.pairs]
    let first = worst.recipients[figures.first]
    let second = worst.recipients[figures.second]
    let isEnough = Self.pairStanding(worst) != .doubtful
    let isFailed = Self.pairStanding(worst) == .failed
    let pairs = "\(figures.beyondGate) of \(Words.grouped(Int64(figures.pairs))) pairs"
    return Verdict(
      measure: "M4b", name: "pair precedence",
      value: "\(first) before \(second) in \(Words.percent(figures.greatest)), "
        + "\(pairs) beyond the gate, \(figures.beyondChance) beyond chance",
      gate: "≤ \(Words.percent(gate))",
      standing: isFailed ? .failed : isEnough ? .passed : .doubtful,
      meaning: isFailed
        ? "Of two the same one hears first too often: \(first) hears "
          + "\(Words.percent(figures.greatest)) of all before \(second)."
        : isEnough
          ? "Of any two each one hears first about as often as the other."
          : Self.tooLittle(
            figures.messages, worst.recipients.count, of: FairnessJudge.leastRanked,
            messages: PairPrecedence.leastMessages),
      figure: figures.greatest, threshold: gate, who: isFailed ? [second, first] : [])
  }

  private static func pairStanding(_ room: PositionFigures) -> Verdict.Standing {
    guard let figures = room.fairness?.pairs,
      figures.messages >= PairPrecedence.leastMessages,
      room.recipients.count >= FairnessJudge.leastRanked
    else { return .doubtful }
    return figures.beyondGate > 0 ? .failed : .passed
  }

  /// The order in which rooms are told of: one that fails, one that cannot be told, one that holds.
  private static func rank(_ standing: Verdict.Standing?) -> Int {
    switch standing {
    case .failed: 2
    case .doubtful: 1
    default: 0
    }
  }

  /// M6: whether somebody's messages take longer than those of the others.
  var senderLatency: Verdict? {
    guard let room = worst(\.senderLatency), let gate = room.fairness?.senderLatency else {
      return nil
    }
    let usual = room.fairness?.senderMedian ?? 0
    let accused = gate.accused.map { who in
      "what \(who.nickname) says is heard \(Words.time((who.value - 1) * usual)) later than what "
        + "others say (p50 \(Words.time(who.value * usual)); median of all \(Words.time(usual)))"
    }
    return verdict(
      gate, "M6", "senders’ latency",
      "\(gate.worst) × \(Words.number(gate.value, 2))\(Self.range(gate)) of the median "
        + Words.time(usual),
      unit: "×", good: "What one says is heard as soon as what the others say.",
      accused: accused)
  }

  /// M6: whether people hear themselves as soon as the others do.
  var echo: Verdict? {
    guard let room = worst(\.echo), let figures = room.fairness, let gate = figures.echo else {
      return nil
    }
    let isEveryone = figures.echoMedian > gate.threshold
    let accused =
      isEveryone && !gate.accused.isEmpty
      ? [
        "everybody hears themselves late: after \(Words.number(figures.echoMedian, 1)) times what "
          + "the others wait for the same message"
      ]
      : gate.accused.map {
        "\($0.nickname) hears itself late: after \(Words.number($0.value, 1)) times what the "
          + "others "
          + "wait for the same message"
      }
    return verdict(
      gate, "M6", "echo",
      "\(gate.worst) × \(Words.number(gate.value, 2))\(Self.range(gate)) of the others’ wait",
      unit: "×", good: "Everybody hears themselves as soon as the others do.", accused: accused)
  }

  /// M8: whether somebody waited while the others did not.
  var senderWait: Verdict? {
    outcome.starvation.senderWait.map { gate in
      let period = outcome.starvation.periodMilliseconds * 1_000
      var value =
        "\(gate.worst) \(Words.time(gate.value * period)) (\(Words.number(gate.value, 1)) periods) "
        + "more than all"
      if let run = outcome.starvation.longestRunSender {
        value += ", \(outcome.starvation.longestRunMessages) in a row of \(run)"
      }
      return verdict(
        gate, "M8", "starvation", value, unit: "periods",
        good: "Nobody’s messages had to wait while the others’ went on.",
        accused: gate.accused.map {
          "nothing of \($0.nickname) was heard for \(Words.time($0.value * period)) while the "
            + "others "
            + "were heard"
        })
    }
  }

  var recipientWait: Verdict? {
    outcome.starvation.recipientWait.map { gate in
      let period = outcome.starvation.periodMilliseconds * 1_000
      return verdict(
        gate, "M8", "deafness",
        "\(gate.worst) \(Words.time(gate.value * period)) (\(Words.number(gate.value, 1)) periods) "
          + "more than all",
        unit: "periods", good: "Nobody heard nothing while the others heard something.",
        accused: gate.accused.map {
          "\($0.nickname) heard nothing for \(Words.time($0.value * period)) while the others did"
        })
    }
  }

  /// A stall of the whole server, told as one.
  var stalls: Verdict? {
    let starvation = outcome.starvation
    guard let longest = starvation.stalls.map(\.milliseconds).max() else { return nil }
    let times = starvation.stalls.prefix(5).map { "\(Words.number($0.second, 1)) s" }
    let more = starvation.stallCount > 5 ? " …" : ""
    return .noted(
      "M8", "stalls",
      "all waited \(Words.time(longest * 1_000))\(starvation.stallCount > 1 ? " at most" : "") at "
        + times.joined(separator: ", ") + more,
      "The whole server, or the machine, stood still: nobody was singled out.")
  }

  // MARK: - M11

  /// M11: whether messages bear the right name, in the right room, at the right time.
  var identity: Verdict {
    let identity = outcome.identity
    let isTried = outcome.conditions.hasGuest || outcome.conditions.hasChurn
    let tried = isTried || !identity.kicks.isEmpty ? "" : " (nobody left: membership not tried)"
    var verdict = Verdict.gated(
      "M11", "identity",
      "\(identity.count) under another name, in another place or with another’s id"
        + tried,
      gate: "0", isKept: identity.count == 0,
      good: "Every message bore the name of its sender, in its room, under an id of its own.",
      bad: identity.faults.prefix(3).map(\.words).joined(separator: "; ").sentence)
    for fault in identity.faults where !verdict.who.contains(fault.nickname) {
      if verdict.who.count < 5 { verdict.who.append(fault.nickname) }
    }
    verdict.figure = Double(identity.count)
    verdict.threshold = 0
    return verdict
  }

  // MARK: - Helpers

  /// The room in which this gate is worst.
  private func worst(_ gate: KeyPath<FairnessFigures, GateFigures?>) -> PositionFigures? {
    outcome.positions.filter { $0.fairness?[keyPath: gate] != nil }.max { left, right in
      Self.isWorse(right.fairness![keyPath: gate]!, left.fairness![keyPath: gate]!)
    }
  }

  private func verdict(
    _ gate: GateFigures, _ measure: String, _ name: String, _ value: String, unit: String,
    good: String, accused: [String]
  ) -> Verdict {
    let standing = gate.standing
    let meaning =
      switch standing {
      case .failed: accused.prefix(3).joined(separator: "; ").sentence
      case .doubtful:
        gate.isEnough
          ? "\(gate.worst) is beyond the gate, but chance makes somebody so in "
            + "\(Words.percent(gate.suspects.first?.chance ?? 1)) of such runs."
          : Self.tooLittle(gate.messages, gate.compared, of: FairnessJudge.leastCompared)
      default: good
      }
    return Verdict(
      measure: measure, name: name, value: value,
      gate: "≤ \(unit == "×" ? "× " : "")\(Words.exact(gate.threshold))"
        + (unit == "×" ? "" : " \(unit)"),
      standing: standing, meaning: meaning, figure: gate.value, threshold: gate.threshold,
      who: standing == .failed ? Self.names(gate) : [])
  }

  private static func names(_ gate: GateFigures) -> [String] { gate.accused.map(\.nickname) }

  /// Where the value lies, unless that is as good as a point.
  private static func range(_ gate: GateFigures) -> String {
    let (least, greatest) = (Words.number(gate.least, 2), Words.number(gate.greatest, 2))
    return least == greatest ? "" : " (\(least) – \(greatest))"
  }

  private static func tooLittle(
    _ messages: Int, _ people: Int, of most: Int, messages needed: Int = FairnessJudge.leastMessages
  ) -> String {
    "Not enough to tell: \(Words.grouped(Int64(messages))) messages and \(people) people; it takes "
      + "\(Words.grouped(Int64(needed))) and \(most)."
  }
}

extension String {
  /// With a large letter in front, unless it begins with a nickname, and a full stop behind.
  var sentence: String { isEmpty ? "" : self + (hasSuffix(".") ? "" : ".") }
}
