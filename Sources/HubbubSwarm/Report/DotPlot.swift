import Glibc

/// People in rows, each with a dot for the median, a line for its range and a ring for the 99th
/// percentile, over a logarithmic axis of time.
struct DotPlot {
  struct Row {
    let index: Int
    let figures: ServedFigures
    var isBad = false
  }

  /// The most rows; where there are more, those at both ends are drawn.
  static let most = 60

  /// The slowest first.
  let rows: [Row]

  /// Where the figures stand in the JSON; each row's index and the name of a field follow.
  let path: String

  /// The median of all, drawn through all rows, and where it stands.
  let usual: (value: Double, path: String)

  /// Where the gate begins: the usual times so much.
  let gate: Double?

  private static let (line, left, right, width, top) = (18.0, 90.0, 70.0, 640.0, 20.0)

  /// Empty where there is nothing to draw.
  var html: String {
    let shown = self.shown
    let values = shown.flatMap { [$0.figures.p50, $0.figures.p99, $0.figures.least] }
      .filter { $0 > 0 }
    guard let least = values.min(), let greatest = values.max() else { return "" }
    let low = floor(log10(least) * 2) / 2
    let high = max(ceil(log10(max(greatest, usual.value * (gate ?? 1))) * 2) / 2, low + 0.5)
    let scale = Scale(low: low, high: high)
    let height = Self.top + Double(shown.count) * Self.line + 4
    let body =
      scale.axis(height) + marks(scale, height)
      + shown.enumerated().map { draw($0, $1, scale) }.joined()
    let rest =
      shown.count < rows.count
      ? "<p class=\"note scale\">The slowest and the fastest \(Self.most / 2) of \(rows.count).</p>"
      : ""
    return legend
      + "<svg class=\"dots\" viewBox=\"0 0 \(Int(Self.width)) \(Int(height))\" role=\"img\" "
      + "aria-label=\"latency by person\">\(body)</svg>\(rest)"
  }

  private var shown: [Row] {
    rows.count <= Self.most
      ? rows : Array(rows.prefix(Self.most / 2) + rows.suffix(Self.most / 2))
  }

  private var legend: String {
    "<div class=\"legend\"><span>● median, with the range that holds it with a confidence of "
      + "<span class=\"scale\">95 %</span></span><span>○ <span class=\"scale\">99th</span> "
      + "percentile</span><span>┊ median of all: "
      + Markup.time(usual.path, usual.value)
      + (gate == nil ? "" : "; shaded: beyond the gate") + "</span></div>"
  }

  private func marks(_ scale: Scale, _ height: Double) -> String {
    var text = ""
    if let gate {
      let start = scale.x(usual.value * gate)
      text +=
        "<rect class=\"beyond\" x=\"\(start)\" y=\"\(Self.top - 4)\" "
        + "width=\"\(max(Self.width - Self.right - start, 0))\" height=\"\(height - Self.top)\"/>"
    }
    let place = scale.x(usual.value)
    return text
      + "<line class=\"usual\" x1=\"\(place)\" x2=\"\(place)\" y1=\"\(Self.top - 4)\" "
      + "y2=\"\(height - 4)\"/>"
  }

  private func draw(_ place: Int, _ row: Row, _ scale: Scale) -> String {
    let figures = row.figures
    let y = Self.top + Double(place) * Self.line + 6
    let path = "\(self.path).\(row.index)"
    let name = Markup.escaped(figures.nickname)
    let style = row.isBad ? " bad" : ""
    func dot(_ field: String, _ value: Double, _ radius: Double, _ kind: String) -> String {
      "<circle class=\"\(kind)\(style)\" data-path=\"\(path).\(field)\" data-value=\"\(value)\" "
        + "cx=\"\(scale.x(value))\" cy=\"\(y)\" r=\"\(radius)\"><title>\(name) \(kind): "
        + "\(Words.time(value))</title></circle>"
    }
    return
      "<text x=\"\(Self.left - 8)\" y=\"\(y + 4)\" text-anchor=\"end\" "
      + "data-path=\"\(path).nickname\">\(name)</text>"
      + "<line class=\"range\(style)\" x1=\"\(scale.x(figures.least))\" "
      + "x2=\"\(scale.x(figures.greatest))\" y1=\"\(y)\" y2=\"\(y)\"/>"
      + dot("p99", figures.p99, 3, "p99") + dot("p50", figures.p50, 4, "p50")
      + "<text class=\"\(style)\" x=\"\(Self.width - Self.right + 8)\" y=\"\(y + 4)\" "
      + "data-path=\"\(path).p50\" data-value=\"\(figures.p50)\">\(Words.time(figures.p50))</text>"
  }

  /// From microseconds to places.
  private struct Scale {
    let low: Double
    let high: Double

    func x(_ value: Double) -> Double {
      let share = (log10(max(value, 0.1)) - low) / (high - low)
      let width = DotPlot.width - DotPlot.left - DotPlot.right
      return ((DotPlot.left + min(max(share, 0), 1) * width) * 10).rounded() / 10
    }

    /// A line for each half of a power of ten.
    func axis(_ height: Double) -> String {
      var text = ""
      for step in Int(low * 2)...Int(high * 2) {
        let value = pow(10, Double(step) / 2)
        let place = x(value)
        text +=
          "<line class=\"grid\" x1=\"\(place)\" x2=\"\(place)\" y1=\"\(DotPlot.top - 4)\" "
          + "y2=\"\(height - 4)\"/><text class=\"scale\" x=\"\(place)\" y=\"10\" "
          + "text-anchor=\"middle\">\(Words.time(value))</text>"
      }
      return text
    }
  }
}
