import Testing

@testable import HubbubSwarm

@Suite struct ViewTests {
  private func progress(bots: Int) -> Progress {
    Progress(
      phase: .measuring, elapsed: 5, expected: 10,
      bots: (0..<bots).map {
        BotProgress(
          nickname: "bot-\($0)", sent: 10, received: $0, due: bots, p50: 120, p99: 3_400,
          longestGap: 12, isEnded: $0 == 0)
      })
  }

  @Test func `the view fits into the terminal, whatever its size`() {
    for (columns, rows) in [(80, 24), (40, 10), (200, 60), (20, 5), (2, 2)] {
      for bots in [1, 20, 2_000] {
        let lines = LivePage(progress(bots: bots), columns: columns, rows: rows).lines
        #expect(lines.allSatisfy { $0.count < columns })
        #expect(lines.count < max(rows, 8), "\(columns) x \(rows), \(bots)")
      }
    }
  }

  @Test func `where not all fit, the worst off are shown first`() {
    let lines = LivePage(progress(bots: 100), columns: 100, rows: 24).lines
    #expect(lines.contains { $0.hasPrefix("bot-0 ") && $0.contains("gone") })
    #expect(!lines.contains { $0.hasPrefix("bot-99 ") })
    #expect(lines.last?.hasSuffix("more") == true)
    #expect(lines[0].contains("measuring, 5 s left"))
  }

  @Test func `a plain line says how far the run is, and how the gates stand`() {
    var progress = progress(bots: 4)
    #expect(PlainView.line(progress) == "5 of 10 s: 40 sent, 6 of 16 arrived")
    progress.verdicts = RunningVerdict.all(progress.bots, neighbour: nil)
    #expect(
      PlainView.line(progress) == "5 of 10 s: 40 sent, 6 of 16 arrived, all gates hold so far")
    progress.bots[1].missing = 2
    progress.verdicts = RunningVerdict.all(progress.bots, neighbour: nil)
    progress.phase = .draining
    #expect(
      PlainView.line(progress)
        == "5 s, waiting for the last messages: 40 sent, 6 of 16 arrived, "
        + "so far ✗ M1 2 missing, 0 doubled")
  }

  @Test func `the view tells each gate so far, those that fail first`() {
    var progress = progress(bots: 20)
    for index in progress.bots.indices {
      progress.bots[index].delivered = 10
      progress.bots[index].judged = 10
    }
    progress.bots[19].delivered = 0
    progress.verdicts = RunningVerdict.all(progress.bots, neighbour: (before: 100, now: 120))
    let lines = LivePage(progress, columns: 100, rows: 40).lines
    #expect(lines[2].hasPrefix("so far  ✗ M2 senders Jain 0.950, least 0.00"))
    #expect(lines[2...4].contains { $0.contains("✓ M1 0 missing, 0 doubled") })
    #expect(lines[2...4].contains { $0.contains("✓ M9 p99 × 1.20") })
    // On a small screen the bots have the room.
    let small = LivePage(progress, columns: 60, rows: 8).lines
    #expect(small.contains { $0.hasPrefix("bot-") } && !small.contains { $0.contains("M9") })
  }

  @Test(arguments: [
    (0.5, "0.5 µs"), (12.4, "12 µs"), (999, "999 µs"), (1_234, "1.23 ms"), (45_678, "46 ms"),
    (2_500_000, "2.5 s"), (999.7, "1.00 ms"), (999_900, "1.0 s"), (9.97, "10 µs"), (9_998, "10 ms"),
  ])
  func `times are told with a fitting unit`(_ microseconds: Double, _ text: String) {
    #expect(Words.time(microseconds) == text)
  }

  @Test func `large numbers are told in groups`() {
    #expect(Words.number(1_234_567, 0) == "1,234,567" && Words.number(-0.05, 2) == "-0.05")
    #expect(Words.short(12_345_678) == "12.35 M" && Words.short(0) == "0")
  }

  @Test func `a value just off its gate shows the digit that decides`() {
    #expect(Words.deciding(0.899_6, against: 0.9, digits: 2) == "0.8996")
    #expect(Words.deciding(0.9, against: 0.9, digits: 2) == "0.90")
    #expect(Words.deciding(0.85, against: 0.9, digits: 2) == "0.85")
    #expect(Words.exact(2) == "2" && Words.exact(0.95) == "0.95" && Words.exact(1_500) == "1,500")
  }

  @Test(arguments: [
    ("Too many connections (5) from your host", "MaxConnectionsIP"),
    ("No more connections allowed from your host via this connect class (local)", "localmax"),
    ("Closing Link: Excess Flood", "MaxPenaltyTime"), ("Max SendQ exceeded", "softsendq"),
    ("Password incorrect", "--password"),
  ])
  func `a refusal comes with its remedy`(_ words: String, _ remedy: String) {
    #expect(Hints.hint(for: words)?.contains(remedy) == true)
  }

  @Test func `what is not known has no remedy`() {
    #expect(Hints.hint(for: "Welcome") == nil)
  }
}
