/// The pictures of time: the distribution, its course, and the spread of a fan-out.
struct LatencySections {
  /// The most rooms whose spread is drawn.
  private static let drawnRooms = 4

  let outcome: Outcome

  var html: String { distribution + course + spread }

  private var distribution: String {
    guard let response = outcome.response, let service = outcome.service else { return "" }
    let axis = PercentileAxis(count: response.count)
    let chart = LineChart(
      lines: [
        .init(
          style: "one", name: "response time, from when it was due",
          points: axis.points(outcome.responseCurve)),
        .init(
          style: "two", name: "service time, from when it was written",
          points: axis.points(outcome.serviceCurve)),
      ],
      marks: axis.marks)
    return Markup.section(
      "Latency",
      "How long it took until a message was heard. From left to right the percentile, more and "
        + "more "
        + "finely towards the slowest messages; upwards the time, each line ten times the one "
        + "below.",
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
    return Markup.table(["", "p50", "p90", "p99", "p99.9", "greatest", "heard"], rows)
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
        line("three", "greatest", \.greatest), line("two", "p99", \.p99), line("one", "p50", \.p50),
      ],
      marks: [0, 0.25, 0.5, 0.75, 1].map { ($0, "\(Words.number($0 * end, 1)) s") })
    return Markup.section(
      "Latency over time",
      "Response times over all recipients, by when the messages were due, from the beginning of "
        + "the "
        + "schedule, warm-up included.",
      chart.svg)
  }

  private var spread: String {
    guard !outcome.positions.isEmpty else { return "" }
    let rows = outcome.positions.enumerated().map { index, position in
      let path = "positions.\(index)"
      return [
        place(path, position),
        Markup.time("\(path).spread.p50", position.spread.p50),
        Markup.time("\(path).spread.p99", position.spread.p99),
        Markup.time("\(path).spread.greatest", position.spread.greatest),
        Markup.time("\(path).spread.perRecipient", position.spread.perRecipient),
        position.calibrationSpread.map { Markup.time("\(path).calibrationSpread.p50", $0.p50) }
          ?? "–",
      ]
    }
    return Markup.section(
      "Fan-out spread",
      "How long after the first recipient the last one hears the same message; the axes are those "
        + "of "
        + "the latency.",
      outcome.positions.prefix(Self.drawnRooms).map(picture).joined()
        + Markup.table(
          ["room", "p50", "p99", "greatest", "p50 for each step", "by lot, p50"], rows))
  }

  private func place(_ path: String, _ position: PositionFigures) -> String {
    let room = Markup.words("\(path).room", position.room)
    return position.node.map { "\(room) at \(Markup.words("\(path).node", $0))" } ?? room
  }

  private func picture(_ position: PositionFigures) -> String {
    let axis = PercentileAxis(count: position.spread.messages)
    var lines = [
      LineChart.Line(
        style: "one", name: "this server, \(position.place)",
        points: axis.points(position.spread.curve))
    ]
    if let calibration = position.calibrationSpread {
      lines.append(
        .init(
          style: "three", name: "a broadcaster by lot, on this machine",
          points: axis.points(calibration.curve)))
    }
    return LineChart(lines: lines, marks: axis.marks).svg
  }
}
