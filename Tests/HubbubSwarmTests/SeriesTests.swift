import HubbubThreads
import Testing

@testable import HubbubSwarm

/// Several runs of one plan, judged as a whole.
@Suite struct SeriesTests {
  /// One run with the same two gates each time.
  private func run(_ seed: UInt64, latency: Verdict, isComplete: Bool = true) -> Outcome {
    var plan = Plan(endpoint: .init(host: "127.0.0.1", port: 1))
    plan.seed = seed
    var random = SplitMix64(seed: seed)
    var outcome = Outcome(conditions: Conditions(plan, run: RunID(using: &random)))
    outcome.judge(by: [
      Verdict.gated(
        "M1", "completeness", "", gate: "none lost", isKept: isComplete, good: "All came.",
        bad: "One was lost."), latency,
    ])
    return outcome
  }

  private func latency(
    _ standing: Verdict.Standing, _ figure: Double, who: [String] = []
  ) -> Verdict {
    Verdict(
      measure: "M3", name: "recipients’ latency", value: "", gate: "≤ 2", standing: standing,
      meaning: "\(standing)", figure: figure, threshold: 2, who: who)
  }

  @Test func `runs that hold make a series that holds, with its range`() throws {
    let series = Series([1.1, 1.4, 1.2].map { run(1, latency: latency(.passed, $0)) })
    #expect(series.result == .held && series.sentence == "All gates hold over 3 runs.")
    let verdict = try #require(series.verdicts.last)
    #expect(verdict.median == 1.2 && verdict.least == 1.1 && verdict.greatest == 1.4)
    #expect(verdict.words == "3 held; 1.200 (1.100 – 1.400)")
  }

  /// At one accusation in a hundred by chance, one in five is seen in 5 series of 100, and two are in
  /// 1 of 1,000.
  @Test(arguments: [
    (0, 5, 0, Verdict.Standing.passed), (1, 4, 0, .doubtful), (2, 3, 0, .failed),
    (1, 0, 0, .failed),
    (2, 14, 0, .doubtful), (2, 13, 0, .failed), (0, 2, 3, .doubtful), (0, 3, 2, .passed),
    (1, 1, 3, .doubtful), (0, 0, 5, .doubtful),
  ])
  func `a gate that rests on a sample fails where chance is no explanation`(
    _ failed: Int, _ passed: Int, _ doubtful: Int, _ expected: Verdict.Standing
  ) {
    #expect(
      SeriesVerdict.standing(isExact: false, passed: passed, failed: failed, doubtful: doubtful)
        == expected)
  }

  @Test func `a single message that was lost fails all runs`() {
    let whole = (0..<5).map { run(1, latency: latency(.passed, 1), isComplete: $0 != 3) }
    let series = Series(whole)
    #expect(series.result == .failed)
    #expect(series.sentence == "Failed over 5 runs: completeness (1 of 5).")
  }

  @Test func `whom the runs accuse is told by how many did`() throws {
    let series = Series([
      run(1, latency: latency(.failed, 5, who: ["bot-7", "bot-2"])),
      run(2, latency: latency(.passed, 1.9)),
      run(3, latency: latency(.failed, 4, who: ["bot-7"])),
    ])
    let verdict = try #require(series.verdicts.last)
    #expect(verdict.who == [.init(nickname: "bot-7", runs: 2)] && verdict.meaning == "failed")
    let lines = SeriesSummary(series).lines
    #expect(lines.last == "Failed over 3 runs: recipients’ latency (2 of 3).")
    #expect(lines.contains { $0.contains("1 held, 2 failed (bot-7 in 2); 4.000 (1.900 – 5.000)") })
  }

  @Test func `a series is read back as its runs, and so is a single run`() throws {
    let runs = [run(4, latency: latency(.passed, 1)), run(5, latency: latency(.passed, 1))]
    let again = try JSONReport.readRuns(JSONReport(Series(runs)).bytes)
    #expect(again.map(\.conditions.seed) == [4, 5])
    #expect(try JSONReport.readRuns(JSONReport(runs[0]).bytes).map(\.conditions.seed) == [4])
    var other = runs
    other[1].format = 99
    let bytes = try JSONReport(Series(other)).bytes
    #expect(throws: JSONReport.OtherVersion.self) { try JSONReport.readRuns(bytes) }
  }

  @Test func `the page of a series begins with what it came to`() {
    let series = Series([
      run(8, latency: latency(.passed, 1)), run(9, latency: latency(.passed, 1)),
    ])
    let html = SeriesPage(series).html
    #expect(html.contains("<p class=\"result passed\">All gates hold over 2 runs.</p>"))
    #expect(html.contains("<td>9</td>"))
  }
}
