/// Several runs of one plan, judged as a whole.
///
/// One run says what happened in it; whether the server is unfair, or the machine was busy once,
/// its repetitions tell.
public struct Series: Sendable, Codable {
  /// The version of this format. It grows when a field comes, changes its meaning or goes away.
  public static let formatVersion = 1

  public var series = Series.formatVersion

  /// In the order in which they were made.
  public let runs: [Outcome]

  /// Each gate over all runs.
  public let verdicts: [SeriesVerdict]

  /// What the runs came to in all, and that in one line.
  public let result: Outcome.Result
  public let sentence: String

  /// - Parameter runs: at least one.
  public init(_ runs: [Outcome]) {
    precondition(!runs.isEmpty, "A series without a run was judged.")
    self.runs = runs
    verdicts = SeriesVerdict.all(of: runs)
    result = Outcome.Result(standings: verdicts.map(\.standing))
    sentence = Self.sentence(result, verdicts, runs.count)
  }

  private static func sentence(
    _ result: Outcome.Result, _ verdicts: [SeriesVerdict], _ runs: Int
  ) -> String {
    func names(_ standing: Verdict.Standing) -> String {
      verdicts.filter { $0.standing == standing }
        .map { $0.failed > 0 ? "\($0.name) (\($0.failed) of \(runs))" : $0.name }
        .joined(separator: ", ")
    }
    let over = "over \(Words.count(runs, "run"))"
    return switch result {
    case .held: "All gates hold \(over)."
    case .failed: "Failed \(over): \(names(.failed))."
    case .notEnough: "Not enough to tell \(over): \(names(.doubtful)). All other gates hold."
    }
  }
}
