/// Several runs side by side as one page: a table, and bars for what people look for first.
public struct ComparisonPage: Sendable {
  private let comparison: Comparison

  public init(_ comparison: Comparison) {
    self.comparison = comparison
  }

  /// The page. It needs nothing from elsewhere.
  public var html: String {
    Markup.page(
      title: "Runs side by side",
      body:
        "<h1>Runs side by side</h1><p class=\"why\">Medians, with the range over repetitions where "
        + "there are several. Runs with the same label are repetitions of each other.</p>"
        + body)
  }

  /// The table, the pictures, and the figures of both.
  var body: String {
    // Plain numbers and text can be written; were it not so, the page is still readable.
    let json = (try? comparison.json()).map { Markup.json($0) } ?? ""
    return table + pictures + json
  }

  private var table: String {
    let runs = comparison.labels.enumerated().map { index, label in
      Markup.figure("labels.\(index).runs", comparison.runs(label))
    }
    let verdicts = comparison.labels.enumerated().map { index, label in
      let isFailed = comparison.count(label, .failed) > 0
      let isHeld = comparison.count(label, .held) == comparison.runs(label)
      return "<b class=\"\(isFailed ? "failed" : isHeld ? "passed" : "doubtful")\">"
        + Markup.words("labels.\(index).verdict", comparison.verdict(label)) + "</b>"
    }
    let rows = comparison.filledRows.enumerated().map { row, filled in
      [Markup.words("rows.\(row).name", filled.row.name)]
        + filled.cells.enumerated().map { text($1, filled.row.unit, "rows.\(row).cells.\($0)") }
    }
    return Markup.table(
      [""] + comparison.labels, [["runs"] + runs, ["verdict"] + verdicts] + rows)
  }

  private func text(_ cell: Comparison.Cell?, _ unit: Comparison.Unit, _ path: String) -> String {
    guard let cell else { return "–" }
    func figure(_ name: String, _ value: Double) -> String {
      Markup.figure("\(path).\(name)", value, Comparison.text(value, unit))
    }
    let median = figure("median", cell.median)
    guard Comparison.text(cell.least, unit) != Comparison.text(cell.greatest, unit) else {
      return median
    }
    let range = "\(figure("least", cell.least)) – \(figure("greatest", cell.greatest))"
    return "\(median) <span class=\"note\">(\(range))</span>"
  }

  private var pictures: String {
    comparison.filledRows.enumerated().filter { $0.element.row.isDrawn }
      .map { bars($0, $1.row, $1.cells) }.joined()
  }

  private func bars(
    _ index: Int, _ row: Comparison.Row, _ cells: [Comparison.Cell?]
  ) -> String {
    let found = cells.enumerated().compactMap { label, cell in cell.map { (label, $0) } }
    guard found.contains(where: { $0.1.median > 0 }) else { return "" }
    let bars = Bars(
      bars: found.map { label, cell in
        .init(
          name: Markup.words("labels.\(label).label", comparison.labels[label]),
          value: cell.median, text: text(cell, row.unit, "rows.\(index).cells.\(label)"))
      })
    return "<section><h2>\(Markup.escaped(row.name))</h2>\(bars.html)</section>"
  }
}
