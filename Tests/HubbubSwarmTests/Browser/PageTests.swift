import Foundation
import Testing

@testable import HubbubSwarm

/// The pages in a real browser: they load, need nothing from elsewhere, fit, and say what the JSON says.
@Suite(.serialized) struct PageTests {
  static let widths = [390, 1_280]

  /// A run with something in every part of the page, and some figures that are known.
  private static let outcome = Result {
    let server = try ScriptedServer(
      .reorders(member: "eye-1", every: 20), messages: 100, offersEcho: true)
    defer { server.stop() }
    var plan = Plan(endpoint: server.endpoint)
    plan.bots = 5
    plan.load = .rate(1_000)
    plan.length = .messages(100)
    plan.warmUp = .zero
    plan.patience = .milliseconds(300)
    plan.processID = getpid()
    plan.isCalibrated = true
    plan.label = "<scripted & \"quoted\"> 24"
    var outcome = try Swarm.run(plan)
    outcome.totals.deliveriesPerSecond = 1_234_567
    outcome.senders[2].share = 0.125
    outcome.senders[3].longestWaitMilliseconds = 45.678
    outcome.conditions.flooderFactor = 20
    outcome.endings = [.init(nickname: "bot-1", reason: "Excess Flood (5 s)", second: 1.25)]
    outcome.refusals = ["404": .init(count: 7, words: "Cannot send to 1 room")]
    return outcome
  }

  private static var comparison: Comparison {
    get throws {
      let one = try outcome.get()
      let runs = [300.0, 100, 200].map { speed in
        var run = one
        run.totals.deliveriesPerSecond = speed
        run.conditions.label = "<one> 1"
        return run
      }
      return Comparison(runs + [one])
    }
  }

  private func expectSound(_ probe: PageProbe, _ json: [UInt8], width: Int) throws {
    #expect(probe.problems == [] && probe.resources == [])
    #expect(probe.width == width && probe.overflow == 0)
    #expect(probe.unmarked == [])
    #expect(try FigureCheck(json).mistakes(probe.figures) == [])
  }

  @Test(arguments: widths, Browser.Theme.allCases)
  func `the report loads alone, fits, and every figure on it equals the JSON's`(
    _ width: Int, _ theme: Browser.Theme
  ) throws {
    let outcome = try Self.outcome.get()
    let probe = try Browser.open(ReportPage(outcome).html, width: width, theme: theme)
    try expectSound(probe, JSONReport(outcome).bytes, width: width)
    #expect(probe.isDark == (theme == .dark))
    #expect(probe.background == (theme == .dark ? "rgb(21, 23, 26)" : "rgb(252, 252, 250)"))
    #expect(probe.ink == (theme == .dark ? "rgb(232, 234, 237)" : "rgb(28, 30, 33)"))
    #expect(text(at: "totals.deliveriesPerSecond", probe) == "1.23 M")
    #expect(text(at: "senders.2.share", probe) == "13 %")
    #expect(text(at: "senders.3.longestWaitMilliseconds", probe) == "46 ms")
    #expect(text(at: "endings.0.second", probe) == "1.3 s")
    #expect(text(at: "refusals.404.count", probe) == "7")
    #expect(text(at: "positions.0.calibration.concordance", probe) != nil)
    #expect(text(at: "conditions.label", probe) == "<scripted & \"quoted\"> 24")
    // Seven rank and are ranked, here and by lot.
    #expect(probe.figures.count { $0.path.contains(".places.") } == 2 * 7 * 7)
  }

  @Test(arguments: widths, Browser.Theme.allCases)
  func `the comparison loads alone, fits, and every figure on it equals the JSON's`(
    _ width: Int, _ theme: Browser.Theme
  ) throws {
    let comparison = try Self.comparison
    let probe = try Browser.open(ComparisonPage(comparison).html, width: width, theme: theme)
    try expectSound(probe, comparison.json(), width: width)
    let speed = probe.figures.filter { $0.path.hasPrefix("rows.0.cells.0.") }.prefix(3)
    #expect(speed.map(\.text) == ["200", "100", "300"])
    #expect(text(at: "labels.0.runs", probe) == "3" && text(at: "labels.0.verdict", probe) != nil)
    #expect(text(at: "rows.0.cells.1.median", probe) == "1.23 M")
  }

  @Test func `a wrong figure, a wrong text, and one that says not where it comes from are found`()
    throws
  {
    let outcome = try Self.outcome.get()
    let html = ReportPage(outcome).html
    let sound = "value=\"1234567.0\">1.23 M<"
    let label = "&lt;scripted &amp; &quot;quoted&quot;&gt; 24</span>"
    let isThere = html.contains(sound) && html.contains(label)
    #expect(isThere)
    let wrong = html.replacing(sound, with: "value=\"1234568.0\">1.23 M<")
      .replacing(label, with: "another</span>")
      .replacing("</main>", with: "<p>99 bottles</p></main>")
    let probe = try Browser.open(wrong, width: 1_280)
    let mistakes = try FigureCheck(JSONReport(outcome).bytes).mistakes(probe.figures)
    #expect(mistakes.count == 2, "\(mistakes)")
    #expect(probe.unmarked == ["99 bottles"])
    let misread = try Browser.open(
      html.replacing(sound, with: "value=\"1234567.0\">1.24 M<"), width: 1_280)
    #expect(try FigureCheck(JSONReport(outcome).bytes).mistakes(misread.figures).count == 1)
  }

  @Test func `a page that fails, fetches or does not fit is found`() throws {
    let html = try ReportPage(Self.outcome.get()).html
    let bad = html.replacing(
      "</main>",
      with: "<img src=\"http://127.0.0.1:1/x.png\"><script>boom()</script>"
        + "<div style=\"width:600px\">wide</div></main>")
    let probe = try Browser.open(bad, width: 390)
    #expect(probe.problems.contains { $0.hasPrefix("fetches http://127.0.0.1:1/") })
    #expect(probe.problems.contains { $0.contains("boom is not defined") })
    #expect(probe.overflow > 0)
  }

  private func text(at path: String, _ probe: PageProbe) -> String? {
    probe.figures.first { $0.path == path }?.text
  }
}
