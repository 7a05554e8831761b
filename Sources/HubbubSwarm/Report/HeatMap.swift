/// Recipient × position: how often each one hears first, second … last.
struct HeatMap {
  /// The most recipients that all have a row; of more, this many are drawn from either end.
  static let greatestRows = 60
  static let fromEitherEnd = 6

  let bias: PositionBias

  /// Where `bias` stands in the JSON.
  let path: String
  let recipients: [String]

  /// Where the names of the recipients stand in the JSON.
  let names: String

  private static let (cell, left, top) = (14.0, 70.0, 16.0)

  var svg: String {
    let columns = bias.places.first?.count ?? 0
    let shown = self.shown
    let rows = shown.count
    // Twice the fair share is full colour: an even map is half full everywhere.
    let full = 2.0 / Double(max(columns, 1))
    var body =
      "<text x=\"\(Self.left)\" y=\"11\">first</text><text text-anchor=\"end\" "
      + "x=\"\(Self.left + Double(columns) * Self.width(columns))\" y=\"11\">last</text>"
    for (place, row) in shown.enumerated() { body += draw(row, at: place, full) }
    let width = Self.left + Double(columns) * Self.width(columns)
    let height = Self.top + Double(rows) * Self.cell
    let rest =
      rows < recipients.count
      ? "<p class=\"note scale\">The \(Self.fromEitherEnd) who hear first and the "
        + "\(Self.fromEitherEnd) who hear last, of \(recipients.count).</p>" : ""
    return
      "<svg style=\"max-width:\(Int(width * 1.6))px\" viewBox=\"0 0 \(Int(width)) \(Int(height))\" "
      + "role=\"img\" "
      + "aria-label=\"recipients by position\">\(body)</svg>\(rest)"
      + "<p class=\"key scale\"><span>never</span><i class=\"rising\"></i><span>twice the fair "
      + "share (\(Words.number(full * 100, 1)) %) or more</span></p>"
  }

  /// By the mean place, the earliest first.
  private var shown: [Int] {
    let ranks = bias.meanRanks
    let order = recipients.indices.sorted { (ranks[$0], $0) < (ranks[$1], $1) }
    guard order.count > Self.greatestRows else { return order }
    return Array(order.prefix(Self.fromEitherEnd) + order.suffix(Self.fromEitherEnd))
  }

  private func draw(_ row: Int, at place: Int, _ full: Double) -> String {
    let top = Self.top + Double(place) * Self.cell
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
        + "place \(place + 1): \(Words.percent(share))</title></rect>"
    }
    return text
  }

  /// Few places get wider cells, so that two recipients do not make a stamp.
  private static func width(_ columns: Int) -> Double {
    max(min(280.0 / Double(max(columns, 1)), 40), 8)
  }
}
