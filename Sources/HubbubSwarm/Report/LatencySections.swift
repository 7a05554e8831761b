import Glibc

/// The pictures of time: the distribution, its course, and the spread of a fan-out.
struct LatencySections {
  let outcome: Outcome

  var html: String { distribution + course + spread }

  private var distribution: String {
    guard let response = outcome.response, let service = outcome.service else { return "" }
    let nines = min(6, max(2, floor(log10(Double(max(response.count, 100))))))
    let chart = LineChart(
      lines: [
        .init(style: "one", name: "response time", points: line(outcome.responseCurve, nines)),
        .init(style: "two", name: "service time", points: line(outcome.serviceCurve, nines)),
      ],
      marks: [(0, "0"), (1 / nines, "90"), (2 / nines, "99")]
        + (3...6).filter { Double($0) <= nines }.map {
          (Double($0) / nines, ["99.9", "99.99", "99.999", "99.9999"][$0 - 3])
        })
    return Markup.section(
      "Latency",
      "From when a message was due (response) or written (service) to when it was heard. The axis is the percentile, and opens up "
        + "towards the slowest messages.",
      chart.svg + percentiles(response, service))
  }

  private func percentiles(_ response: LatencyPercentiles, _ service: LatencyPercentiles) -> String
  {
    let rows = [("response", response), ("service", service)].map { name, figures in
      [
        name, Markup.time("\(name).p50", figures.p50), Markup.time("\(name).p90", figures.p90),
        Markup.time("\(name).p99", figures.p99), Markup.time("\(name).p999", figures.p999),
        Markup.time("\(name).greatest", figures.greatest),
        Markup.figure("\(name).count", figures.count),
      ]
    }
    return Markup.table(["", "p50", "p90", "p99", "p99.9", "greatest", "messages heard"], rows)
  }

  private func line(_ curve: [CurvePoint], _ nines: Double) -> [(x: Double, y: Double)] {
    curve.map { point in
      let rest = max(1 - point.percentile / 100, pow(10, -nines))
      return (min(-log10(rest) / nines, 1), point.value)
    }
  }

  private var course: String {
    guard let last = outcome.timeline.last, last.second > 0 else { return "" }
    let end = last.second
    func line(_ style: String, _ name: String, _ value: (TimelinePoint) -> Double) -> LineChart.Line
    {
      .init(style: style, name: name, points: outcome.timeline.map { ($0.second / end, value($0)) })
    }
    let chart = LineChart(
      lines: [
        line("one", "p50", \.p50), line("two", "p99", \.p99), line("three", "greatest", \.greatest),
      ],
      marks: [0, 0.25, 0.5, 0.75, 1].map { ($0, "\(Words.number($0 * end, 1)) s") })
    return Markup.section(
      "Latency over time",
      "Response times over all recipients, by when the messages were due, from the beginning of the schedule.",
      chart.svg)
  }

  private var spread: String {
    guard !outcome.positions.isEmpty else { return "" }
    let rows = outcome.positions.enumerated().map { index, position in
      let path = "positions.\(index).spread"
      return [
        Markup.escaped(position.room), Markup.time("\(path).p50", position.spread.p50),
        Markup.time("\(path).p99", position.spread.p99),
        Markup.time("\(path).greatest", position.spread.greatest),
        Markup.time("\(path).perRecipient", position.spread.perRecipient),
        position.calibrationSpread.map {
          Markup.time("positions.\(index).calibrationSpread.p50", $0.p50)
        } ?? "–",
      ]
    }
    return Markup.section(
      "Fan-out spread", "How long after the first recipient the last one hears the same message.",
      Markup.table(
        ["room", "p50", "p99", "greatest", "p50 for each step", "by chance here, p50"], rows))
  }
}
