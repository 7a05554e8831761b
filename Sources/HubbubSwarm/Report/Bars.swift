/// Horizontal bars, each with a name and a figure.
struct Bars {
  struct Bar {
    /// Who it is, as HTML.
    let name: String
    let value: Double

    /// What stands beside it, as HTML.
    let text: String
    var isBad = false

    /// Where it begins, in units of the axis; for spans of time.
    var start = 0.0
  }

  /// The most bars that are drawn; the worst come first, so that none of them is left out.
  static let most = 60

  let bars: [Bar]

  /// The end of the axis; where nil the greatest end of a bar.
  var end: Double?

  /// A place on the axis that is marked through all bars: the fair share.
  var reference: Double?

  /// What stands under the beginning and under the end of the axis.
  var marks: (start: String, end: String)?

  var html: String {
    let shown = bars.prefix(Self.most)
    let greatest = end ?? bars.map { $0.start + $0.value }.max() ?? 0
    guard greatest > 0 else { return "<p class=\"note\">Nothing to show.</p>" }
    let rows = shown.map { draw($0, greatest) }.joined(separator: "\n")
    let rest =
      bars.count > shown.count
      ? "<p class=\"note scale\">The first \(shown.count) of \(bars.count); the JSON has all.</p>"
      : ""
    return "<div class=\"bars\">\(rows)\(axis)</div>\(rest)"
  }

  private var axis: String {
    guard let marks else { return "" }
    return "<span></span><p class=\"scale\"><span>\(marks.start)</span>"
      + "<span>\(marks.end)</span></p><span></span>"
  }

  private func draw(_ bar: Bar, _ greatest: Double) -> String {
    let start = Self.percent(bar.start / greatest)
    let length = Self.percent(bar.value / greatest)
    let mark = reference.map { "<u style=\"left:\(Self.percent($0 / greatest))\"></u>" } ?? ""
    return "<span>\(bar.name)</span><div><i class=\"\(bar.isBad ? "bad" : "")\" "
      + "style=\"left:\(start);width:\(length)\"></i>\(mark)</div>"
      + "<span>\(bar.text)</span>"
  }

  private static func percent(_ share: Double) -> String {
    "\((min(max(share, 0), 1) * 1_000).rounded() / 10)%"
  }
}
