import Foundation
import HubbubSockets
import Testing

@testable import HubbubSwarm

/// What people read of a run: the JSON, the page, the screen, and several runs side by side.
@Suite(.serialized) struct ReportTests {
  /// A run with something in every part of the report.
  private func outcome(_ fault: Fault = .none, isCalibrated: Bool = false) throws -> Outcome {
    let server = try ScriptedServer(fault, messages: 100, offersEcho: true)
    defer { server.stop() }
    var plan = Plan(endpoint: server.endpoint)
    plan.bots = 5
    plan.load = .rate(1_000)
    plan.length = .messages(100)
    plan.warmUp = .zero
    plan.patience = .milliseconds(300)
    plan.processID = getpid()
    plan.isCalibrated = isCalibrated
    plan.label = "<scripted & \"quoted\">"
    return try Swarm.run(plan)
  }

  @Test func `the JSON says the same when it is read back`() throws {
    let bytes = try JSONReport(outcome()).bytes
    let again = try JSONReport(JSONReport.read(bytes)).bytes
    #expect(bytes == again)
  }

  @Test func `the JSON of another version is refused`() throws {
    var other = try outcome()
    other.format = 99
    let bytes = try JSONReport(other).bytes
    #expect(throws: JSONReport.OtherVersion.self) { try JSONReport.read(bytes) }
    // One that lacks what this version needs is no less a file of another version.
    #expect(throws: JSONReport.OtherVersion.self) {
      try JSONReport.read(Array("{\"format\":1}".utf8))
    }
  }

  @Test func `the page needs nothing from elsewhere, and takes no name for a tag`() throws {
    let html = try ReportPage(outcome()).html
    for sign in ["http:", "https:", "src=", "@import", "url("] { #expect(!html.contains(sign)) }
    #expect(html.contains("&lt;scripted &amp; &quot;quoted&quot;&gt;"))
    #expect(!html.contains("<scripted"))
  }

  @Test func `the screen names each measure and says how it ended`() throws {
    let good = try Summary(outcome()).lines
    for measure in ["M1", "M2", "M3", "M4", "M5", "M6", "M7", "M8"] {
      #expect(good.contains { $0.contains("\(measure) ") }, "\(measure)")
    }
    // A hundred messages of five bots are too few to tell who is first.
    #expect(good.last?.hasPrefix("Not enough to tell: ") == true)
    #expect(good.last?.contains("position bias") == true)
    let bad = try Summary(outcome(.doubles(member: "bot-1", every: 10))).lines
    #expect(bad.last == "Failed: completeness.")
  }

  @Test func `runs with one label are repetitions: median and range`() throws {
    var runs = [try outcome(), try outcome(), try outcome()]
    for (index, speed) in [300.0, 100, 200].enumerated() {
      runs[index].totals.deliveriesPerSecond = speed
      runs[index].conditions.label = "one"
    }
    var other = runs[0]
    other.conditions.label = "other"
    let comparison = Comparison(runs + [other])
    #expect(comparison.labels == ["one", "other"])
    let cell = try #require(comparison.cell(Comparison.rows[0], "one"))
    #expect(cell == Comparison.Cell(median: 200, least: 100, greatest: 300))
    #expect(comparison.lines.contains { $0.contains("200 (100 – 300)") })
    #expect(comparison.lines.allSatisfy { !$0.hasSuffix(" ") })
  }

  @Test func `a calibration shows both and changes nothing else`() throws {
    let outcome = try outcome(isCalibrated: true)
    let position = try #require(outcome.positions.first)
    let calibration = try #require(position.calibration)
    #expect(calibration.meanRanks.count == position.bias.meanRanks.count)
    #expect(outcome.verdicts.isEmpty == false && outcome.isGood)
  }
}
