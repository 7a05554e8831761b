/// Judges what became of those whose node died (M10).
///
/// What those heard who were connected all the while, M1 and M7 judge; what nobody heard of the
/// messages that were under way then is counted here, and owed to nobody.
struct FailoverJudge {
  /// How much longer than others somebody may hold its connection to a node that dies.
  static let grace: Nanoseconds = 2 * .perSecond

  private let evidence: Evidence
  private var found = FailoverFigures()

  init(evidence: Evidence, table: MessageTable) {
    self.evidence = evidence
    found.inFlight = table.inFlight.count
  }

  /// Adds what one heard who went on at another node, and is owed everything.
  mutating func add(_ testimony: Testimony, _ hearing: Hearing) {
    let recovered = testimony.moves.reduce(0) { $0 + ($1.remembered ?? 0) }
    found.recovered += recovered
    found.missed += recovered + hearing.completeness.lost
    found.doubled += hearing.completeness.duplicates
    found.disagreement = found.disagreement + hearing.disagreement
    for move in testimony.moves where found.historyFailure == nil {
      found.historyFailure =
        move.failure ?? (move.remembered == nil ? "no history on this server" : nil)
    }
  }

  var figures: FailoverFigures {
    var figures = found
    let moved = evidence.testimonies.flatMap { one in one.moves.map { (who: one, move: $0) } }
      .sorted { $0.move.lostAt < $1.move.lostAt }
    figures.moves = moved.map { self.figures($0.who, $0.move) }
    figures.unsaid = moved.reduce(0) { $0 + $1.move.unsaid }
    figures.stranded = evidence.testimonies.filter {
      $0.ending != nil && $0.assignment.role != .stalled
    }.map(\.assignment.nickname)
    if let first = moved.first?.move.lostAt {
      let silences = evidence.testimonies.filter {
        $0.isUninterrupted && $0.assignment.isOwedEverything
      }.map { Self.silence($0, since: first) }
      figures.othersSilenceSeconds = (silences.max() ?? 0).seconds
    }
    return figures
  }

  private func figures(_ testimony: Testimony, _ move: Move) -> MoveFigures {
    let plan = evidence.plan
    return MoveFigures(
      nickname: testimony.assignment.nickname, from: "\(plan.target(move.from))",
      to: "\(plan.target(move.to))", second: (move.lostAt - evidence.beginning).seconds,
      awaySeconds: (move.inRoomAt - move.lostAt).seconds,
      silenceSeconds: Self.silence(testimony, since: move.lostAt, until: move.backAt).seconds,
      isRenamed: move.nickname != testimony.assignment.nickname, isDropped: isDropped(move))
  }

  /// Whether somebody stayed connected to the node that it lost.
  private func isDropped(_ move: Move) -> Bool {
    evidence.testimonies.contains { other in
      // One that does not read does not hear of the end either.
      other.assignment.role != .stalled
        && Self.stays(other).contains {
          $0.node == move.from && $0.start < move.lostAt && $0.end > move.lostAt + Self.grace
        }
    }
  }

  /// To which nodes it was connected, and from when until when.
  private static func stays(
    _ testimony: Testimony
  ) -> [(node: Int, start: Nanoseconds, end: Nanoseconds)] {
    var stays: [(node: Int, start: Nanoseconds, end: Nanoseconds)] = []
    var (node, start) = (testimony.assignment.node, Nanoseconds.min)
    for move in testimony.moves {
      stays.append((node, start, move.lostAt))
      (node, start) = (move.to, move.inRoomAt)
    }
    return stays + [(node, start, testimony.ending?.time ?? .max)]
  }

  /// The longest time without an arrival that reaches into the time from `start` to `end`.
  private static func silence(
    _ testimony: Testimony, since start: Nanoseconds, until end: Nanoseconds = .max
  ) -> Nanoseconds {
    let times = testimony.arrivals.reads.map(\.time)
    return zip(times, times.dropFirst()).filter { $1 > start && $0 < end }
      .map { $1 - $0 }.max() ?? 0
  }
}
