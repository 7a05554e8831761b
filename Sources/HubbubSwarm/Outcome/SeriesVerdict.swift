/// One gate over several runs.
public struct SeriesVerdict: Sendable, Codable, Equatable {
  /// How many runs named somebody.
  public struct Named: Sendable, Codable, Equatable {
    public let nickname: String
    public let runs: Int
  }

  public let measure: String
  public let name: String
  public let gate: String
  public let standing: Verdict.Standing

  /// How many runs kept the gate, how many broke it, and how many could not tell.
  public let passed: Int
  public let failed: Int
  public let doubtful: Int

  /// The figure that the gate looks at, over the runs; nil where there is no single one.
  public let median: Double?
  public let least: Double?
  public let greatest: Double?

  /// Whom the failed runs named as the worst off, the most frequent first.
  public let who: [Named]

  /// What the first run that stands as the whole says of it.
  public let meaning: String

  /// The measures of which one fault is one too many; all others rest on a sample.
  private static let exact: Set<String> = ["M1", "M7", "M10", "M11", "swarm"]

  /// All gates, in the order of the runs' verdicts.
  static func all(of runs: [Outcome]) -> [SeriesVerdict] {
    var keys: [[String]] = []
    for verdict in runs.flatMap(\.verdicts) where verdict.standing != .noted {
      let key = [verdict.measure, verdict.name]
      if !keys.contains(key) { keys.append(key) }
    }
    return keys.map { key in
      SeriesVerdict(
        runs.compactMap { run in
          run.verdicts.first { $0.measure == key[0] && $0.name == key[1] }
        })
    }
  }

  /// - Parameter verdicts: the same gate in each run; at least one.
  init(_ verdicts: [Verdict]) {
    func count(_ standing: Verdict.Standing) -> Int { verdicts.count { $0.standing == standing } }
    (measure, name, gate) = (verdicts[0].measure, verdicts[0].name, verdicts[0].gate)
    (passed, failed, doubtful) = (count(.passed), count(.failed), count(.doubtful))
    let whole = Self.standing(
      isExact: Self.exact.contains(measure), passed: passed, failed: failed, doubtful: doubtful)
    standing = whole
    let figures = verdicts.compactMap(\.figure).sorted()
    median = figures.isEmpty ? nil : figures.quantile(0.5)
    (least, greatest) = (figures.first, figures.last)
    var counts: [String: Int] = [:]
    for verdict in verdicts where verdict.standing == .failed {
      if let worst = verdict.who.first { counts[worst, default: 0] += 1 }
    }
    who = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { Named(nickname: $0.key, runs: $0.value) }
    // One that failed once among many that held says the most where the whole is in doubt.
    let telling = verdicts.first { $0.standing == whole && whole != .doubtful }
    meaning =
      (telling ?? verdicts.first { $0.standing == .failed } ?? verdicts.first {
        $0.standing == whole
      } ?? verdicts[0]).meaning
  }

  /// A gate that rests on a sample accuses by chance in one run of a hundred at most. So the whole
  /// fails where as many failures are beyond chance: one of one, two of up to fifteen. A single one
  /// among several leaves a doubt. It holds where no run broke it and more than half could tell.
  static func standing(
    isExact: Bool, passed: Int, failed: Int, doubtful: Int
  ) -> Verdict.Standing {
    // Those that could not tell count as well: none of them accused anybody.
    let runs = passed + failed + doubtful
    if failed > 0 {
      let chance = Binomial.upperTail(failed, of: runs, chance: Suspect.doubt)
      return isExact || chance <= Suspect.doubt + 1e-9 ? .failed : .doubtful
    }
    return passed > doubtful ? .passed : .doubtful
  }
}
