/// Recipient × position: how often each one hears first, second … last.
struct HeatMap {
  /// The most recipients that have a row.
  static let greatestRows = 60

  let bias: PositionBias

  /// Where `bias` stands in the JSON.
  let path: String
  let recipients: [String]

  /// Where the names of the recipients stand in the JSON.
  let names: String

  private static let (cell, left, top) = (14.0, 70.0, 16.0)

  var svg: String {
    let columns = bias.places.first?.count ?? 0
    let rows = min(recipients.count, Self.greatestRows)
    // Twice the fair share is full colour: an even map is half full everywhere.
    let full = 2.0 / Double(max(columns, 1))
    var body =
      "<text x=\"\(Self.left)\" y=\"11\">first</text><text text-anchor=\"end\" "
      + "x=\"\(Self.left + Double(columns) * Self.width(columns))\" y=\"11\">last</text>"
    for row in 0..<rows { body += draw(row, full) }
    let width = Self.left + Double(columns) * Self.width(columns)
    let height = Self.top + Double(rows) * Self.cell
    let rest =
      rows < recipients.count
      ? "<p class=\"note scale\">\(rows) of \(recipients.count) shown.</p>" : ""
    return
      "<svg style=\"max-width:\(Int(width * 1.6))px\" viewBox=\"0 0 \(Int(width)) \(Int(height))\" role=\"img\" "
      + "aria-label=\"recipients by position\">\(body)</svg>\(rest)"
  }

  private func draw(_ row: Int, _ full: Double) -> String {
    let top = Self.top + Double(row) * Self.cell
    let shares = bias.places[row]
    let width = Self.width(shares.count)
    var text =
      "<text x=\"\(Self.left - 5)\" y=\"\(top + 11)\" text-anchor=\"end\" "
      + "data-path=\"\(names).\(row)\">"
      + "\(Markup.escaped(recipients[row]))</text>"
    for (place, share) in shares.enumerated() {
      let strength = (min(share / full, 1) * 100).rounded() / 100
      text +=
        "<rect class=\"cell\" data-path=\"\(path).places.\(row).\(place)\" data-value=\"\(share)\" "
        + "fill-opacity=\"\(strength)\" x=\"\(Self.left + Double(place) * width)\" y=\"\(top)\" "
        + "width=\"\(width - 1)\" height=\"\(Self.cell - 1)\"><title>"
        + "\(Markup.escaped(recipients[row])), place \(place + 1): \(Words.percent(share))</title></rect>"
    }
    return text
  }

  /// Few places get wider cells, so that two recipients do not make a stamp.
  private static func width(_ columns: Int) -> Double {
    max(min(280.0 / Double(max(columns, 1)), 40), 8)
  }
}
