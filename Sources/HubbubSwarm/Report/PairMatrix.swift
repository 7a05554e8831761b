/// Who hears before whom: a row for the one, a column for the other.
struct PairMatrix {
  let pairs: PairPrecedence

  /// Where `pairs` and the names of the recipients stand in the JSON.
  let path: String
  let names: String
  let recipients: [String]

  private static let (left, top) = (70.0, 10.0)

  /// The most people of a picture in colour whose cells can be told from each other.
  var svg: String {
    let count = pairs.shown.count
    let cell = max(min(300.0 / Double(max(count, 1)), 24), 7)
    let order = rowsByLead
    var body = ""
    for (place, row) in order.enumerated() {
      let top = Self.top + Double(place) * cell
      body +=
        "<text x=\"\(Self.left - 5)\" y=\"\(top + cell * 0.8)\" text-anchor=\"end\" "
        + "data-path=\"\(names).\(pairs.shown[row])\">"
        + "\(Markup.escaped(recipients[pairs.shown[row]]))</text>"
      for (column, other) in order.enumerated() where other != row {
        body += draw(row, other, x: Self.left + Double(column) * cell, y: top, cell)
      }
    }
    let (width, height) = (Self.left + Double(count) * cell, Self.top + Double(count) * cell)
    return
      "<svg style=\"max-width:\(Int(width * 1.6))px\" viewBox=\"0 0 \(Int(width)) \(Int(height))\" "
      + "role=\"img\" aria-label=\"who hears before whom\">\(body)</svg>" + scale
  }

  /// Those who hear first most often are on top.
  private var rowsByLead: [Int] {
    let leads = pairs.matrix.map { $0.reduce(0, +) }
    return leads.indices.sorted { (leads[$1], $0) < (leads[$0], $1) }
  }

  private func draw(_ row: Int, _ other: Int, x: Double, y: Double, _ cell: Double) -> String {
    let share = pairs.matrix[row][other]
    let strength = (min(abs(share - 0.5) * 2, 1) * 100).rounded() / 100
    return
      "<rect class=\"\(share < 0.5 ? "after" : "cell")\" fill-opacity=\"\(strength)\" "
      + "data-path=\"\(path).matrix.\(row).\(other)\" data-value=\"\(share)\" "
      + "x=\"\(Self.round(x))\" y=\"\(Self.round(y))\" width=\"\(Self.round(cell - 1))\" "
      + "height=\"\(Self.round(cell - 1))\"><title>: \(Words.percent(share))</title></rect>"
  }

  private static func round(_ value: Double) -> Double { (value * 10).rounded() / 10 }

  private var scale: String {
    "<p class=\"key scale\"><span>after, always</span><i class=\"diverging\"></i>"
      + "<span>before, always; white: half and half</span></p>"
  }
}
